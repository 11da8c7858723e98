"""How far a long run of faults has come, said on the terminal: a run of two hundred is not to look like a hang."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

Say = Callable[[int, str], None]
"""Told after each fault: how many there were, and what else is known."""
LONG = "WHISTLE_KILLS" in os.environ
"""A long version was asked for; CI says nothing."""


def saying(name: str, faults: int, capture: Any) -> Say:
    """Say a line for every twentieth part of a test, past whatever catches its output."""
    begun, said = time.monotonic(), 0

    def say(done: int, more: str) -> None:
        nonlocal said
        if not LONG or (done < said + max(1, faults // 20) and done < faults):
            return
        said = done
        took = time.monotonic() - begun
        left = took / done * (faults - done)
        with capture.global_and_fixture_disabled():
            print(
                f"  {name}: {done}/{faults}, {took:.0f} s, about {left:.0f} s left; {more}", file=sys.stderr, flush=True
            )

    return say
