"""What FEEL knows besides numbers, texts and lists, and when two values are equal or in order.

Values are None, bool, Decimal, str, date, time, datetime, timedelta, YearsMonths, Range, list, dict and functions.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.budget import spend
from engine.feel.errors import FeelError

Value = Any
Scope = dict[str, Value]
Run = Callable[[Scope], Value]

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- local times are counted from it as well
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of whole months, which have no fixed number of days."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two ends; an end that is None is unbounded."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool

    def contains(self, value: Value) -> bool | None:
        """Whether a value lies between the ends, or None when it cannot be compared with them."""
        if self.start is None and self.end is None:
            return None
        above: bool | None = True
        if self.start is not None:
            above = compare(">=" if self.start_included else ">", value, self.start)
        if self.end is None or not above:
            return above
        return compare("<=" if self.end_included else "<", value, self.end)


class Function(ABC):
    """Anything that can be called: built in, defined in an expression, or lent by the host."""

    @abstractmethod
    def call(self, arguments: Sequence[Value], names: Sequence[str] = ()) -> Value:
        """The result for arguments by position, or by name when `names` is given. Null when they do not fit."""


_OPERATORS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED = frozenset({Decimal, str, date, timedelta, YearsMonths})
_ATOMS = frozenset({bool, Decimal, str, date, timedelta, YearsMonths})


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """The order of two values, or None when they have none (DMN 1.5, clause 10.3.2.13)."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return _OPERATORS[sign](left, right)
    if kind is datetime or kind is time:
        return _OPERATORS[sign](moment(left), moment(right)) if is_zoned(left) == is_zoned(right) else None
    return None


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal, or None when their kinds differ (DMN 1.5, clause 10.3.2.13)."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ATOMS:
        return bool(left == right)
    return _EQUALITIES[kind](left, right) if kind in _EQUALITIES else None


def same(left: Value, right: Value) -> bool:
    """Whether two values are surely equal; null equals null."""
    return equal(left, right) is True


def _equal_lists(left: Sequence[Value], right: Sequence[Value]) -> bool:
    spend(len(left))
    return len(left) == len(right) and all(map(same, left, right))


def _equal_contexts(left: Mapping[str, Value], right: Mapping[str, Value]) -> bool:
    spend(len(left))
    return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)


def _equal_ranges(left: Range, right: Range) -> bool:
    ends = (left.start_included, left.end_included) == (right.start_included, right.end_included)
    return ends and same(left.start, right.start) and same(left.end, right.end)


def _equal_times(left: datetime | time, right: datetime | time) -> bool:
    return is_zoned(left) == is_zoned(right) and moment(left) == moment(right)


_EQUALITIES: dict[type, Callable[[Value, Value], bool]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    datetime: _equal_times,
    time: _equal_times,
}


def is_zoned(value: datetime | time) -> bool:
    """Whether a time says where it holds."""
    return value.tzinfo is not None


def offset_of(value: datetime | time) -> timedelta | None:
    """The distance from UTC; a time of day in a named zone takes the one of a winter's day."""
    if value.tzinfo is None:
        return None
    return value.tzinfo.utcoffset(value if isinstance(value, datetime) else datetime.combine(_ANY_DAY, value))


def moment(value: datetime | time) -> timedelta:
    """A time as a distance: from the epoch, or from midnight; in UTC when it is zoned."""
    local = value if isinstance(value, datetime) else datetime.combine(EPOCH.date(), value)
    return local.replace(tzinfo=None, fold=0) - EPOCH - (offset_of(value) or timedelta())


_PLAIN = _ATOMS - {Decimal} | {type(None), time, datetime, Range}


def imported(value: object) -> Value:
    """A Python value as a FEEL value: whole numbers become decimals, mappings contexts, sequences lists.

    Raises FeelError for anything FEEL has no name for.
    """
    if type(value) in _PLAIN:
        return value
    if type(value) is int or (type(value) is Decimal and value.is_finite()):
        return Decimal(value)
    return _imported_container(value) if isinstance(value, (Mapping, list, tuple)) else _imported_kin(value)


def _imported_container(value: Mapping[object, object] | Sequence[object]) -> Value:
    spend(1 + (len(value) >> 3))
    if isinstance(value, Mapping):
        return {_imported_key(key): imported(entry) for key, entry in value.items()}
    return [imported(item) for item in value]


def _imported_key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise FeelError("上下文的键必须是文本", "A key of a context is no text")


def exported(value: Value) -> Value:
    """A result on its way out, paid for part by part.

    Parts may be shared, so that a small result unfolds to more than any reader could hold. Raises FeelBudgetError then.
    """
    if isinstance(value, (list, dict)):
        spend(1 + (len(value) >> 3))
        for part in value.values() if isinstance(value, dict) else value:
            exported(part)
    return value


def _imported_kin(value: object) -> Value:
    """A subclass of a known class (an enumeration of texts, say), or a number that came from JSON."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float, Decimal)):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if number.is_finite():
            return number
    if isinstance(value, (Function, date, time, timedelta)):
        return value
    raise FeelError(f"不能用于表达式的值：{type(value).__name__}", f"No FEEL value: {type(value).__name__}")
