"""The worker: an executor in a process of its own, told to stop by a signal; any number work side by side."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

from engine.executors.executor import Executor

PATIENCE = timedelta(seconds=30)
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class _ToldToStop(BaseException):
    """A signal has come. It ends the main thread's sleep only; the job in hand is in another thread."""


def work(executor: Executor, *, patience: timedelta = PATIENCE) -> bool:
    """Keep the executor going until SIGTERM or Ctrl-C, then let it finish the job in hand; a second signal kills.

    Returns whether it finished within `patience`; if not, its job goes to another worker when its lease ends.
    """
    for name in _SIGNALS:
        signal.signal(name, _tell)
    try:
        executor.start()
        while True:
            time.sleep(3600)
    except _ToldToStop:
        return executor.stop(patience)


def _tell(_signal: int, _frame: object) -> None:
    for name in _SIGNALS:
        signal.signal(name, signal.SIG_DFL)
    raise _ToldToStop
