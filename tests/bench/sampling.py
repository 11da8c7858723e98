"""How a measurement is taken and told: medians of samples, one JSON object a line, progress beside it."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mark:
    """What a figure should reach: at least, or at most, so much."""

    sign: str
    bound: float

    def is_met(self, value: float) -> bool:
        """Whether a value reaches it."""
        return value >= self.bound if self.sign == "≥" else value <= self.bound


def at_least(bound: float) -> Mark:
    """A figure that should be large."""
    return Mark("≥", bound)


def at_most(bound: float) -> Mark:
    """A figure that should be small."""
    return Mark("≤", bound)


def tell(figure: str, value: float, unit: str, mark: Mark | None = None, **more: Any) -> None:
    """One line of the result; `mark` and `ok` are null where nothing was promised."""
    line = {"figure": figure, "value": round(value, 3), "unit": unit}
    line |= {"mark": mark and f"{mark.sign} {mark.bound:g}", "ok": mark and mark.is_met(value)}
    print(json.dumps({**line, **more}, ensure_ascii=False), flush=True)


def progress(words: str) -> None:
    """What is being done now, on stderr."""
    print(f"[{time.strftime('%H:%M:%S')}] {words}", file=sys.stderr, flush=True)


def timed(act: Callable[[], object]) -> float:
    """How long one act takes, in milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def median(samples: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(samples)


def p95(samples: Sequence[float]) -> float:
    """The one that 95 in 100 do not exceed."""
    ranked = sorted(samples)
    return ranked[min(len(ranked) - 1, -(-len(ranked) * 95 // 100) - 1)]


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
