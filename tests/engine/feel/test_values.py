"""Which Python values come in and go out, and that there is no way from them into Python itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest

from engine.feel import FeelError, compile_expression


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (3, Decimal(3)),
        (True, True),
        (0.1, Decimal("0.1")),
        (Colour.RED, "red"),
        ((1, 2), [Decimal(1), Decimal(2)]),
        (MappingProxyType({"a": {"b": 1}}), {"a": {"b": Decimal(1)}}),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        (date(2026, 1, 1), date(2026, 1, 1)),
        (None, None),
    ],
)
def test_python_values_become_feel_values(given: object, seen: object) -> None:
    result = compile_expression("x").evaluate({"x": given})
    assert result == seen
    assert type(result) is type(seen)


@pytest.mark.parametrize("given", [object(), b"bytes", {1: 2}, {"a": {3}}, len, float("nan"), Decimal("Infinity"), 1j])
def test_what_feel_has_no_name_for_is_refused(given: object) -> None:
    with pytest.raises(FeelError):
        compile_expression("x").evaluate({"x": given})


def nested(depth: int, *, inside: str = "") -> object:
    value: object = 1
    for _ in range(depth):
        value = {inside: value} if inside else [value]
    return value


def circular() -> object:
    value: list[object] = []
    value.append(value)
    return value


ODD = {
    "a key that libraries use themselves": {"typename": "datetime", "value": "2026-01-01T00:00:00"},
    "keys of Python": {"__class__": 1, "__init__": 2},
    "a megabyte of text": "吹" * 1_000_000,
    "half a character": "\ud800",
    "half a character as a key": {"\udfff": 1},
    "nothing at all": {"": {"": ""}},
    "a number of 6,000 digits": 10**6000,
    "a tiny number": Decimal("1e-999999"),
}


@pytest.mark.parametrize("given", ODD.values(), ids=ODD.keys())
def test_odd_values_go_through_unharmed(given: object) -> None:
    assert compile_expression("x").evaluate({"x": given}) == given
    assert compile_expression("[x, {a: x}][1] = x and {a: x}.a = x").evaluate({"x": given}) is True


TOO_ODD = {
    "nan": {"a": [float("nan")]},
    "infinity": [Decimal("-Infinity")],
    "a signalling nan": Decimal("sNaN"),
    "an endless number": 10**1_000_000,
    "an endless exponent": Decimal("1e999999"),
    "too deep a list": nested(100_000),
    "too deep a context": nested(100_000, inside="typename"),
    "a circle": circular(),
    "too long a list": [0] * 2_000_000,
    "too many keys": dict.fromkeys(map(str, range(1_000_000))),
}


@pytest.mark.parametrize("given", TOO_ODD.values(), ids=TOO_ODD.keys())
@pytest.mark.parametrize("text", ["x", "x = x", "string(x)"])
def test_values_beyond_feel_are_a_clear_error(given: object, text: str) -> None:
    with pytest.raises(FeelError):
        compile_expression(text).evaluate({"x": given})


def test_what_is_said_of_a_value_can_be_printed_whatever_it_holds() -> None:
    with pytest.raises(FeelError) as caught:
        compile_expression('1 "\ud800' + "x" * 1000 + '"')
    assert len(caught.value.sentence.encode("utf-8")) < 200


def test_only_the_values_an_expression_names_are_looked_at() -> None:
    assert compile_expression("1 + 1").evaluate({"unused": object()}) == 2


@pytest.mark.parametrize(
    "text",
    [
        '"a".__class__',
        "x.__class__.__mro__",
        "x.__init__",
        "items.append",
        "items.__len__",
        "due.tzinfo",
        "due.replace",
        "__import__",
        '__import__("os")',
        "globals()",
        'eval("1")',
        "constructor",
        '"a".upper',
        "(function(x) x).scope",
        "sum.forms",
        "[1..2].contains",
    ],
)
def test_python_objects_cannot_be_reached(text: str) -> None:
    values = {"x": {"a": 1}, "items": [1], "due": datetime(2026, 1, 1, tzinfo=UTC)}
    assert compile_expression(text).evaluate(values) in (None, [None])


def test_values_given_are_never_changed() -> None:
    items: list[object] = [1, {"a": 2}]
    compile_expression('append(items, 3) = context put(items[2], "a", 5)').evaluate({"items": items})
    assert items == [1, {"a": 2}]


def test_an_error_of_a_host_function_is_not_swallowed() -> None:
    def broken() -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        compile_expression("broken()").evaluate({}, functions={"broken": broken})


def walk(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, list):
        for item in value:
            yield from walk(item)


def test_the_results_before_an_iteration_are_copies() -> None:
    result = compile_expression("for i in 1..3 return partial").evaluate({})
    assert [len(part) for part in result] == [0, 1, 2]
    assert len(list(walk(result))) == 8
