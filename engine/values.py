"""Process variables as plain values, and their bytes: only what JSON knows, exact decimals, dates and instants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson

_LARGEST = 2**63
_TAG = "@"
_CONTEXT = "context"
_MARK = b'"@":'


def plain(value: object) -> object:
    """A fresh plain copy of a FEEL value: whole numbers as int, other numbers as Decimal, contexts as dict.

    Fresh, because the library shares nested data between branches: values are replaced, never mutated.
    """
    match value:
        case bool() | str() | None:
            return value
        case int() | Decimal():
            return _number(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case date() | datetime() | time() | timedelta():
            return value
    raise TypeError(f"not a plain value: {type(value).__name__}")


def plain_values(values: Mapping[str, object]) -> dict[str, object]:
    """A fresh plain copy of named values."""
    return {key: plain(value) for key, value in values.items()}


def _number(value: int | Decimal) -> int | Decimal:
    """A whole number as int, as far as JSON can hold it."""
    whole = -_LARGEST < value < _LARGEST and value == int(value)
    return int(value) if whole else Decimal(value)


def differ(before: object, after: object) -> bool:
    """Whether two plain values are not the same to FEEL: 1 and true are equal in Python, but not there."""
    return before is not after and (before != after or to_bytes(before) != to_bytes(after))


def to_bytes(value: object) -> bytes:
    """Encode a plain value; what JSON has no word for is tagged: {"@": "date", "v": "2026-09-30"}.

    A context that itself has a key "@" is tagged too, so that nobody's words are ever taken for a tag.
    """
    try:
        raw = orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except TypeError:  # it holds what JSON has no word for
        return _tagged_bytes(value)
    return raw if _MARK not in raw else _tagged_bytes(value)


def _tagged_bytes(value: object) -> bytes:
    tags = 0

    def tagged(unknown: object) -> dict[str, str]:
        nonlocal tags
        tags += 1
        return _tagged(unknown)

    raw = orjson.dumps(value, default=tagged, option=orjson.OPT_PASSTHROUGH_DATETIME)
    if raw.count(_MARK) == tags:
        return raw
    return orjson.dumps(_guarded(value), default=_tagged, option=orjson.OPT_PASSTHROUGH_DATETIME)


def from_bytes(raw: bytes | str) -> Any:
    """Decode what `to_bytes` wrote."""
    value = orjson.loads(raw)
    marked = _MARK in raw if isinstance(raw, bytes) else _MARK.decode() in raw
    return _untagged(value) if marked else value


def _guarded(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_guarded(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _guarded(item) for key, item in value.items()}
    return {_TAG: _CONTEXT, "v": inner} if _TAG in inner else inner


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
    if value.__class__ is list:
        return [_untagged(item) if item.__class__ in _NESTED else item for item in value]
    if value.__class__ is not dict:
        return value
    if _TAG in value:
        tag, content = value[_TAG], value["v"]
        return _untagged_items(content) if tag == _CONTEXT else _READ[tag](content)
    return _untagged_items(value)


def _untagged_items(context: dict[str, Any]) -> dict[str, Any]:
    return {key: _untagged(item) if item.__class__ in _NESTED else item for key, item in context.items()}


_NESTED = (list, dict)
