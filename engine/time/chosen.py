"""An end that a person chose: a date or an instant, and what pauses after the choice give back."""

from __future__ import annotations

from datetime import date, datetime

from engine.time.calendar import Calendar
from engine.time.limit import LENGTHS, Measure, Unit, measure_of
from engine.time.pauses import Pauses
from engine.time.wording import Teller, say_measured

Counted = tuple[datetime, list[str]]


def instant_of(until: date, calendar: Calendar) -> datetime:
    """The instant itself to the minute, or closing time of the date, in the calendar's zone."""
    return calendar.to_the_minute(until) if isinstance(until, datetime) else calendar.closing(until)


def give_back(chosen: datetime, since: datetime, unit: Unit | None, calendar: Calendar, pauses: Pauses) -> Counted:
    """The chosen end, later by what pauses took of the time between `since` and it, and a line if they took any.

    What is given back is of the kind that the limit is counted in (`unit`; None: a day was chosen from the start):

    - Hours and minutes: the paused minutes, day and night.
    - Working hours and minutes: the paused minutes of office time.
    - Anything else: as many working days as the pauses touched; the end is then a closing time.

    An end in the midst of a pause that took nothing of it (both on a Sunday) moves to where the clock runs again.
    """
    if chosen <= since or not any(pauses.between(since, chosen)):
        return chosen, []
    if unit in LENGTHS:
        return _minutes(chosen, since, measure_of(unit), calendar, pauses)
    return _days(chosen, since, calendar, pauses)


def _minutes(chosen: datetime, since: datetime, measure: Measure, calendar: Calendar, pauses: Pauses) -> Counted:
    lost = pauses.lost(since, chosen, measure, calendar)
    if lost:
        at = pauses.take(lost, chosen, measure, calendar)[-1].ends
        return at, [f"其间挂起{say_measured(lost, measure)}不计，顺延到{Teller(chosen).instant(at)}"]
    return _past_the_pause(chosen, pauses)


def _past_the_pause(chosen: datetime, pauses: Pauses) -> Counted:
    around = pauses.around(chosen)
    if not around:
        return chosen, []
    return around.ends, [f"当时正在挂起，顺延到恢复时{Teller(chosen).instant(around.ends)}"]


def _days(chosen: datetime, since: datetime, calendar: Calendar, pauses: Pauses) -> Counted:
    taken = Pauses.on(calendar, pauses.between(since, chosen)).days
    lost = sum(calendar.is_working_day(day) for day in taken)
    if not lost and not pauses.around(chosen):
        return chosen, []
    at = calendar.closing(calendar.nth_working_day(chosen.date(), max(lost, 1), skip=pauses.days))
    why = f"其间挂起涉及{lost}个工作日，补回后" if lost else "当时正在挂起，顺延"
    return at, [f"{why}到{Teller(chosen).instant(at)} 下班时"]
