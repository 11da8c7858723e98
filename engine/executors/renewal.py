"""Keeping hold of the jobs in hand: while a job is done its lease is renewed, long before it would end.

A process that stalls does not renew; its job goes to another, and what it still does is lost with its lease.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from engine.executors.executor import Clock
from engine.jobs import Work
from engine.leases import LEASE, renew
from engine.store.database import Database

_log = logging.getLogger("whistle.jobs")


@contextmanager
def renewing(db: Database, work: Work, clock: Clock, *, every: timedelta = LEASE / 4) -> Iterator[None]:
    """Meanwhile, whatever `work` holds stays ours."""
    stopped = Event()
    thread = Thread(target=_renew, args=(db, work, clock, every, stopped), name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _renew(db: Database, work: Work, clock: Clock, every: timedelta, stopped: Event) -> None:
    while not stopped.wait(every.total_seconds()):
        try:
            renew(db, list(work.held.values()), clock())
        except Exception:
            _log.exception("leases could not be renewed; trying again")
