"""Dates, times and durations as whole numbers, so that no year is too far away and no nanosecond is lost.

Days are counted from 1970-01-01 in the Gregorian calendar, everything shorter in nanoseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

SECOND = 10**9
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FARTHEST_YEAR = 999_999_999

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- local times are counted from it as well
_EPOCH_DAY = EPOCH.toordinal()
_LONGEST = 10**26  # nanoseconds: three times as far as from the first year to the last
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097  # the calendar repeats, weekdays and all


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of whole months, which have no fixed number of days."""

    months: int


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A duration of days, hours, minutes and seconds, in nanoseconds."""

    nanoseconds: int


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day, counted from 1970-01-01."""

    days: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, from midnight; `offset` is how far its zone is ahead of UTC (0 without a zone)."""

    nanoseconds: int
    zone: tzinfo | None = None
    offset: int = 0

    @property
    def instant(self) -> int:
        """The time in UTC, or as it is without a zone."""
        return self.nanoseconds - self.offset


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and time of day on the wall there, from 1970-01-01T00:00; `offset` is how far the zone is ahead of UTC."""

    nanoseconds: int
    zone: tzinfo | None = None
    offset: int = 0

    @property
    def instant(self) -> int:
        """The time in UTC, or as it is without a zone."""
        return self.nanoseconds - self.offset

    @property
    def date(self) -> Date:
        """The day on the wall."""
        return Date(self.nanoseconds // DAY)

    @property
    def time(self) -> Time:
        """The time of day on the wall."""
        return Time(self.nanoseconds % DAY, self.zone, self.offset)


def date_of(year: int, month: int, day: int) -> Date:
    """The date of a year (0 is the one before 1), month and day. Raises ValueError when there is none."""
    if abs(year) > FARTHEST_YEAR:
        raise ValueError(year)
    cycles, near = divmod(year - 1, _CYCLE_YEARS)
    return Date(date(near + 1, month, day).toordinal() + cycles * _CYCLE_DAYS - _EPOCH_DAY)


def near(day: Date) -> date:
    """The day of the years 1 to 400 that has the same month, day, weekday and week."""
    return date.fromordinal((day.days + _EPOCH_DAY - 1) % _CYCLE_DAYS + 1)


def year_of(day: Date) -> int:
    """The year of a date."""
    return near(day).year + (day.days + _EPOCH_DAY - 1) // _CYCLE_DAYS * _CYCLE_YEARS


def days_time(nanoseconds: int) -> DaysTime:
    """A duration. Raises OverflowError when no calendar could hold it."""
    if abs(nanoseconds) > _LONGEST:
        raise OverflowError(nanoseconds)
    return DaysTime(nanoseconds)


def dated(days: int) -> Date:
    """A day so far from 1970-01-01. Raises OverflowError beyond the farthest year."""
    if not _FIRST_DAY <= days <= _LAST_DAY:
        raise OverflowError(days)
    return Date(days)


def on_the_wall(nanoseconds: int, zone: tzinfo | None) -> DateTime:
    """The date and time when clocks in a zone show this. Raises OverflowError beyond the farthest year."""
    dated(nanoseconds // DAY)
    return DateTime(nanoseconds, zone, 0 if zone is None else _offset(_near_time(nanoseconds).replace(tzinfo=zone)))


def at_instant(nanoseconds: int, zone: tzinfo | None) -> DateTime:
    """The date and time in a zone at an instant of UTC. Raises OverflowError beyond the farthest year."""
    offset = 0 if zone is None else _offset(zone.fromutc(_near_time(nanoseconds).replace(tzinfo=zone)))
    dated((nanoseconds + offset) // DAY)
    return DateTime(nanoseconds + offset, zone, offset)


def time_of_day(nanoseconds: int, zone: tzinfo | None) -> Time:
    """A time of day, round the clock; one in a named zone takes the offset of a winter's day."""
    nanoseconds %= DAY
    return Time(nanoseconds, zone, on_the_wall(_WINTERS_DAY + nanoseconds, zone).offset)


def nanoseconds_of(length: timedelta) -> int:
    """The exact length of a duration of Python's."""
    return (length.days * 86_400 + length.seconds) * SECOND + length.microseconds * 1000


def _offset(moment: datetime) -> int:
    return nanoseconds_of(moment.utcoffset() or timedelta())


def _near_time(nanoseconds: int) -> datetime:
    """A time as Python holds it; where its years end, one that lies as many whole cycles nearer as needed."""
    if not _FIRST_NEAR <= nanoseconds < _LAST_NEAR:
        nanoseconds = (_FIRST_NEAR if nanoseconds < 0 else _LAST_NEAR - _CYCLE) + (nanoseconds - _FIRST_NEAR) % _CYCLE
    return EPOCH + timedelta(microseconds=nanoseconds // 1000)


_CYCLE = _CYCLE_DAYS * DAY
_FIRST_NEAR = date_of(400, 1, 1).days * DAY
_LAST_NEAR = _FIRST_NEAR + 23 * _CYCLE  # the year 9600
_WINTERS_DAY = date_of(2000, 1, 1).days * DAY
_FIRST_DAY, _LAST_DAY = date_of(-FARTHEST_YEAR, 1, 1).days, date_of(FARTHEST_YEAR, 12, 31).days
