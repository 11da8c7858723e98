"""How points and ranges lie to each other (DMN 1.5, clause 10.3.4.9), ranges from text, and sameness of values.

A point is the range from itself to itself, so every relation is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.feel.callables import Library
from engine.feel.instants import DateTime, Time
from engine.feel.range_text import read_range
from engine.feel.signatures import Unfit
from engine.feel.values import Range, Value, compare, equal, same

library = Library()

_RANGES = "range1: range, range2: range -> boolean"
_POINTS = "point1: any, point2: any -> boolean"
_POINT_FIRST = "point: any, range: range -> boolean"
_RANGE_FIRST = "range: range, point: any -> boolean"


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a range: `side` is -1 or 1 where it is unbounded, `closed` when the end itself belongs to it."""

    value: Value
    side: int
    closed: bool


@dataclass(frozen=True, slots=True)
class _Span:
    start: _End
    end: _End


def _span(value: Value) -> _Span:
    if value is None:
        raise Unfit
    if not isinstance(value, Range):
        return _Span(_End(value, 0, True), _End(value, 0, True))
    return _Span(
        _End(value.start, -1 if value.start is None else 0, value.start_included),
        _End(value.end, 1 if value.end is None else 0, value.end_included),
    )


def _less(left: _End, right: _End) -> bool:
    if left.side or right.side:
        return left.side < right.side
    answer = compare("<", left.value, right.value)
    if answer is None:
        raise Unfit
    return answer


def _meet(left: _End, right: _End) -> bool:
    return left.side == right.side and same(left.value, right.value)


def _relation(name: str, *signatures: str) -> Callable[[Callable[[_Span, _Span], bool]], None]:
    def register(body: Callable[[_Span, _Span], bool]) -> None:
        library.define(name, *signatures)(lambda left, right: body(_span(left), _span(right)))

    return register


def _before(left: _Span, right: _Span) -> bool:
    touching = _meet(left.end, right.start) and not (left.end.closed and right.start.closed)
    return _less(left.end, right.start) or touching


def _meets(left: _Span, right: _Span) -> bool:
    return left.end.closed and right.start.closed and _meet(left.end, right.start)


def _overlaps(left: _Span, right: _Span) -> bool:
    return not _before(left, right) and not _before(right, left)


def _starts_earlier(left: _Span, right: _Span) -> bool:
    wider = left.start.closed and not right.start.closed
    return _less(left.start, right.start) or (_meet(left.start, right.start) and wider)


def _ends_later(left: _Span, right: _Span) -> bool:
    wider = left.end.closed and not right.end.closed
    return _less(right.end, left.end) or (_meet(left.end, right.end) and wider)


def _overlaps_before(left: _Span, right: _Span) -> bool:
    return _starts_earlier(left, right) and not _before(left, right) and not _ends_later(left, right)


def _includes(left: _Span, right: _Span) -> bool:
    return not _starts_earlier(right, left) and not _ends_later(right, left)


def _finishes(left: _Span, right: _Span) -> bool:
    together = _meet(left.end, right.end) and left.end.closed == right.end.closed
    return together and not _starts_earlier(left, right)


def _starts(left: _Span, right: _Span) -> bool:
    together = _meet(left.start, right.start) and left.start.closed == right.start.closed
    return together and not _ends_later(left, right)


def _turned(relation: Callable[[_Span, _Span], bool]) -> Callable[[_Span, _Span], bool]:
    return lambda left, right: relation(right, left)


_relation("before", _POINTS)(_before)
_relation("after", _POINTS)(_turned(_before))
_relation("meets", _RANGES)(_meets)
_relation("met by", _RANGES)(_turned(_meets))
_relation("overlaps", _RANGES)(_overlaps)
_relation("overlaps before", _RANGES)(_overlaps_before)
_relation("overlaps after", _RANGES)(_turned(_overlaps_before))
_relation("includes", _RANGES, _RANGE_FIRST)(_includes)
_relation("during", _RANGES, _POINT_FIRST)(_turned(_includes))
_relation("finishes", _RANGES, _POINT_FIRST)(_finishes)
_relation("finished by", _RANGES, _RANGE_FIRST)(_turned(_finishes))
_relation("starts", _RANGES, _POINT_FIRST)(_starts)
_relation("started by", _RANGES, _RANGE_FIRST)(_turned(_starts))


@library.define("coincides", _POINTS, _RANGES)
def _coincides(left: Value, right: Value) -> bool | None:
    return None if left is None else equal(left, right)


@library.define("range", "from: string -> range")
def _range(text: str) -> Range | None:
    return read_range(text)


@library.define("is", "value1: any, value2: any -> boolean")
def _is(left: Value, right: Value) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, (DateTime, Time)) and str(left.zone) != str(right.zone):
        return False
    return same(left, right)
