"""Which values a type takes in, for `instance of`, typed parameters and the types of a decision model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from engine.feel import tree
from engine.feel.budget import spend
from engine.feel.callables import Builtin, Closure
from engine.feel.instants import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.signatures import Accept, Unfit
from engine.feel.values import Function, Range, Value

Check = Callable[[Value], bool]
Types = Mapping[str, Check]


def _kind(kind: type) -> Check:
    return lambda value: type(value) is kind


_KINDS: Types = {
    "Any": lambda _: True,
    "Null": lambda value: value is None,
    "number": _kind(Decimal),
    "string": _kind(str),
    "boolean": _kind(bool),
    "date": _kind(Date),
    "time": _kind(Time),
    "date and time": _kind(DateTime),
    "dateTime": _kind(DateTime),
    "days and time duration": _kind(DaysTime),
    "dayTimeDuration": _kind(DaysTime),
    "years and months duration": _kind(YearsMonths),
    "yearMonthDuration": _kind(YearsMonths),
    "list": _kind(list),
    "context": _kind(dict),
    "range": _kind(Range),
    "function": lambda value: isinstance(value, Function),
}
TYPE_NAMES = frozenset(_KINDS)


def check_of(node: tree.Type, types: Types) -> Check | None:
    """The check of a written type, or None when there is no such type. Null is checked by the caller."""
    if node.parts:
        return _check_of_shape(node, types)
    return types.get(node.name) or _KINDS.get(node.name)


def _check_of_shape(node: tree.Type, types: Types) -> Check | None:
    if node.name == "function":
        return lambda value: isinstance(value, Function) and arity(value) in (None, len(node.parts) - 1)
    checks = [check_of(part, types) for part in node.parts]
    known = [check for check in checks if check is not None]
    if len(known) < len(checks):
        return None
    if node.name == "list":
        return lambda value: isinstance(value, list) and _all_pass(value, known[0])
    if node.name == "range":
        return lambda value: isinstance(value, Range) and _all_pass([value.start, value.end], known[0])
    entries = dict(zip(node.keys, known, strict=True))
    return lambda value: isinstance(value, dict) and has_entries(value, entries)


def _all_pass(values: list[Value], check: Check) -> bool:
    spend(1 + len(values))
    return all(value is None or check(value) for value in values)


def has_entries(context: dict[str, Value], entries: Mapping[str, Check]) -> bool:
    """Whether a context holds all entries, each null or of its type."""
    spend(1 + len(entries))
    return all(key in context and (context[key] is None or check(context[key])) for key, check in entries.items())


def arity(function: Function) -> int | None:
    """The number of parameters, or None when it is not fixed."""
    if isinstance(function, Closure):
        return len(function.parameters)
    if isinstance(function, Builtin) and len(function.forms) == 1:
        return len(function.forms[0].parameters)
    return None


def conformed(value: Value, check: Check) -> Value:
    """The value, a list's only item or a list of the value, whichever the type takes in (clause 10.3.2.9.4).

    Raises Unfit when none does.
    """
    if value is None or check(value):
        return value
    if isinstance(value, list) and len(value) == 1 and check(value[0]):
        return value[0]
    if check([value]):
        return [value]
    raise Unfit


def accept_of(node: tree.Type | None, types: Types) -> Accept:
    """What a parameter of this type does with an argument."""
    check = check_of(node, types) if node else None
    if check is None:
        return lambda value: value
    return lambda value: conformed(value, check)
