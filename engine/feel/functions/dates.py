"""Functions that make dates, times and durations, and look at them (DMN 1.5, clauses 10.3.4.1 and 10.3.4.7)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.callables import Library
from engine.feel.temporal import midnight_utc
from engine.feel.temporal_text import offset_zone, read_date, read_date_time, read_duration, read_time
from engine.feel.values import Value, YearsMonths

library = Library()
define = library.define

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@define("date", "from: string")
def _date(text: str) -> date | None:
    return read_date(text)


@define("date", "from: date|date and time")
def _date_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


@define("date", "year: integer, month: integer, day: integer")
def _date_from_parts(year: int, month: int, day: int) -> date:
    return date(year, month, day)


@define("time", "from: string")
def _time(text: str) -> time | None:
    return read_time(text)


@define("time", "from: time|date and time|date")
def _time_of(value: time | datetime | date) -> time:
    if isinstance(value, time):
        return value
    return (value if isinstance(value, datetime) else midnight_utc(value)).timetz()


@define("time", "hour: integer, minute: integer, second: number, offset?: days and time duration?")
def _time_from_parts(hour: int, minute: int, second: Decimal, offset: timedelta | None = None) -> time:
    micros = int(second % 1 * 1_000_000)
    return time(hour, minute, int(second), micros, tzinfo=None if offset is None else offset_zone(offset))


@define("date and time", "from: string")
def _date_and_time(text: str) -> datetime | None:
    return read_date_time(text)


@define("date and time", "from: date and time|date")
def _date_and_time_of(value: datetime | date) -> datetime:
    return value if isinstance(value, datetime) else midnight_utc(value)


@define("date and time", "date: date|date and time, time: time")
def _date_and_time_from(day: date | datetime, hour: time) -> datetime:
    return datetime.combine(day, hour)


@define(
    "date and time",
    "year: integer, month: integer, day: integer, hour: integer, minute: integer, second: number, "
    "offset?: days and time duration?",
)
def _date_and_time_from_parts(
    year: int, month: int, day: int, hour: int, minute: int, second: Decimal, offset: timedelta | None = None
) -> datetime:
    return datetime.combine(date(year, month, day), _time_from_parts(hour, minute, second, offset))


@define("duration", "from: string")
def _duration(text: str) -> timedelta | YearsMonths | None:
    return read_duration(text)


@define("duration", "from: days and time duration|years and months duration")
def _duration_of(value: Value) -> Value:
    return value


@define("years and months duration", "from: date|date and time, to: date|date and time")
def _years_and_months_duration(start: date, end: date) -> YearsMonths:
    return YearsMonths(-_whole_months(end, start) if _day(end) < _day(start) else _whole_months(start, end))


def _whole_months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@define("day of year", "date: date|date and time")
def _day_of_year(value: date) -> Decimal:
    return Decimal(value.timetuple().tm_yday)


@define("day of week", "date: date|date and time")
def _day_of_week(value: date) -> str:
    return _DAYS[value.weekday()]


@define("month of year", "date: date|date and time")
def _month_of_year(value: date) -> str:
    return _MONTHS[value.month - 1]


@define("week of year", "date: date|date and time")
def _week_of_year(value: date) -> Decimal:
    return Decimal(value.isocalendar().week)
