"""The kinds of value that checks reason with, what people call them, and which functions take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from engine.feel.callables import Builtin
from engine.feel.instants import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.signatures import Form
from engine.feel.values import Function, Range, Value

Kind = str | None  # None: not known before it is evaluated

CLASSES: Mapping[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysTime,
    "years and months duration": YearsMonths,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
}
_NAMES = {known: kind for kind, known in CLASSES.items()}
_OTHER_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
_WORDS = {
    "number": "数字",
    "string": "文本",
    "boolean": "是非",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "时长",
    "years and months duration": "年月时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
}
ORDERED = frozenset(CLASSES) - {"boolean", "list", "context", "range", "function"}


def kind_of(value: Value) -> Kind:
    """The kind of a value; null has none."""
    return _NAMES.get(type(value))


def kind_of_type(name: str) -> Kind:
    """The kind that a built-in type names, or None for any other type."""
    name = _OTHER_NAMES.get(name, name)
    return name if name in CLASSES else None


def word(kind: Kind) -> str:
    """A kind in Chinese."""
    return _WORDS.get(kind or "", "未知")


def suiting_forms(function: Builtin, arguments: Sequence[Kind], names: Sequence[str]) -> list[Form]:
    """The forms of a function that may take arguments of these kinds, by position or by name."""
    return [form for form in function.forms if _suits(form, arguments, names)]


def _suits(form: Form, arguments: Sequence[Kind], names: Sequence[str]) -> bool:
    parameters = form.parameters
    if names:
        by_name = {each.name: each.kinds for each in parameters}
        known = by_name.keys() >= set(names)
        return known and all(_takes(by_name[name], kind) for name, kind in zip(names, arguments, strict=True))
    rest = any(each.rest for each in parameters)
    needed = sum(not (each.optional or each.rest) for each in parameters)
    if not needed <= len(arguments) <= (len(arguments) if rest else len(parameters)):
        return False
    return all(_takes(each.kinds, kind) for each, kind in zip(parameters, arguments, strict=False) if not each.rest)


def _takes(wanted: tuple[str, ...], kind: Kind) -> bool:
    """Whether a parameter may take a kind: a list of one stands for its item, and an item for a list of it."""
    return not wanted or kind is None or kind in wanted or "list" in (kind, *wanted)
