"""Times of pure computation: the thread's own processor time, so that what else the machine does does not count."""

from __future__ import annotations

import time
from collections.abc import Callable


def cpu_ms(act: Callable[[], object]) -> float:
    """How much processor time one act takes, in milliseconds."""
    began = time.thread_time()
    act()
    return (time.thread_time() - began) * 1000
