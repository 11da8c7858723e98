"""Dates, times and durations: their properties, and adding to and subtracting from them (clause 10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import instants
from engine.feel.decimals import CONTEXT
from engine.feel.instants import DAY, HOUR, MINUTE, SECOND, Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import Range, Value

_LONGEST_MONTHS = 10**12


def whole_months(months: int) -> YearsMonths:
    """A duration of so many months. Raises OverflowError when no calendar could hold it."""
    if abs(months) > _LONGEST_MONTHS:
        raise OverflowError(months)
    return YearsMonths(months)


def date_plus_months(day: Date, duration: YearsMonths) -> Date:
    """A date so many months later, cut to the length of the month. Raises ValueError beyond the farthest year."""
    near = instants.near(day)
    first = instants.year_of(day) * 12 + near.month - 1 + duration.months
    length = _first_of_month(first + 1).days - _first_of_month(first).days
    return Date(_first_of_month(first).days + min(near.day, length) - 1)


def _first_of_month(months: int) -> Date:
    return instants.date_of(months // 12, months % 12 + 1, 1)


def plus_months(value: DateTime, duration: YearsMonths) -> DateTime:
    """A date and time so many months later on the wall. Raises as date_plus_months does."""
    return combined(date_plus_months(value.date, duration), value.time)


def plus_days_time(value: DateTime, duration: DaysTime) -> DateTime:
    """A date and time so much later. In a zone that changes its clock, the time that really passes is counted."""
    return instants.at_instant(value.instant + duration.nanoseconds, value.zone)


def date_plus_days_time(day: Date, duration: DaysTime) -> Date:
    """A date so much later; parts of a day count from midnight."""
    return instants.dated((day.days * DAY + duration.nanoseconds) // DAY)


def time_plus_days_time(value: Time, duration: DaysTime) -> Time:
    """A time of day so much later, round the clock."""
    return instants.time_of_day(value.nanoseconds + duration.nanoseconds, value.zone)


def between(later: DateTime | Time, earlier: DateTime | Time) -> DaysTime | None:
    """The time between two times, or None when only one of them is zoned."""
    if (later.zone is None) != (earlier.zone is None):
        return None
    return instants.days_time(later.instant - earlier.instant)


def days_between(later: Date, earlier: Date) -> DaysTime:
    """The time between two dates."""
    return instants.days_time((later.days - earlier.days) * DAY)


def combined(day: Date, hour: Time) -> DateTime:
    """A date and a time of day together."""
    return instants.on_the_wall(day.days * DAY + hour.nanoseconds, hour.zone)


def midnight_utc(day: Date) -> DateTime:
    """A date as a date and time, where one is needed."""
    return DateTime(day.days * DAY, UTC)


def offset_of(value: DateTime | Time) -> DaysTime | None:
    """The distance from UTC, or None without a zone."""
    return None if value.zone is None else DaysTime(value.offset)


def property_of(value: Value, name: str) -> Value:
    """A property such as `year` or `start included`, or None when the value has none of that name."""
    read = _PROPERTIES.get(type(value), {}).get(name)
    return read(value) if read else None


def _zone_name(value: DateTime | Time) -> str | None:
    return value.zone.key if isinstance(value.zone, ZoneInfo) else None


def _seconds(nanoseconds: int) -> Decimal:
    seconds, rest = divmod(nanoseconds, SECOND)
    return Decimal(nanoseconds).scaleb(-9, CONTEXT) if rest else Decimal(seconds)


def _signed(value: int, part: Callable[[int], int | Decimal]) -> Decimal:
    length = Decimal(part(abs(value)))
    return CONTEXT.minus(length) if value < 0 else length


_DATE_PROPERTIES: Mapping[str, Callable[[Date], Value]] = {
    "year": lambda day: Decimal(instants.year_of(day)),
    "month": lambda day: Decimal(instants.near(day).month),
    "day": lambda day: Decimal(instants.near(day).day),
    "weekday": lambda day: Decimal(instants.near(day).isoweekday()),
}
_CLOCK_PROPERTIES: Mapping[str, Callable[[Value], Value]] = {
    "hour": lambda value: Decimal(value.nanoseconds // HOUR % 24),
    "minute": lambda value: Decimal(value.nanoseconds // MINUTE % 60),
    "second": lambda value: _seconds(value.nanoseconds % MINUTE),
    "time offset": offset_of,
    "timezone": _zone_name,
}


def _of_its_date(read: Callable[[Date], Value]) -> Callable[[DateTime], Value]:
    return lambda value: read(value.date)


_PROPERTIES: dict[type, Mapping[str, Callable[[Value], Value]]] = {
    Date: {
        **_DATE_PROPERTIES,
        **dict.fromkeys(("hour", "minute", "second"), lambda _: Decimal(0)),
        "time offset": lambda _: DaysTime(0),
    },
    Time: _CLOCK_PROPERTIES,
    DateTime: {**{name: _of_its_date(read) for name, read in _DATE_PROPERTIES.items()}, **_CLOCK_PROPERTIES},
    YearsMonths: {
        "years": lambda value: _signed(value.months, lambda months: months // 12),
        "months": lambda value: _signed(value.months, lambda months: months % 12),
    },
    DaysTime: {
        "days": lambda value: _signed(value.nanoseconds, lambda length: length // DAY),
        "hours": lambda value: _signed(value.nanoseconds, lambda length: length // HOUR % 24),
        "minutes": lambda value: _signed(value.nanoseconds, lambda length: length // MINUTE % 60),
        "seconds": lambda value: _signed(value.nanoseconds, lambda length: _seconds(length % MINUTE)),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def properties_of(kind: type) -> frozenset[str]:
    """The names of the properties that values of a class have."""
    return frozenset(_PROPERTIES.get(kind, ()))


PROPERTY_NAMES = frozenset(name for properties in _PROPERTIES.values() for name in properties)
