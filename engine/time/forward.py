"""Counts a limit forward from its start, and says each step of the count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.time.calendar import Calendar
from engine.time.dates import date_after, month_is_too_short
from engine.time.days import days_between
from engine.time.explanation import explain_working_days, explain_working_time
from engine.time.limit import Unit, Value
from engine.time.stretch import take_first
from engine.time.wording import Teller, say_day_off, say_value

Counted = tuple[datetime, list[str]]


def count_forward(value: Value, start: datetime, calendar: Calendar, event: str) -> Counted:
    """The end of a limit and the lines that explain it; `start` is in the calendar's zone, to the minute."""
    tell = Teller(start)
    at, lines = COUNTING[value.unit](value, start, calendar, tell)
    return at, [f"{tell.instant(start)} {event}{lines[0]}", *lines[1:]]


def _working_days(value: Value, start: datetime, calendar: Calendar, tell: Teller) -> Counted:
    last = calendar.nth_working_day(start.date(), value.number)
    at = calendar.closing(last)
    *lines, end = explain_working_days(days_between(start.date(), last)[1:], calendar, tell)
    return at, ["，从次日起算", *lines, f"{end}，{at:%H:%M} 下班时到期"]


def _working_time(value: Value, start: datetime, calendar: Calendar, tell: Teller) -> Counted:
    taken = take_first(value.length, calendar.stretches_after(start))
    begins, at = taken[0].begins, taken[-1].ends
    waits = "" if begins == start else f"，不在上班时间，从{tell.instant(begins)} 起算"
    *lines, end = explain_working_time(taken, days_between(start.date(), at.date()), calendar, tell)
    return at, [waits, *lines, f"{end}，{at:%H:%M} 到期"]


def _clock_time(value: Value, start: datetime, calendar: Calendar, tell: Teller) -> Counted:
    at = calendar.elapsed(start, value.length)
    return at, ["，昼夜和节假日连续计算", f"{tell.instant(at)} 到期"]


def _dates(value: Value, start: datetime, calendar: Calendar, tell: Teller) -> Counted:
    full = date_after(start.date(), value)
    short = f"（当月没有{start.day}日，取月末）" if month_is_too_short(start.date(), full, value.unit) else ""
    lines = ["，从次日起算", f"满{say_value(value)}为{tell.day(full)}{short}"]
    last = full if calendar.is_working_day(full) else calendar.nth_working_day(full, 1)
    if last != full:
        lines.append(f"{tell.day(full)} {say_day_off(calendar.day(full))}，顺延到其后第一个工作日{tell.day(last)}")
    at = calendar.closing(last)
    return at, [*lines, f"{tell.instant(at)} 下班时到期"]


COUNTING: dict[Unit, Callable[[Value, datetime, Calendar, Teller], Counted]] = {
    Unit.WORKING_DAYS: _working_days,
    Unit.WORKING_HOURS: _working_time,
    Unit.WORKING_MINUTES: _working_time,
    Unit.HOURS: _clock_time,
    Unit.MINUTES: _clock_time,
    Unit.CALENDAR_DAYS: _dates,
    Unit.WEEKS: _dates,
    Unit.MONTHS: _dates,
}
