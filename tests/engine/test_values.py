"""Process variables as plain values and as bytes."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.feel import compile_expression
from engine.values import differ, from_bytes, plain, to_bytes
from tests.kit.walks import typed

leaves = (
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**63 - 1)
    | some.decimals(allow_nan=False, allow_infinity=False, places=3)
    | some.text()
    | some.dates()
    | some.times()
    | some.datetimes(timezones=some.just(UTC))
    | some.timedeltas(timedelta(-9999), timedelta(9999))
)
keys = some.text() | some.sampled_from(["@", "v", "typename"])
values = some.recursive(leaves, lambda inner: some.lists(inner) | some.dictionaries(keys, inner), max_leaves=20)


@given(values)
def test_bytes_give_back_exactly_what_went_in(value: object) -> None:
    assert typed(from_bytes(to_bytes(value))) == typed(value)
    assert typed(from_bytes(to_bytes(value).decode())) == typed(value)


@given(values)
def test_plain_makes_a_fresh_copy_and_is_done_once(value: object) -> None:
    copied = plain(value)
    assert typed(plain(copied)) == typed(copied)
    assert not isinstance(value, list | dict) or copied is not value


def test_nested_values_are_copied_too() -> None:
    inner = {"n": 1}
    copied = plain({"rows": [inner], "pair": (1, 2)})
    inner["n"] = 2
    assert copied == {"rows": [{"n": 1}], "pair": [1, 2]}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("3.00"), 3),
        (Decimal("-0"), 0),
        (Decimal("3.10"), Decimal("3.10")),
        (Decimal(2) ** 63, Decimal(2) ** 63),
        (2**70, Decimal(2**70)),
        (Decimal("1E+6000"), Decimal("1E+6000")),
        (True, True),
    ],
)
def test_numbers_are_int_as_far_as_json_can_hold_them(value: object, kept: object) -> None:
    assert typed(plain(value)) == typed(kept)
    assert typed(from_bytes(to_bytes(plain(value)))) == typed(kept)


@pytest.mark.parametrize("value", [1.5, b"x", {1, 2}, object(), [1.5], {"x": 1j}])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not a plain value"):
        plain(value)


@pytest.mark.parametrize("text", ["[1..5]", 'duration("P1Y")', "function(x) x"])
def test_feel_values_that_are_no_variables_are_refused(text: str) -> None:
    with pytest.raises(TypeError, match="not a plain value"):
        plain(compile_expression(text).evaluate({}))


def test_instants_keep_their_zone_and_times_of_day_their_seconds() -> None:
    written = {
        "at": datetime.fromisoformat("2026-09-07T09:00:00.123456+08:00"),
        "hour": time(8, 30, 1),
        "day": date(1, 1, 1),
    }
    read = from_bytes(to_bytes(written))
    assert read == written
    assert read["at"].utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (1, True),
        (0, False),
        ([1], [True]),
        ({"x": [1]}, {"x": [True]}),
        (1, 2),
        (None, False),
        ("1", 1),
        (date(2026, 1, 1), "2026-01-01"),
    ],
)
def test_what_feel_tells_apart_differs(before: object, after: object) -> None:
    assert differ(before, after)


@pytest.mark.parametrize(("before", "after"), [(1, 1), ([1, {"x": None}], [1, {"x": None}]), ("a", "a")])
def test_what_is_the_same_does_not_differ(before: object, after: object) -> None:
    assert not differ(before, after)
