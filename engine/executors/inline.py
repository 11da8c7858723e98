"""The inline executor: the jobs are done here, in this process, by a thread beside whatever else it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from engine.executors.executor import CEILING, Clock, Executor, Rests, never
from engine.executors.renewal import renewing
from engine.jobs import Job, Work, run
from engine.leases import claim, release
from engine.store.database import Database

_AT_ONCE = 10
"""Few, so that another worker finds something to do, and little waits for its lease to end when we are killed."""


class Inline:
    """Does the jobs it claims, one after the other, each at its own moment."""

    def __init__(self, db: Database, work: Work, clock: Clock) -> None:
        self._db, self._work, self._clock = db, work, clock
        self._claimed: list[Job] = []

    def take(self, stopping: Callable[[], bool]) -> int:
        """Claim some due jobs and do them; what is not begun goes back, at the latest when the database is there again.

        The one in hand when the database went away comes again when its lease ends.
        """
        self._give_back()
        self._claimed = claim(self._db, self._clock(), most=_AT_ONCE)
        taken_on = tuple(self._claimed)
        with self._work.holding(taken_on), renewing(self._db, self._work, self._clock):
            while self._claimed and not stopping():
                run(self._db, self._claimed.pop(0), self._clock(), self._work)
        self._give_back()
        return len(taken_on)

    def _give_back(self) -> None:
        release(self._db, self._claimed)
        self._claimed = []


def inline(db: Database, work: Work, clock: Clock, *, ceiling: timedelta = CEILING, rests: Rests = never) -> Executor:
    """An executor that does the jobs in this process."""
    return Executor("clock", db, Inline(db, work, clock), clock, ceiling=ceiling, rests=rests)
