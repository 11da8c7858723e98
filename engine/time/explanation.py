"""Says the counted days, one line for each run of days that are alike."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from engine.time.calendar import Calendar
from engine.time.days import Day
from engine.time.stretch import Stretch
from engine.time.wording import Teller, say_day_off, say_length, say_made_up, say_periods


def explain_working_days(
    days: Sequence[date], calendar: Calendar, tell: Teller, nth: str = "第", paused: Container[date] = ()
) -> Iterator[str]:
    """Lines for the days counted, in the order counted; the last one always has a line of its own."""
    counted = 0
    for run in _alike(days, calendar, paused):
        if not run[0].works or run[0].on in paused:
            yield _not_counted(run, tell)
            continue
        ordinals = f"{counted + 1}" if len(run) == 1 else f"{counted + 1}—{counted + len(run)}"
        yield f"{tell.run(run)} {nth}{ordinals}个工作日{say_made_up(run[0])}"
        counted += len(run)


def explain_working_time(
    taken: Iterable[Stretch], days: Sequence[date], calendar: Calendar, tell: Teller, paused: Container[date] = ()
) -> list[str]:
    """Lines for the office time counted on each of the days, in the order counted."""
    by_day: dict[date, list[Stretch]] = {}
    for stretch in sorted(taken, key=lambda stretch: stretch.begins):
        by_day.setdefault(stretch.begins.date(), []).append(stretch)
    lines = []
    for run in _alike(days, calendar, [day for day in days if day in paused and day not in by_day]):
        counted = [day for day in run if day.on in by_day]
        if not run[0].works or (run[0].on in paused and not counted):
            lines.append(_not_counted(run, tell))
        lines += [_explain_day(day, by_day[day.on], tell) for day in counted]
    return lines


def _alike(days: Sequence[date], calendar: Calendar, paused: Container[date]) -> Iterator[list[Day]]:
    """Runs of days with the same answer from the calendar and the pauses, the last day apart."""
    told = [calendar.day(on) for on in days]
    for _, run in groupby(told, key=lambda day: (day.works, day.name, day.works and day.on in paused, day is told[-1])):
        yield list(run)


def _not_counted(run: list[Day], tell: Teller) -> str:
    """10月1日—10月7日 国庆节放假，不计 · 10月9日（周五） 挂起，不计."""
    return f"{tell.run(run)} {'挂起' if run[0].works else say_day_off(run[0])}，不计"


def _explain_day(day: Day, stretches: list[Stretch], tell: Teller) -> str:
    length = sum((stretch.length for stretch in stretches), timedelta())
    return f"{tell.day(day.on)}{say_made_up(day)} {say_periods(stretches)} 计{say_length(length)}"
