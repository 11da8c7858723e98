"""The Celery workers of an installation: `celery -A web.cluster worker`; `whistle dispatch` sends them the jobs."""

from __future__ import annotations

from functools import cache

from engine.executors.celery import carrier
from engine.jobs import Work
from engine.store.database import Database
from processes.agenda import work_of
from web.serving import now, open_up
from web.settings import Settings


@cache
def _means() -> tuple[Database, Work]:
    """Opened by the first job of each process, for connections do not survive a fork."""
    inst = open_up(Settings())
    return inst.db, work_of(inst)


app = carrier(Settings().broker, _means, now)
