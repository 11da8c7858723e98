"""The series in which a county numbers its letters (county.toml, `[letters]`): 督办〔{year}〕{seq}号."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_KEY, LONGEST_NUMBER = 20, 40
_TRIED = ((2026, 1), (2026, 2), (2027, 1), (2027, 999_999))
"""Years and sequence numbers that must all give numbers of their own."""


@dataclass(frozen=True)
class Series:
    """One series: its key in county.toml, and the pattern of its numbers."""

    key: str
    pattern: str

    def number(self, year: int, seq: int) -> str:
        """The number of its letter `seq` of a year."""
        return self.pattern.format(year=year, seq=seq)


def read_series(county: Mapping[str, Any]) -> dict[str, Series]:
    """The county's series by key; raises ValueError with a Chinese sentence for what gives no numbers of its own."""
    section = county.get("letters", {})
    if not isinstance(section, Mapping):
        raise ValueError("[letters] 应为若干“名称 = 编号样式”")
    series = {str(key): Series(str(key), _pattern(str(key), pattern)) for key, pattern in section.items()}
    if len({each.number(2026, 1) for each in series.values()}) < len(series):
        raise ValueError("[letters] 里有两种信函的编号样式一样，会编出相同的号")
    return series


def _pattern(key: str, pattern: object) -> str:
    if isinstance(pattern, str) and 0 < len(key) <= LONGEST_KEY:
        numbers = _tried(pattern)
        if len(set(numbers)) == len(_TRIED) and all(0 < len(number) <= LONGEST_NUMBER for number in numbers):
            return pattern
    raise ValueError(
        f"[letters] 里“{key[:LONGEST_KEY]}”的编号样式不能用：要有 {{year}} 和 {{seq}}，"
        f"只能有这两个，编号不超过 {LONGEST_NUMBER} 个字"
    )


def _tried(pattern: str) -> list[str]:
    try:
        return [pattern.format(year=year, seq=seq) for year, seq in _TRIED]
    except (KeyError, IndexError, ValueError, AttributeError):
        return []
