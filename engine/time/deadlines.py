"""Deadlines: from a limit and an instant to the instant it ends, with the reasoning that an operator can check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.time.backward import count_backward
from engine.time.calendar import Calendar
from engine.time.errors import CountedTheOtherWay
from engine.time.forward import count_forward
from engine.time.limit import Amount, Counts, Limit, Measure
from engine.time.wording import COUNTS, Teller, say_day_off, say_full_date, say_limit


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant in the county's zone and the Chinese lines that lead to it, first the limit and its clause.

    `provisional` when days counted, or the due day that a warning counts back from, lie beyond the published calendar:
    count again once the notice is out.
    """

    at: datetime
    explanation: tuple[str, ...]
    provisional: bool


def deadline(limit: Limit, start: datetime, calendar: Calendar, *, event: str = "开始") -> Deadline:
    """When a limit ends that began at `start` (timezone-aware; its seconds are dropped); `event` names the beginning.

    Raises `CountedTheOtherWay` for a limit that counts before something is due.

    - Working days: the day of `start` does not count, whatever its hour; ends at closing time of the nth (DC-9).
    - Working hours and minutes: only office time counts, from the minute of `start`; ends within office hours.
    - Hours and minutes: every minute counts, day and night.
    - Calendar days, weeks, months: the day of `start` does not count; a month ends on the same day of the month or,
      where that is missing, on its last; ends at closing time; an end on a day off moves to the next working day
      (Civil Code, articles 201 to 203).
    """
    expect(Counts.FROM_START, limit)
    start = calendar.to_the_minute(start)
    at, lines = count_forward(limit.value, start, calendar, event)
    return _explained(limit, at, lines, start, calendar)


def before(limit: Limit, due: datetime, calendar: Calendar) -> Deadline:
    """When to warn of something due at `due` (timezone-aware; its seconds are dropped): `deadline` mirrored.

    The warning may lie before the step even began; whoever schedules it then warns at once.
    Raises `CountedTheOtherWay` for a limit that counts from the start.

    - Working days: the day of `due` does not count; warns when the office opens on the nth working day before it.
    - Working hours and minutes: warns at the last instant that still leaves so much office time.
    - Hours and minutes: so much earlier, day or night.
    - Calendar days, weeks, months: warns when the office opens on that date or, if it is a day off, on the last
      working day before it: a warning is early rather than unseen.
    """
    expect(Counts.BEFORE_DUE, limit)
    due = calendar.to_the_minute(due)
    at, lines = count_backward(limit.value, due, calendar)
    return _explained(limit, at, lines, due, calendar)


def end_of_day(on: date, calendar: Calendar) -> Deadline:
    """When a date that a person chose ends: at closing time by the hours in force then.

    A chosen day off stays as chosen, and the explanation says so: the person may have had a reason, and moving it
    would make the paper and the screen disagree.
    """
    at = calendar.closing(on)
    tell, day = Teller(at), calendar.day(on)
    lines = [f"选定日期 {tell.day(on)}，当日{at:%H:%M} 下班时到期"]
    if not day.works:
        lines.append(f"当日{say_day_off(day)}，仍以选定的日期为准，不顺延")
    provisional = not calendar.is_published(on)
    return Deadline(at, (*lines, *caveat(provisional, calendar)), provisional)


def expect(counts: Counts, limit: Limit) -> None:
    """Raise `CountedTheOtherWay` unless the limit counts this way."""
    if limit.counts is not counts:
        raise CountedTheOtherWay(name=limit.name, counts=COUNTS[limit.counts])


def is_provisional(amount: Amount, latest: datetime, calendar: Calendar) -> bool:
    """Does a count that reaches so far rest on days not published yet? Hours and minutes rest on none."""
    return amount.measure is Measure.OFFICE and not calendar.is_published(latest.date())


def caveat(provisional: bool, calendar: Calendar) -> tuple[str, ...]:
    """The line that a provisional deadline ends with."""
    until = say_full_date(calendar.published_until)
    line = f"{until}以后的放假安排尚未公布，暂按周末休息、其余日子上班推算，公布后重新计算"
    return (line,) if provisional else ()


def _explained(limit: Limit, at: datetime, lines: list[str], start: datetime, calendar: Calendar) -> Deadline:
    provisional = is_provisional(limit.value, max(start, at), calendar)
    return Deadline(at, (say_limit(limit), *lines, *caveat(provisional, calendar)), provisional)
