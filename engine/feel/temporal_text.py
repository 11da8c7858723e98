"""Dates, times and durations from text (DMN 1.5, clause 10.3.2.3.4 to 10.3.2.3.9). What cannot be read gives None."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.decimals import CONTEXT
from engine.feel.instants import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    date_of,
    days_time,
    on_the_wall,
    time_of_day,
)
from engine.feel.temporal import whole_months

_DATE = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*)?"
)
_YEARS_MONTHS = re.compile(r"(-)?P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_DAYS_TIME = re.compile(
    r"(-)?P(?=.)(?:([0-9]+)D)?"
    r"(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)S)?)?"
)
_LONGEST_ZONE = 14 * 60
_LONGEST_TEXT = 100


def read_temporal(text: str) -> Date | Time | DateTime | DaysTime | YearsMonths | None:
    """Read whatever @"…" may hold."""
    for read in (read_date, read_date_time, read_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def read_date(text: str) -> Date | None:
    """Read `2026-11-20`; years have four digits, or up to nine, and may be negative."""
    match = _DATE.fullmatch(text)
    try:
        return date_of(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def read_time(text: str) -> Time | None:
    """Read `08:30:00`, with fractions of seconds, and an offset or a zone if wanted."""
    clock = _read_clock(text.removeprefix("T"))
    return time_of_day(*clock) if clock else None


def read_date_time(text: str) -> DateTime | None:
    """Read `2026-11-20T08:30:00@Asia/Shanghai`; a date alone means its midnight."""
    day_text, letter, time_text = text.partition("T")
    day = read_date(day_text)
    clock = _read_clock(time_text) if letter else (0, None)
    if day is None or clock is None:
        return None
    try:
        return on_the_wall(day.days * DAY + clock[0], clock[1])
    except OverflowError:
        return None


def _read_clock(text: str) -> tuple[int, tzinfo | None] | None:
    """The nanoseconds from midnight and the zone; 24:00:00 is the midnight at the end of the day."""
    match = _TIME.fullmatch(text)
    if match is None or len(text) > _LONGEST_TEXT:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nanoseconds = hour * HOUR + minute * MINUTE + second * SECOND + int(f"{match[4] or '':0<9.9}")
    if minute > 59 or second > 59 or nanoseconds > DAY:
        return None
    try:
        return nanoseconds, read_zone(match[5])
    except ValueError:
        return None


def read_zone(text: str | None) -> tzinfo | None:
    """Read `Z`, `+08:00` or `@Asia/Shanghai`. Raises ValueError when there is no such zone."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    hours, minutes, seconds = (int(part) for part in f"{text[1:]}:00".split(":")[:3])
    if minutes > 59 or seconds > 59 or hours * 60 + minutes > _LONGEST_ZONE:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return offset_zone(-offset if text[0] == "-" else offset)


def named_zone(name: str) -> tzinfo:
    """The zone of the IANA database. Raises ValueError when it has none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:  # a folder of the database (`America`) is opened like a zone
        raise ValueError(name) from error


def offset_zone(offset: timedelta) -> tzinfo:
    """A fixed distance from UTC. Raises ValueError when it is a day or more."""
    return timezone(offset) if offset else UTC


def read_duration(text: str) -> DaysTime | YearsMonths | None:
    """Read `P1Y6M`, `P5D` or `PT1H30M`."""
    if len(text) > _LONGEST_TEXT:
        return None
    months, shorter = _YEARS_MONTHS.fullmatch(text), _DAYS_TIME.fullmatch(text)
    try:
        return _years_months(months) if months else _days_time(shorter) if shorter else None
    except OverflowError:
        return None


def _years_months(match: re.Match[str]) -> YearsMonths:
    months = int(match[2] or 0) * 12 + int(match[3] or 0)
    return whole_months(-months if match[1] else months)


def _days_time(match: re.Match[str]) -> DaysTime:
    length = int(match[2] or 0) * DAY + int(match[3] or 0) * HOUR + int(match[4] or 0) * MINUTE
    length += int(Decimal(match[5] or 0).scaleb(9, CONTEXT))
    return days_time(-length if match[1] else length)
