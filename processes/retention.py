"""How long a county keeps its closed cases (county.toml, `[retention]`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_RULES = {"archive_after_days", "closed_cases_years"}


@dataclass(frozen=True)
class Retention:
    """Days until a closed case is packed, years until it is removed (None: never)."""

    archive_after_days: int = 90
    closed_cases_years: int | None = None

    @classmethod
    def of(cls, county: Mapping[str, Any]) -> Retention:
        """As county.toml says; raises ValueError for what is no rule."""
        section = county.get("retention", {})
        rules = cls(**section) if isinstance(section, Mapping) and section.keys() <= _RULES else None
        if rules is None or not all(_is_length(value) for value in section.values()):
            raise ValueError("retention")
        return rules

    def removed_before(self, now: datetime) -> datetime | None:
        """Cases that ended before this moment are removed."""
        if self.closed_cases_years is None:
            return None
        day = min(now.day, 28) if now.month == 2 else now.day  # 29 February is not in every year
        return now.replace(year=now.year - self.closed_cases_years, day=day)


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
