"""The one idea of all executors: a thread takes turns at the job table, and sleeps until the next job is due.

An idle system asks the database about once in `ceiling`, for other processes put jobs there without a word to us.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Protocol

from engine.leases import next_due
from engine.store.database import Database

CEILING = timedelta(seconds=1)
_SHORTEST = timedelta(milliseconds=50)
_log = logging.getLogger("whistle.jobs")

Clock = Callable[[], datetime]
"""The present moment, aware; an argument, so that a rehearsal and a test can have a time of their own."""
Rests = Callable[[], bool]
"""Whether to leave the job table alone for now: somebody else is at it, step by step."""


def never() -> bool:
    """An executor that never rests."""
    return False


class Turn(Protocol):
    """One turn at the job table."""

    def take(self, stopping: Callable[[], bool]) -> int:
        """Take what is due, and hand back what is not begun once `stopping`; returns how many jobs were taken on."""


class Executor:
    """Takes turns in a thread of its own, from `start` to `stop`. A fault is logged and it goes on."""

    def __init__(
        self,
        name: str,
        db: Database,
        turn: Turn,
        clock: Clock,
        *,
        ceiling: timedelta = CEILING,
        rests: Rests = never,
    ) -> None:
        """`ceiling` is the longest sleep between two turns; as long as it `rests`, no turn is taken."""
        self._db, self._turn, self._clock, self._ceiling, self._rests = db, turn, clock, ceiling, rests
        self._woken, self._stopped = Event(), Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Have a look at once: there may be something to do."""
        self._woken.set()

    def stop(self, patience: timedelta) -> bool:
        """Finish the job in hand and begin no other; returns whether that was done within `patience`."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():  # a signal may come before it was started
            self._thread.join(patience.total_seconds())
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopped.is_set():
            if not self._take_turn():
                self._sleep()

    def _take_turn(self) -> int:
        self._woken.clear()
        try:
            return 0 if self._rests() else self._turn.take(self._stopped.is_set)
        except Exception:
            _log.exception("the clock stumbled and goes on")
            return 0

    def _sleep(self) -> None:
        """Until the next job is due, or somebody wakes us; never so short that we would spin."""
        if not self._stopped.wait(_SHORTEST.total_seconds()):
            self._woken.wait(self._pause().total_seconds())

    def _pause(self) -> timedelta:
        try:
            due = next_due(self._db)
            return self._ceiling if due is None else min(max(due - self._clock(), timedelta()), self._ceiling)
        except Exception:  # the turn before has logged it
            return self._ceiling
