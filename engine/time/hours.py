"""Office hours: what the clock says on a day when the office works, and since when it says so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from engine.time.errors import HoursUnknown


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of office hours on the wall clock; `opens` belongs to it, `closes` no longer does."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Schedule:
    """The periods of a working day, earliest first and at least one, in force from the date `since` on."""

    since: date
    periods: tuple[Period, ...]

    @property
    def opening(self) -> time:
        """When the day's first period begins."""
        return self.periods[0].opens

    @property
    def closing(self) -> time:
        """When the day's last period ends."""
        return self.periods[-1].closes


def schedule_on(day: date, schedules: Sequence[Schedule]) -> Schedule:
    """The schedule in force on `day`, from `schedules` ordered by date; raises `HoursUnknown` before the first.

    Everything asks for the hours of a day here, so hours that return each season need only this answer to change.
    """
    place = bisect_right(schedules, day, key=lambda schedule: schedule.since)
    if place == 0:
        raise HoursUnknown(on=day, since=schedules[0].since)
    return schedules[place - 1]
