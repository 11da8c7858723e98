"""Process variables as plain values, and their bytes: only what JSON knows, exact decimals, dates and instants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson

_TAG = "@"


def plain(value: object) -> object:
    """A fresh plain copy of a FEEL value: whole numbers as int, other numbers as Decimal, contexts as dict.

    Fresh, because the library shares nested data between branches: values are replaced, never mutated.
    """
    match value:
        case bool() | int() | str() | None:
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case date() | datetime() | time() | timedelta():
            return value
    raise TypeError(f"not a plain value: {type(value).__name__}")


def to_bytes(value: object) -> bytes:
    """Encode a plain value; what JSON has no word for is tagged: {"@": "date", "v": "2026-09-30"}."""
    return orjson.dumps(value, default=_tagged, option=orjson.OPT_PASSTHROUGH_DATETIME)


def from_bytes(raw: bytes | str) -> Any:
    """Decode what `to_bytes` wrote."""
    value = orjson.loads(raw)
    marked = b'{"@":' in raw if isinstance(raw, bytes) else '{"@":' in raw
    return _untagged(value) if marked else value


def _tagged(value: object) -> dict[str, str]:
    match value:
        case Decimal():
            return {_TAG: "decimal", "v": str(value)}
        case datetime():
            return {_TAG: "instant", "v": value.isoformat()}
        case date():
            return {_TAG: "date", "v": value.isoformat()}
        case time():
            return {_TAG: "time", "v": value.isoformat()}
        case timedelta():
            return {_TAG: "seconds", "v": str(value.total_seconds())}
    raise TypeError(f"not a plain value: {type(value).__name__}")


_READ: dict[str, Callable[[str], object]] = {
    "decimal": Decimal,
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda text: timedelta(seconds=float(text)),
}


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_TAG, "v"} and value[_TAG] in _READ:
        return _READ[value[_TAG]](value["v"])
    return {key: _untagged(item) for key, item in value.items()}
