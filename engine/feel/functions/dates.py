"""Functions that make dates, times and durations, and look at them (DMN 1.5, clauses 10.3.4.1 and 10.3.4.7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.feel.callables import Library
from engine.feel.decimals import CONTEXT
from engine.feel.instants import (
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    date_of,
    near,
    time_of_day,
    year_of,
)
from engine.feel.signatures import Unfit
from engine.feel.temporal import combined, midnight_utc
from engine.feel.temporal_text import offset_zone, read_date, read_date_time, read_duration, read_time
from engine.feel.values import Value

library = Library()
define = library.define

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@define("date", "from: string -> date")
def _date(text: str) -> Date | None:
    return read_date(text)


@define("date", "from: date|date and time -> date")
def _date_of(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@define("date", "year: integer, month: integer, day: integer -> date")
def _date_from_parts(year: int, month: int, day: int) -> Date:
    return date_of(year, month, day)


@define("time", "from: string -> time")
def _time(text: str) -> Time | None:
    return read_time(text)


@define("time", "from: time|date and time|date -> time")
def _time_of(value: Time | DateTime | Date) -> Time:
    if isinstance(value, Time):
        return value
    return (value if isinstance(value, DateTime) else midnight_utc(value)).time


@define("time", "hour: integer, minute: integer, second: number, offset?: days and time duration? -> time")
def _time_from_parts(hour: int, minute: int, second: Decimal, offset: DaysTime | None = None) -> Time:
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60):
        raise Unfit
    zone = None if offset is None else offset_zone(timedelta(seconds=offset.nanoseconds // SECOND))
    return time_of_day(hour * HOUR + minute * MINUTE + int(CONTEXT.multiply(second, Decimal(SECOND))), zone)


@define("date and time", "from: string -> date and time")
def _date_and_time(text: str) -> DateTime | None:
    return read_date_time(text)


@define("date and time", "from: date and time|date -> date and time")
def _date_and_time_of(value: DateTime | Date) -> DateTime:
    return value if isinstance(value, DateTime) else midnight_utc(value)


@define("date and time", "date: date|date and time, time: time -> date and time")
def _date_and_time_from(day: Date | DateTime, hour: Time) -> DateTime:
    return combined(_date_of(day), hour)


@define(
    "date and time",
    "year: integer, month: integer, day: integer, hour: integer, minute: integer, second: number, "
    "offset?: days and time duration? -> date and time",
)
def _date_and_time_from_parts(
    year: int, month: int, day: int, hour: int, minute: int, second: Decimal, offset: DaysTime | None = None
) -> DateTime:
    return combined(date_of(year, month, day), _time_from_parts(hour, minute, second, offset))


@define("duration", "from: string")
def _duration(text: str) -> DaysTime | YearsMonths | None:
    return read_duration(text)


@define("duration", "from: days and time duration|years and months duration")
def _duration_of(value: Value) -> Value:
    return value


@define("years and months duration", "from: date|date and time, to: date|date and time -> years and months duration")
def _years_and_months_duration(start: Date | DateTime, end: Date | DateTime) -> YearsMonths:
    first, last = _date_of(start), _date_of(end)
    return YearsMonths(-_whole_months(last, first) if last < first else _whole_months(first, last))


def _whole_months(first: Date, last: Date) -> int:
    start, end = near(first), near(last)
    return (year_of(last) - year_of(first)) * 12 + end.month - start.month - (end.day < start.day)


@define("day of year", "date: date|date and time -> number")
def _day_of_year(value: Date | DateTime) -> Decimal:
    return Decimal(near(_date_of(value)).timetuple().tm_yday)


@define("day of week", "date: date|date and time -> string")
def _day_of_week(value: Date | DateTime) -> str:
    return _DAYS[near(_date_of(value)).weekday()]


@define("month of year", "date: date|date and time -> string")
def _month_of_year(value: Date | DateTime) -> str:
    return _MONTHS[near(_date_of(value)).month - 1]


@define("week of year", "date: date|date and time -> number")
def _week_of_year(value: Date | DateTime) -> Decimal:
    return Decimal(near(_date_of(value)).isocalendar().week)
