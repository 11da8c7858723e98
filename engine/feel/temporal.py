"""Dates, times and durations: their properties, and adding to and subtracting from them (clause 10.3.2.15)."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.decimals import CONTEXT
from engine.feel.values import EPOCH, Range, Value, YearsMonths, is_zoned, moment, offset_of

MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_LONGEST_MONTHS = 10**12


def whole_months(months: int) -> YearsMonths:
    """A duration of so many months. Raises OverflowError when no calendar could hold it."""
    if abs(months) > _LONGEST_MONTHS:
        raise OverflowError(months)
    return YearsMonths(months)


def plus_months(day: date, duration: YearsMonths) -> date:
    """A date, or a date and time, so many months later; the day is cut to the length of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + duration.months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def plus_days_time(value: datetime, duration: timedelta) -> datetime:
    """A date and time so much later. In a zone that changes its clock, the time that really passes is counted."""
    if isinstance(value.tzinfo, ZoneInfo):
        return (value.astimezone(UTC) + duration).astimezone(value.tzinfo)
    return value + duration


def date_plus_days_time(day: date, duration: timedelta) -> date:
    """A date so much later; parts of a day count from midnight."""
    return (datetime.combine(day, time()) + duration).date()


def time_plus_days_time(value: time, duration: timedelta) -> time:
    """A time of day so much later, round the clock."""
    return (datetime.combine(EPOCH.date(), value) + duration % _DAY).timetz()


def between(later: datetime | time, earlier: datetime | time) -> timedelta | None:
    """The time between two times, or None when only one of them is zoned."""
    return moment(later) - moment(earlier) if is_zoned(later) == is_zoned(earlier) else None


def midnight_utc(day: date) -> datetime:
    """A date as a date and time, where one is needed."""
    return datetime.combine(day, time(), tzinfo=UTC)


def microseconds(duration: timedelta) -> Decimal:
    """The exact length of a duration."""
    return Decimal(duration // MICROSECOND)


def property_of(value: Value, name: str) -> Value:
    """A property such as `year` or `start included`, or None when the value has none of that name."""
    read = _PROPERTIES.get(type(value), {}).get(name)
    return read(value) if read else None


def _seconds(seconds: int, micros: int) -> Decimal:
    return CONTEXT.add(Decimal(seconds), Decimal(micros).scaleb(-6, CONTEXT))


def _zone_name(value: datetime | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _signed(value: timedelta, part: Callable[[timedelta], int | Decimal]) -> Decimal:
    length = Decimal(part(abs(value)))
    return CONTEXT.minus(length) if value < timedelta() and length else length


def _signed_months(value: YearsMonths, part: Callable[[int], int]) -> Decimal:
    return Decimal(part(abs(value.months)) * (-1 if value.months < 0 else 1))


_DATE_PROPERTIES: Mapping[str, Callable[[Value], Value]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_TIME_PROPERTIES: Mapping[str, Callable[[Value], Value]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: _seconds(value.second, value.microsecond),
    "time offset": offset_of,
    "timezone": _zone_name,
}
_PROPERTIES: dict[type, Mapping[str, Callable[[Value], Value]]] = {
    date: {
        **_DATE_PROPERTIES,
        **dict.fromkeys(("hour", "minute", "second"), lambda _: Decimal(0)),
        "time offset": lambda _: timedelta(),
    },
    time: _TIME_PROPERTIES,
    datetime: {**_DATE_PROPERTIES, **_TIME_PROPERTIES},
    YearsMonths: {
        "years": lambda value: _signed_months(value, lambda months: months // 12),
        "months": lambda value: _signed_months(value, lambda months: months % 12),
    },
    timedelta: {
        "days": lambda value: _signed(value, lambda length: length.days),
        "hours": lambda value: _signed(value, lambda length: length.seconds // 3600),
        "minutes": lambda value: _signed(value, lambda length: length.seconds // 60 % 60),
        "seconds": lambda value: _signed(value, lambda length: _seconds(length.seconds % 60, length.microseconds)),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
PROPERTY_NAMES = frozenset(name for properties in _PROPERTIES.values() for name in properties)
