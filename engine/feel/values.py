"""What FEEL knows besides numbers, texts and lists, and when two values are equal or in order.

Values are None, bool, Decimal, str, Date, Time, DateTime, DaysTime, YearsMonths, Range, list, dict and functions.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.budget import spend
from engine.feel.instants import SECOND, Date, DateTime, DaysTime, Time, YearsMonths

Value = Any
Scope = dict[str, Value]
Run = Callable[[Scope], Value]


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two ends; an end that is None is unbounded.

    `sign` is kept of a range written `(=10)` or `(!=10)`, which equals no other.
    """

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    sign: str = ""

    def contains(self, value: Value) -> bool | None:
        """Whether a value lies between the ends, or None when it cannot be compared with them."""
        if self.start is None and self.end is None:
            return None
        if self.sign == "!=":
            same_as_start = equal(value, self.start)
            return None if same_as_start is None else not same_as_start
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
_ORDERED = frozenset({Decimal, str, Date, DaysTime, YearsMonths})
_ATOMS = frozenset({bool, Decimal, str, Date, DaysTime, YearsMonths})


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """The order of two values, or None when they have none (DMN 1.5, clause 10.3.2.13)."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return _OPERATORS[sign](left, right)
    if kind is DateTime or kind is Time:
        return _OPERATORS[sign](seconds(left), seconds(right)) if is_zoned(left) == is_zoned(right) else None
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
    kinds = (left.sign, left.start_included, left.end_included) == (
        right.sign,
        right.start_included,
        right.end_included,
    )
    return kinds and same(left.start, right.start) and same(left.end, right.end)


def _equal_times(left: DateTime | Time, right: DateTime | Time) -> bool:
    return is_zoned(left) == is_zoned(right) and seconds(left) == seconds(right)


_EQUALITIES: dict[type, Callable[[Value, Value], bool]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    DateTime: _equal_times,
    Time: _equal_times,
}


def seconds(value: DateTime | Time) -> int:
    """The instant a time is compared by: to the second, as its value is defined (clauses 10.3.2.3.4 and 10.3.2.3.5)."""
    return value.instant // SECOND


def is_zoned(value: DateTime | Time) -> bool:
    """Whether a time says where it holds."""
    return value.zone is not None
