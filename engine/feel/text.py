"""Values as text: what `string(…)` gives (DMN 1.5, clause 10.3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.budget import spend, spend_text
from engine.feel.decimals import plain
from engine.feel.values import Range, Value, YearsMonths, offset_of

_PLAIN_KEY = re.compile(r"[\w ]+")


def write(value: Value) -> str | None:
    """A value as text; null stays null."""
    if value is None or isinstance(value, str):
        return value
    return _within(value)


def _within(value: Value) -> str:
    """A value as it stands inside a list or context."""
    spend()
    writer = _WRITERS.get(type(value))
    return writer(value) if writer else "function"


def _quoted(text: str) -> str:
    spend_text(len(text))
    return '"' + text.replace('"', '\\"') + '"'


def _joined(parts: Iterable[str], opening: str, closing: str) -> str:
    kept, length = [], 0
    for part in parts:
        length += len(part) + 2
        spend_text(length)
        kept.append(part)
    return opening + ", ".join(kept) + closing


def _list(items: list[Value]) -> str:
    return _joined(map(_within, items), "[", "]")


def _context(context: dict[str, Value]) -> str:
    return _joined((f"{_key(key)}: {_within(value)}" for key, value in context.items()), "{", "}")


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _quoted(key)


def _range(value: Range) -> str:
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_within(value.start)}..{_within(value.end)}{closing}"


def _date_time(value: datetime) -> str:
    return f"{value.date().isoformat()}T{_time(value)}"


def _time(value: time | datetime) -> str:
    return f"{value:%H:%M:%S}{_fraction(value.microsecond)}{_zone(value.tzinfo, offset_of(value))}"


def _fraction(microseconds: int) -> str:
    return f".{microseconds:06}".rstrip("0") if microseconds else ""


def _zone(zone: tzinfo | None, offset: timedelta | None) -> str:
    if zone is None or offset is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    if zone is UTC or not offset:
        return "Z"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _years_months(value: YearsMonths) -> str:
    years, months = divmod(abs(value.months), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-" if value.months < 0 else "") + "P" + parts


def _days_time(value: timedelta) -> str:
    if not value:
        return "PT0S"
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    rest = _fraction(length.microseconds)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{rest}S" if seconds or rest else ""
    days = f"{length.days}D" if length.days else ""
    return ("-" if value < timedelta() else "") + "P" + days + (f"T{clock}" if clock else "")


_WRITERS: dict[type, Callable[[Value], str]] = {
    type(None): lambda _: "null",
    str: _quoted,
    bool: lambda value: "true" if value else "false",
    Decimal: plain,
    date: date.isoformat,
    time: _time,
    datetime: _date_time,
    YearsMonths: _years_months,
    timedelta: _days_time,
    list: _list,
    dict: _context,
    Range: _range,
}
