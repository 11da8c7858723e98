"""What a limit is: how long a step may take, by whose rule, and since when; a change of the rule keeps the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """What a limit is counted in, as limits.toml writes it."""

    WORKING_DAYS = "working days"
    WORKING_HOURS = "working hours"
    WORKING_MINUTES = "working minutes"
    HOURS = "hours"
    MINUTES = "minutes"
    CALENDAR_DAYS = "calendar days"
    WEEKS = "weeks"
    MONTHS = "months"


LENGTHS = {
    Unit.WORKING_HOURS: timedelta(hours=1),
    Unit.WORKING_MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.MINUTES: timedelta(minutes=1),
}


class Counts(StrEnum):
    """Which way a limit is counted, as limits.toml writes it."""

    FROM_START = "from start"
    BEFORE_DUE = "before due"


@dataclass(frozen=True, slots=True)
class Value:
    """A limit's length (`number` 1 to 9999), in force from the date `since` on, and the clause that says so."""

    since: date
    number: int
    unit: Unit
    source: str

    @property
    def length(self) -> timedelta:
        """How long it lasts on a clock, office's or other; only hours and minutes have such a length."""
        return self.number * LENGTHS[self.unit]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it holds on some date: `key` is what diagrams call it, `name` what people call it."""

    key: str
    name: str
    counts: Counts
    value: Value


@dataclass(frozen=True, slots=True)
class DatedLimit:
    """A limit with all its values over time, earliest first."""

    name: str
    counts: Counts
    values: tuple[Value, ...]
