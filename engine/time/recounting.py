"""Counts a clock again by a newer calendar, and says from what to what the deadline moved and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from engine.time.calendar import Calendar
from engine.time.clock import Clock
from engine.time.days import Day, days_between
from engine.time.limits import Limits
from engine.time.reckoning import Reckoned, reckon
from engine.time.wording import Teller, say_day_off, say_full_date, say_made_up


def recount(clock: Clock, limits: Limits, old: Calendar, new: Calendar, now: datetime) -> Reckoned:
    """The clock by the `new` calendar; its explanation ends with what changed against the `old` one.

    The deadline may also move earlier: a notice that makes people work on a Sunday makes time. Raises as `reckon`.
    """
    before, after = reckon(clock, limits, old, now), reckon(clock, limits, new, now)
    if not (before.due and after.due):
        return after
    latest = max(before.due.at, after.due.at)
    days = days_between(clock.started.at.astimezone(new.zone).date(), latest.date())
    told = (*_changes(days, old, new), _moved(before.due.at, after.due.at, new))
    due = replace(after.due, explanation=(*after.due.explanation, *told))
    return replace(after, due=due, explanation=(*after.explanation, *told))


def _moved(before: datetime, after: datetime, new: Calendar) -> str:
    tell, until = Teller(after), say_full_date(new.published_until)
    since = f"放假安排公布到{until}，重新计算：到期时间"
    if before == after:
        return f"{since}不变，仍为{tell.instant(after)}"
    return f"{since}由{tell.instant(before)} 改为{tell.instant(after)}"


def _changes(days: Sequence[date], old: Calendar, new: Calendar) -> Iterator[str]:
    """One line for each run of days on which the office now works, or no longer does."""
    changed = [new.day(on) for on in days if new.is_working_day(on) is not old.is_working_day(on)]
    for _, run in groupby(changed, key=lambda day: (day.works, day.name)):
        yield _change(list(run))


def _change(run: list[Day]) -> str:
    first = run[0]
    now, then = (f"上班{say_made_up(first)}", "休息") if first.works else (say_day_off(first), "上班")
    return f"{Teller(first.on).run(run)} {now}，原按{then}推算"
