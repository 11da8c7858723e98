"""Functions on lists (DMN 1.5, clause 10.3.4.4), other than those that sum them up."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.feel.budget import spend
from engine.feel.callables import Library
from engine.feel.signatures import Unfit
from engine.feel.values import Function, Value, compare, same

library = Library()
define = library.define


def is_among(items: Sequence[Value], value: Value) -> bool:
    """Whether a list holds a value."""
    spend(len(items) >> 3)
    return any(same(item, value) for item in items)


def _distinct(items: Sequence[Value]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        if not is_among(kept, item):
            kept.append(item)
    return kept


def _place(items: Sequence[Value], position: int) -> int:
    """The index of a position counted from 1, or from -1 backwards."""
    if position == 0 or abs(position) > len(items):
        raise Unfit
    return position - 1 if position > 0 else len(items) + position


@define("count", "list: list -> number")
def _count(items: list[Value]) -> Decimal:
    return Decimal(len(items))


@define("list contains", "list: list, element: any -> boolean")
def _list_contains(items: list[Value], element: Value) -> bool:
    return is_among(items, element)


@define("append", "list: list, *item: any -> list")
def _append(items: list[Value], added: list[Value]) -> list[Value]:
    return items + added


@define("concatenate", "*list: any -> list")
def _concatenate(lists: list[Value]) -> list[Value] | None:
    if any(part is None for part in lists):
        return None
    return [item for part in lists for item in (part if isinstance(part, list) else [part])]


@define("union", "*list: any -> list")
def _union(lists: list[Value]) -> list[Value] | None:
    joined = _concatenate(lists)
    return None if joined is None else _distinct(joined)


@define("distinct values", "list: list -> list")
def _distinct_values(items: list[Value]) -> list[Value]:
    return _distinct(items)


@define("insert before", "list: list, position: integer, newItem: any -> list")
def _insert_before(items: list[Value], position: int, item: Value) -> list[Value]:
    place = _place(items, position)
    return [*items[:place], item, *items[place:]]


@define("remove", "list: list, position: integer -> list")
def _remove(items: list[Value], position: int) -> list[Value]:
    place = _place(items, position)
    return items[:place] + items[place + 1 :]


@define("list replace", "list: list, position: integer, newItem: any -> list")
def _list_replace(items: list[Value], position: int, item: Value) -> list[Value]:
    place = _place(items, position)
    return [*items[:place], item, *items[place + 1 :]]


@define("list replace", "list: list, match: function, newItem: any -> list")
def _list_replace_matches(items: list[Value], match: Function, new: Value) -> list[Value] | None:
    answers = [match.call((item, new)) for item in items]
    if not all(isinstance(answer, bool) for answer in answers):
        return None
    return [new if answer else item for item, answer in zip(items, answers, strict=True)]


@define("sublist", "list: list, start position: integer, length?: integer -> list")
def _sublist(items: list[Value], position: int, length: int | None = None) -> list[Value] | None:
    start = _place(items, position)
    if length is None:
        return items[start:]
    return items[start : start + length] if 0 < length <= len(items) - start else None


@define("reverse", "list: list -> list")
def _reverse(items: list[Value]) -> list[Value]:
    return items[::-1]


@define("index of", "list: list, match: any -> list")
def _index_of(items: list[Value], match: Value) -> list[Value]:
    spend(len(items) >> 3)
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match)]


@define("flatten", "list: list -> list")
def _flatten(items: list[Value]) -> list[Value]:
    return list(_flat(items))


def _flat(items: list[Value]) -> Iterator[Value]:
    for item in items:
        spend()
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


@define("sort", "list: list, precedes?: function -> list")
def _sort(items: list[Value], precedes: Function | None = None) -> list[Value]:
    def comes_first(left: Value, right: Value) -> bool:
        answer = precedes.call((left, right)) if precedes else compare("<", left, right)
        return answer is True

    def order(left: Value, right: Value) -> int:
        spend()
        return -1 if comes_first(left, right) else 1 if comes_first(right, left) else 0

    return sorted(items, key=functools.cmp_to_key(order))
