"""What a limit is: how long a step may take, by whose rule, and since when; a change of the rule keeps the old one."""

from __future__ import annotations

import re
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


class Measure(StrEnum):
    """Which minutes are a clock's own: those of the office, or all of them."""

    OFFICE = "office time"
    CLOCK = "clock time"


LENGTHS = {
    Unit.WORKING_HOURS: timedelta(hours=1),
    Unit.WORKING_MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.MINUTES: timedelta(minutes=1),
}
AMOUNT = re.compile(r"([0-9]{1,4}) +([a-z ]+)")


class Counts(StrEnum):
    """Which way a limit is counted, as limits.toml writes it."""

    FROM_START = "from start"
    BEFORE_DUE = "before due"


class Transfer(StrEnum):
    """What a limit does when the work passes to somebody else, as limits.toml writes it."""

    GOES_ON = "goes on"
    RESTARTS = "restarts"


class Running(StrEnum):
    """What a new value does to the clocks that run already, as limits.toml writes it."""

    KEEPS = "keeps"
    CHANGES = "changes"


def measure_of(unit: Unit) -> Measure:
    """Which minutes a unit is told in."""
    return Measure.CLOCK if unit in (Unit.HOURS, Unit.MINUTES) else Measure.OFFICE


@dataclass(frozen=True, slots=True)
class Amount:
    """So much time: `number` 1 to 9999 of a unit; written `3 working days`."""

    number: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Amount:
        """The amount that a text like `3 working days` or `1 hour` says; raises `ValueError`."""
        match = AMOUNT.fullmatch(text)
        if not match or int(match[1]) == 0:
            raise ValueError(text)
        return cls(int(match[1]), Unit(match[2].removesuffix("s") + "s"))

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"

    @property
    def length(self) -> timedelta:
        """How long it lasts on a clock, office's or other; only hours and minutes have such a length."""
        return self.number * LENGTHS[self.unit]

    @property
    def measure(self) -> Measure:
        """Which minutes it is told in: days of any kind, which end at closing time, in those of the office."""
        return measure_of(self.unit)


@dataclass(frozen=True, slots=True)
class Value(Amount):
    """A limit's length in force from the date `since` on, by the clause `source`; `running`: what of running clocks?"""

    since: date
    source: str
    running: Running = Running.KEEPS


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it holds on some date: `key` is what diagrams call it, `name` what people call it."""

    key: str
    name: str
    counts: Counts
    value: Value
    transfer: Transfer = Transfer.GOES_ON


@dataclass(frozen=True, slots=True)
class DatedLimit:
    """A limit with all its values over time, earliest first."""

    name: str
    counts: Counts
    values: tuple[Value, ...]
    transfer: Transfer = Transfer.GOES_ON
