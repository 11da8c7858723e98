"""Whatever comes in, out comes a value, or an error of ours that says where.

`FEEL_FUZZ=1000000 pytest tests/engine/feel/test_fuzz.py` is the long version.
"""

import os
import random
import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import (
    Budget,
    FeelBudgetError,
    FeelError,
    FeelSyntaxError,
    Range,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
    write,
)
from engine.feel.border import imported
from engine.feel.functions import BUILTINS
from engine.feel.instants import Date, DateTime, DaysTime, Time
from engine.feel.values import Function
from tests.engine.feel.bombs import HARMLESS, TOO_MUCH
from tests.engine.feel.test_everyday import EVERYDAY, VALUES
from tests.engine.feel.test_instants import FAR

MUTATIONS = int(os.environ.get("FEEL_FUZZ", "20000"))
SHARES = 4  # so that several processes may share the work

CORPUS = [text for text in (*EVERYDAY, *FAR, *HARMLESS.values(), *TOO_MUCH.values()) if len(text) < 500]
PIECES = [
    *BUILTINS, "if", "then", "else", "for", "in", "return", "some", "satisfies", "between", "instance of", "function",
    "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "+", "-", "*", "/", "**", "=", "<", ">=", "!=", "@", "?", '"a"',
    "1", "0.5", "1e6000", "null", "true", "amount", "items", "金额", "item", "partial", '@"P1D"', '@"2026-01-01"',
    '@"-99999-01-01T00:00:00@Europe/Paris"', "，", "'", '"', "\\", "#", "\ud800", "\x00", "\u3000", "//", "/*",
]  # fmt: skip
TOKENS = re.compile(r'"[^"]*"|\w+|\s+|.', re.DOTALL)
VALUE_KINDS = (
    type(None), bool, Decimal, str, date, datetime, time, timedelta, YearsMonths, Range, list, dict, Function,
    Date, Time, DateTime, DaysTime,
)  # fmt: skip


def survives(text: str) -> None:
    """Compile, check and evaluate as expression and as table cell: a value of FEEL, or an error with its place."""
    for compiled in (compile_expression, compile_unary_tests):
        try:
            expression = compiled(text, names=VALUES)
            expression.infer({"amount": "number", "items": "list", "due": "date and time"})
            value = expression.evaluate(VALUES, budget=Budget(steps=5000, seconds=0.05))
        except (FeelSyntaxError, FeelBudgetError) as error:
            assert error.position is not None
            assert 0 <= error.position <= len(text)
            assert error.sentence
            assert error.english
        else:
            assert isinstance(value, VALUE_KINDS)
            with suppress(FeelBudgetError):
                write(imported(value))


def mutated(chance: random.Random) -> str:
    """A good expression with one to three of its parts taken out, doubled, swapped or replaced."""
    parts = TOKENS.findall(chance.choice(CORPUS))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(parts) + 1)
        match chance.randrange(5):
            case 0:
                parts.insert(at, chance.choice(PIECES))
            case 1:
                parts[at : at + chance.randint(1, 3)] = []
            case 2:
                parts[at : at + 1] = [chance.choice(PIECES)]
            case 3:
                parts[at:at] = parts[at : at + chance.randint(1, 5)]
            case 4:
                other = TOKENS.findall(chance.choice(CORPUS))
                parts[at:] = other[chance.randrange(len(other)) :]
    return "".join(parts)


@pytest.mark.parametrize("share", range(SHARES))
def test_mutated_expressions_are_survived(share: int) -> None:
    chance = random.Random(20261120 + share)
    for _ in range(MUTATIONS // SHARES):
        survives(mutated(chance))


def test_every_truncation_of_good_expressions_is_survived() -> None:
    for text in EVERYDAY:
        for end in range(len(text)):
            survives(text[:end])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_heaps_of_tokens_are_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(BUILTINS)),
    st.lists(st.sampled_from(["null", "1", "-1.5", '"a"', '""', "[]", "[1, null]", "{}", "{a: 1}", "true", '@"P1D"',
        '@"P1M"', '@"2026-01-01"', '@"10:00:00"', '@"2026-01-01T10:00:00Z"', "[1..5]", "(< 3)", "(!= 3)", "count",
        "1e6000", '@"999999999-12-31"']), max_size=4),
)  # fmt: skip
def test_built_ins_take_any_arguments(name: str, arguments: list[str]) -> None:
    survives(f"{name}({', '.join(arguments)})")


def test_a_fault_of_the_host_is_the_only_error_without_a_place() -> None:
    with pytest.raises(FeelError) as caught:
        compile_expression("x").evaluate({"x": object()})
    assert not isinstance(caught.value, FeelSyntaxError | FeelBudgetError)
