"""How a measurement is taken and told: median of samples, one JSON object a line."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any


def tell(what: str, value: float, unit: str, **more: Any) -> None:
    """One line of the result."""
    print(json.dumps({"what": what, "value": round(value, 3), "unit": unit, **more}, ensure_ascii=False), flush=True)


def timed(act: Callable[[], object]) -> float:
    """How long one act takes, in milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def median(samples: list[float]) -> float:
    """The middle one."""
    return statistics.median(samples)


def microseconds(act: Callable[[], object], *, seconds: float = 0.5) -> float:
    """How long a small act takes, repeated for about this long, the best of five rounds."""
    act()
    rounds = max(10, int(seconds / 5 / (timed(act) / 1000 + 1e-7)))
    return min(_round(act, rounds) for _ in range(5)) / rounds * 1e6


def _round(act: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - began
