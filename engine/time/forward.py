"""Counts an amount forward from its start past the pauses, and says each step of the count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import islice

from engine.time.calendar import Calendar
from engine.time.dates import date_after, month_is_too_short
from engine.time.days import days_between, days_from
from engine.time.explanation import explain_working_days, explain_working_time
from engine.time.limit import Amount, Measure, Unit
from engine.time.pauses import NO_PAUSES, Pauses
from engine.time.stretch import Stretch
from engine.time.wording import Teller, say_amount, say_day_off, say_elapsed

Counted = tuple[datetime, list[str]]


def count_forward(
    amount: Amount, start: datetime, calendar: Calendar, event: str, pauses: Pauses = NO_PAUSES
) -> Counted:
    """The end of an amount and the lines that explain it; `start` is in the calendar's zone, to the minute."""
    tell = Teller(start)
    at, lines = COUNTING[amount.unit](amount, start, calendar, pauses, tell)
    return at, [f"{tell.instant(start)} {event}{lines[0]}", *lines[1:]]


def _working_days(amount: Amount, start: datetime, calendar: Calendar, pauses: Pauses, tell: Teller) -> Counted:
    last = calendar.nth_working_day(start.date(), amount.number, skip=pauses.days)
    at = calendar.closing(last)
    *lines, end = explain_working_days(days_between(start.date(), last)[1:], calendar, tell, paused=pauses.days)
    return at, ["，从次日起算", *lines, f"{end}，{at:%H:%M} 下班时到期"]


def _working_time(amount: Amount, start: datetime, calendar: Calendar, pauses: Pauses, tell: Teller) -> Counted:
    taken = pauses.take(amount.length, start, Measure.OFFICE, calendar)
    begins, at = taken[0].begins, taken[-1].ends
    days = days_between(start.date(), at.date())
    *lines, end = explain_working_time(taken, days, calendar, tell, paused=pauses.days)
    return at, [_waits(start, begins, pauses, tell), *lines, f"{end}，{at:%H:%M} 到期"]


def _waits(start: datetime, begins: datetime, pauses: Pauses, tell: Teller) -> str:
    if begins == start:
        return ""
    why = "挂起中" if any(span.begins <= start < span.ends for span in pauses.spans) else "不在上班时间"
    return f"，{why}，从{tell.instant(begins)} 起算"


def _clock_time(amount: Amount, start: datetime, calendar: Calendar, pauses: Pauses, tell: Teller) -> Counted:
    taken = pauses.take(amount.length, start, Measure.CLOCK, calendar)
    at = taken[-1].ends
    told = [_explain_piece(piece, tell) for piece in taken] if taken != [Stretch(start, at)] else []
    return at, ["，昼夜和节假日连续计算", *told, f"{tell.instant(at)} 到期"]


def _explain_piece(piece: Stretch, tell: Teller) -> str:
    return f"{tell.instant(piece.begins)}—{tell.instant(piece.ends)} 计{say_elapsed(piece.length)}"


def _dates(amount: Amount, start: datetime, calendar: Calendar, pauses: Pauses, tell: Teller) -> Counted:
    full = date_after(start.date(), amount)
    short = f"（当月没有{start.day}日，取月末）" if month_is_too_short(start.date(), full, amount.unit) else ""
    lines = ["，从次日起算", f"满{say_amount(amount)}为{tell.day(full)}{short}"]
    moved = _past_pauses(start.date(), full, pauses)
    if moved != full:
        lines.append(f"其间挂起{(moved - full).days}天不计，延至{tell.day(moved)}")
    last = moved if calendar.is_working_day(moved) else calendar.nth_working_day(moved, 1, skip=pauses.days)
    if last != moved:
        why = say_day_off(calendar.day(moved))
        lines.append(f"{tell.day(moved)} {why}，顺延到其后第一个工作日{tell.day(last)}")
    at = calendar.closing(last)
    return at, [*lines, f"{tell.instant(at)} 下班时到期"]


def _past_pauses(start: date, full: date, pauses: Pauses) -> date:
    """The date by which as many dates have gone by as lie between, those of the pauses apart."""
    if not pauses.days:
        return full
    counted = (day for day in islice(days_from(start, 1), 1, None) if day not in pauses.days)
    return next(islice(counted, (full - start).days - 1, None))


COUNTING: dict[Unit, Callable[[Amount, datetime, Calendar, Pauses, Teller], Counted]] = {
    Unit.WORKING_DAYS: _working_days,
    Unit.WORKING_HOURS: _working_time,
    Unit.WORKING_MINUTES: _working_time,
    Unit.HOURS: _clock_time,
    Unit.MINUTES: _clock_time,
    Unit.CALENDAR_DAYS: _dates,
    Unit.WEEKS: _dates,
    Unit.MONTHS: _dates,
}
