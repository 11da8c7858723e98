"""Functions that sum up a list, given as a list or as single arguments (DMN 1.5, clause 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from engine.feel.arithmetic import operation
from engine.feel.budget import spend
from engine.feel.callables import Body, Library
from engine.feel.decimals import CONTEXT, ONE, ZERO
from engine.feel.instants import DaysTime, YearsMonths
from engine.feel.signatures import Unfit
from engine.feel.values import Value, compare

library = Library()
_plus, _over = operation("+"), operation("/")


def _define(name: str, result: str = "") -> Callable[[Body], Body]:
    def register(body: Body) -> Body:
        library.define(name, f"*list: any{result}")(lambda values: body(_spread(values)))
        return body

    return register


def _spread(values: list[Value]) -> list[Value]:
    if not values:
        raise Unfit
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    spend(len(items) >> 2)
    return items


def _numbers(items: list[Value]) -> list[Decimal]:
    if not items or not all(type(item) is Decimal for item in items):
        raise Unfit
    return items


def _extreme(sign: str) -> Callable[[list[Value]], Value]:
    def extreme(items: list[Value]) -> Value:
        if not items or compare("<=", items[0], items[0]) is None:
            return None
        best = items[0]
        for item in items[1:]:
            better = compare(sign, item, best)
            if better is None:
                return None
            best = item if better else best
        return best

    return extreme


_define("min")(_extreme("<"))
_define("max")(_extreme(">"))


@_define("sum")
def total(items: list[Value]) -> Value:
    """The sum of numbers or durations, or None."""
    if not items or type(items[0]) not in (Decimal, YearsMonths, DaysTime):
        return None
    result = items[0]
    for item in items[1:]:
        result = _plus(result, item)
    return result


@_define("mean")
def _mean(items: list[Value]) -> Value:
    return _over(total(items), Decimal(len(items)))


@_define("product", " -> number")
def _product(items: list[Value]) -> Decimal:
    result = ONE
    for number in _numbers(items):
        result = CONTEXT.multiply(result, number)
    return result


@_define("median", " -> number")
def _median(items: list[Value]) -> Decimal:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_define("stddev", " -> number")
def _stddev(items: list[Value]) -> Decimal:
    numbers = _numbers(items)
    mean: Decimal = _mean(items)
    squares = ZERO
    for number in numbers:
        distance = CONTEXT.subtract(number, mean)
        squares = CONTEXT.add(squares, CONTEXT.multiply(distance, distance))
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(numbers) - 1)))


@_define("mode", " -> list")
def _mode(items: list[Value]) -> list[Value]:
    if not items:
        return []
    counts = Counter(_numbers(items))
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


@_define("all", " -> boolean")
def all_true(items: list[Value]) -> bool | None:
    """Whether all are true: false if one is false, null if that is open."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@_define("any", " -> boolean")
def any_true(items: list[Value]) -> bool | None:
    """Whether one is true; null if that is open."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


_define("and", " -> boolean")(all_true)
_define("or", " -> boolean")(any_true)


@library.define("not", "negand: any -> boolean")
def negation(value: Value) -> bool | None:
    """The opposite of a boolean; anything else is null."""
    return not value if isinstance(value, bool) else None
