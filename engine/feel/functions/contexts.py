"""Functions on contexts (DMN 1.5, clause 10.3.4.8)."""

from __future__ import annotations

from engine.feel.budget import spend
from engine.feel.callables import Library
from engine.feel.signatures import Unfit
from engine.feel.values import Value

library = Library()
define = library.define


@define("get value", "m: context, key: string", "context: context, key: string")
def _get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@define("get value", "context: context, keys: list")
def _get_value_along(context: dict[str, Value], keys: list[Value]) -> Value:
    value: Value = context
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(_text(key))
    return value


@define("get entries", "m: context -> list")
def _get_entries(context: dict[str, Value]) -> list[Value]:
    return [{"key": key, "value": value} for key, value in context.items()]


@define("context", "entries: list -> context")
def _context(entries: list[Value]) -> dict[str, Value] | None:
    context: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry or _text(entry.get("key")) in context:
            return None
        context[entry["key"]] = entry["value"]
    return context


@define("context put", "context: context, key: string, value: any -> context")
def _context_put(context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    return {**context, key: value}


@define("context put", "context: context, keys: list, value: any -> context")
def _context_put_along(context: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value]:
    if not keys:
        raise Unfit
    spend(1 + (len(context) >> 3))
    key = _text(keys[0])
    if len(keys) == 1:
        return {**context, key: value}
    below = context.get(key, {})
    if not isinstance(below, dict):
        raise Unfit
    return {**context, key: _context_put_along(below, keys[1:], value)}


@define("context merge", "contexts: list -> context")
def _context_merge(contexts: list[Value]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Unfit
        spend(1 + (len(context) >> 3))
        merged.update(context)
    return merged


def _text(key: Value) -> str:
    if not isinstance(key, str):
        raise Unfit
    return key
