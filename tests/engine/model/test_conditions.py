"""Two plain conditions are compared as a reader would: can both be true?"""

from __future__ import annotations

import pytest

from engine.model.conditions import both_hold, read_conjunction, texts_compared


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ('a = "x"', 'a = "x"', True),
        ('a = "x"', 'a = "y"', False),
        ('a = "x"', 'a != "x"', False),
        ('a != "x"', 'a != "y"', True),
        ('a = "1"', "a = 1", False),
        ("a = true", "a = 1", False),
        ("n > 3", "n > 5", True),
        ("n > 3", "n <= 3", False),
        ("n >= 3", "n <= 3", True),
        ("n < 3", "n > 3", False),
        ("n > -1.5", "n < -1.4", True),
        ("urgent", "not(urgent)", False),
        ("urgent = true", "urgent", True),
        ('a = "x" and n > 3', 'a = "x" and n <= 3', False),
        ('a = "x" and n > 3', 'a = "x"', True),
        ('a = "x"', "n > 3", True),
        ('a.b = "x"', 'a.c = "x"', True),
        ("n in [1..5)", "n = 5", False),
        ("n between 1 and 5", "5 <= n", True),
        ('a in ("x", "y")', 'a = "y"', True),
        ('a in ("x", "y")', 'a = "z" and n > 3', False),
        ("a = null", 'a = "x"', False),
        ('"x" = a', 'a != "x"', False),
        ('day < date("2026-01-02")', 'day > @"2026-01-01"', False),
        ('类别 = "急哨"', '类别 = "平哨"', False),
    ],
)
def test_whether_two_conditions_can_both_be_true(one: str, other: str, both: bool) -> None:
    first, second = read_conjunction(one), read_conjunction(other)
    assert first is not None
    assert second is not None
    assert (both_hold(first, second) is not None) is both
    assert (both_hold(second, first) is not None) is both


@pytest.mark.parametrize("text", ["", "a = 1 or b = 2", "count(x) > 3", "a = b", "a = 1 and", "a + 1 = 2"])
def test_a_condition_that_is_not_plain_is_left_alone(text: str) -> None:
    assert read_conjunction(text) is None


def test_an_example_shows_when_both_are_true() -> None:
    first, second = read_conjunction("n > 3 and n < 9"), read_conjunction('n > 5 and a = "x"')
    assert first is not None
    assert second is not None
    sample = both_hold(first, second) or {}
    assert {name: piece.example for name, piece in sample.items()} == {"a": '"x"', "n": "7"}


def test_a_name_that_begins_with_and_is_a_name() -> None:
    conjunction = read_conjunction("android = 1 and andrew")
    assert conjunction is not None
    assert list(conjunction) == ["android", "andrew"]


def test_texts_are_found_however_they_are_compared() -> None:
    text = 'a = "1" or "2" = b or not(c in ("3", "4")) or d.e != "5"'
    assert texts_compared(text) == {("a", "1"), ("b", "2"), ("c", "3"), ("c", "4"), ("d.e", "5")}


def test_an_endless_text_is_not_searched() -> None:
    assert texts_compared('"\\' * 100_000) == frozenset()
    assert read_conjunction("a" * 100_000) is None
