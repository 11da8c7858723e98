"""Counts a limit backward from the instant something is due, and says each step of the count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.time.calendar import Calendar
from engine.time.dates import date_before, month_is_too_short
from engine.time.days import days_between
from engine.time.explanation import explain_working_days, explain_working_time
from engine.time.limit import Amount, Unit
from engine.time.stretch import take_last
from engine.time.wording import Teller, say_amount, say_day_off

Counted = tuple[datetime, list[str]]


def count_backward(amount: Amount, due: datetime, calendar: Calendar) -> Counted:
    """The instant to warn and the lines that explain it; `due` is in the calendar's zone, to the minute."""
    tell = Teller(due)
    at, lines = COUNTING[amount.unit](amount, due, calendar, tell)
    return at, [f"{tell.instant(due)} 到期{lines[0]}", *lines[1:]]


def _working_days(amount: Amount, due: datetime, calendar: Calendar, tell: Teller) -> Counted:
    first = calendar.nth_working_day(due.date(), -amount.number)
    at = calendar.opening(first)
    days = days_between(first, due.date())[-2::-1]
    *lines, end = explain_working_days(days, calendar, tell, nth="往前第")
    return at, ["，从前一日起往前数", *lines, f"{end}，{at:%H:%M} 上班时提醒"]


def _working_time(amount: Amount, due: datetime, calendar: Calendar, tell: Teller) -> Counted:
    taken = take_last(amount.length, calendar.stretches_before(due))
    ends, at = taken[0].ends, taken[-1].begins
    waits = "" if ends == due else f"，不在上班时间，从{tell.instant(ends)} 往前数"
    *lines, end = explain_working_time(taken, days_between(at.date(), due.date())[::-1], calendar, tell)
    return at, [waits, *lines, f"{end}，{at:%H:%M} 提醒"]


def _clock_time(amount: Amount, due: datetime, calendar: Calendar, tell: Teller) -> Counted:
    at = calendar.elapsed(due, -amount.length)
    return at, ["，昼夜和节假日连续往前数", f"{tell.instant(at)} 提醒"]


def _dates(amount: Amount, due: datetime, calendar: Calendar, tell: Teller) -> Counted:
    full = date_before(due.date(), amount)
    short = f"（当月没有{due.day}日，取月末）" if month_is_too_short(due.date(), full, amount.unit) else ""
    lines = ["", f"{say_amount(amount)}之前为{tell.day(full)}{short}"]
    first = full if calendar.is_working_day(full) else calendar.nth_working_day(full, -1)
    if first != full:
        lines.append(f"{tell.day(full)} {say_day_off(calendar.day(full))}，提前到其前最后一个工作日{tell.day(first)}")
    at = calendar.opening(first)
    return at, [*lines, f"{tell.instant(at)} 上班时提醒"]


COUNTING: dict[Unit, Callable[[Amount, datetime, Calendar, Teller], Counted]] = {
    Unit.WORKING_DAYS: _working_days,
    Unit.WORKING_HOURS: _working_time,
    Unit.WORKING_MINUTES: _working_time,
    Unit.HOURS: _clock_time,
    Unit.MINUTES: _clock_time,
    Unit.CALENDAR_DAYS: _dates,
    Unit.WEEKS: _dates,
    Unit.MONTHS: _dates,
}
