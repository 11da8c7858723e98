"""The worker: an executor in a process of its own, told to stop by a signal; any number work side by side."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import timedelta

from engine.executors.executor import Executor

PATIENCE = timedelta(seconds=30)
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def work(executor: Executor, *, patience: timedelta = PATIENCE, begun: Callable[[], None] = lambda: None) -> bool:
    """Keep the executor going until SIGTERM or Ctrl-C, then let it finish the job in hand; a second signal kills.

    `begun` is called once a signal can no longer be missed. Returns whether it finished within `patience`; if not, its
    job goes to another worker when its lease ends.

    The signals are held back and waited for, not handled: Python runs a handler between two of its own steps, and one
    that arrives just before the main thread falls asleep would be noticed when it wakes, which it never would.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    for name in _SIGNALS:  # a shell that starts us in the background ignores the second for us
        signal.signal(name, signal.SIG_DFL)
    executor.start()
    begun()
    signal.sigwait(_SIGNALS)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    return executor.stop(patience)
