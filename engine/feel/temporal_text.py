"""Dates, times and durations from text (DMN 1.5, clause 10.3.2.3.4 to 10.3.2.3.9). What cannot be read gives None."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.values import YearsMonths

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"T?([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*)?"
)
_YEARS_MONTHS = re.compile(r"(-)?P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_DAYS_TIME = re.compile(
    r"(-)?P(?=.)(?:([0-9]+)D)?"
    r"(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)S)?)?"
)
_LONGEST_ZONE = 14 * 60
_LONGEST_TEXT = 100


def read_temporal(text: str) -> date | time | datetime | timedelta | YearsMonths | None:
    """Read whatever @"…" may hold."""
    for read in (read_date, read_date_time, read_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def read_date(text: str) -> date | None:
    """Read `2026-11-20`; years have four digits."""
    match = _DATE.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """Read `08:30:00`, with fractions of seconds, and an offset or a zone if wanted."""
    match = _TIME.fullmatch(text)
    if match is None or len(text) > _LONGEST_TEXT:
        return None
    microsecond = int(f"{match[4] or '':0<6.6}")
    try:
        return time(int(match[1]), int(match[2]), int(match[3]), microsecond, tzinfo=read_zone(match[5]))
    except ValueError:
        return None


def read_date_time(text: str) -> datetime | None:
    """Read `2026-11-20T08:30:00@Asia/Shanghai`; a date alone means its midnight."""
    day_text, letter, time_text = text.partition("T")
    day = read_date(day_text)
    if day is None:
        return None
    hour = time() if not letter else read_time(time_text) if time_text[:1] != "T" else None
    return datetime.combine(day, hour) if hour is not None else None


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
    """A fixed distance from UTC."""
    return timezone(offset) if offset else UTC


def read_duration(text: str) -> timedelta | YearsMonths | None:
    """Read `P1Y6M`, `P5D` or `PT1H30M`."""
    if len(text) > _LONGEST_TEXT:
        return None
    match = _YEARS_MONTHS.fullmatch(text)
    if match:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _DAYS_TIME.fullmatch(text)
    try:
        return _days_time(match) if match else None
    except OverflowError:
        return None


def _days_time(match: re.Match[str]) -> timedelta:
    duration = timedelta(days=int(match[2] or 0), hours=int(match[3] or 0), minutes=int(match[4] or 0))
    duration += timedelta(microseconds=int(Decimal(match[5] or 0) * 1_000_000))
    return -duration if match[1] else duration
