"""Days: what the calendar says about one, and walks along them that always come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.time.errors import OutOfReach

FARTHEST = 50 * 366  # days walked before giving up: a calendar without working days must not hang


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the calendar: does the office work, and the name of the holiday (or its make-up day), else ''."""

    on: date
    works: bool
    name: str


def days_between(first: date, last: date) -> Sequence[date]:
    """Every date from `first` to `last`, both included; raises `OutOfReach` when they are too far apart."""
    if (last - first).days > FARTHEST:
        raise OutOfReach
    return list(map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)))


def days_from(first: date, step: int) -> Iterator[date]:
    """Dates from `first` on, forward (`step` 1) or backward (-1); raises `OutOfReach` when nobody stops asking."""
    begins = first.toordinal()
    for ordinal in range(begins, begins + FARTHEST * step, step):
        try:
            yield date.fromordinal(ordinal)
        except ValueError as error:  # beyond the years that dates can hold
            raise OutOfReach from error
    raise OutOfReach
