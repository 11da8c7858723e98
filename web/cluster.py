"""The Celery workers of an installation: `celery -A web.cluster worker`; `whistle dispatch` sends them the jobs."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from engine.executors.celery import carrier
from engine.jobs import Work
from engine.store.database import Database
from processes.agenda import work_of
from processes.installation import Installation
from web.clock import Clock
from web.serving import open_up
from web.settings import Settings


@cache
def _installation() -> Installation:
    """Opened by the first job of each process, for connections do not survive a fork."""
    return open_up(Settings())


@cache
def _means() -> tuple[Database, Work]:
    inst = _installation()
    return inst.db, work_of(inst)


def _now() -> datetime:
    return Clock(_installation()).now()


app = carrier(Settings().broker, _means, _now)
