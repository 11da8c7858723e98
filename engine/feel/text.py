"""Values as text: what `string(…)` gives (DMN 1.5, clause 10.3.4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.budget import spend, spend_text
from engine.feel.decimals import plain
from engine.feel.errors import FeelBudgetError
from engine.feel.instants import SECOND, Date, DateTime, DaysTime, Time, YearsMonths, near, year_of
from engine.feel.values import Range, Value

_MOST_SHOWN = 60
_PLAIN_KEY = re.compile(r"[\w ]+")


def write(value: Value) -> str | None:
    """A value as text; null stays null."""
    if value is None or isinstance(value, str):
        return value
    return _within(value)


def shown(value: Value) -> str:
    """A value in a sentence: cut short, and fit to be printed whatever it holds."""
    try:
        text = f'"{value[:_MOST_SHOWN]}"' if isinstance(value, str) else write(value) or "null"
    except FeelBudgetError:
        return "…"
    return printable(text if len(text) <= _MOST_SHOWN + 2 else f"{text[:_MOST_SHOWN]}…")


def printable(text: str) -> str:
    """A text that may hold halves of characters, which no page and no file can take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


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
    if value.sign:
        return f"({value.sign} {_within(value.start)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_within(value.start)}..{_within(value.end)}{closing}"


def _date(value: Date) -> str:
    day, year = near(value), year_of(value)
    return f"{'-' if year < 0 else ''}{abs(year):04}-{day:%m-%d}"


def _date_time(value: DateTime) -> str:
    return f"{_date(value.date)}T{_time(value.time)}"


def _time(value: Time) -> str:
    seconds, rest = divmod(value.nanoseconds, SECOND)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{clock}{_fraction(rest)}{_zone(value.zone, value.offset // SECOND)}"


def _fraction(nanoseconds: int) -> str:
    return f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""


def _zone(zone: tzinfo | None, offset: int) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    sign = "-" if offset < 0 else "+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _years_months(value: YearsMonths) -> str:
    years, months = divmod(abs(value.months), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-" if value.months < 0 else "") + "P" + parts


def _days_time(value: DaysTime) -> str:
    if not value.nanoseconds:
        return "PT0S"
    seconds, rest = divmod(abs(value.nanoseconds), SECOND)
    days, hours, minutes, seconds = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{_fraction(rest)}S" if seconds or rest else ""
    return ("-" if value.nanoseconds < 0 else "") + "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


_WRITERS: dict[type, Callable[[Value], str]] = {
    type(None): lambda _: "null",
    str: _quoted,
    bool: lambda value: "true" if value else "false",
    Decimal: plain,
    Date: _date,
    Time: _time,
    DateTime: _date_time,
    YearsMonths: _years_months,
    DaysTime: _days_time,
    list: _list,
    dict: _context,
    Range: _range,
}
