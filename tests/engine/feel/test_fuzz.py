"""Whatever comes in, nothing but an error of ours comes out."""

import contextlib
import random
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import Budget, FeelError, compile_expression, compile_unary_tests
from engine.feel.functions import BUILTINS
from tests.engine.feel.test_bombs import HARMLESS
from tests.engine.feel.test_everyday import EVERYDAY, VALUES

CORPUS = [*EVERYDAY, *(text for text in HARMLESS.values() if len(text) < 500)]
PIECES = [
    *BUILTINS, "if", "then", "else", "for", "in", "return", "some", "satisfies", "between", "instance of", "function",
    "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "+", "-", "*", "/", "**", "=", "<", ">=", "!=", "@", "?", '"a"',
    "1", "0.5", "null", "true", "amount", "items", "金额", "item", '@"P1D"', '@"2026-01-01"', "，", "'", '"', "\\", "#",
]  # fmt: skip


def survives(text: str) -> None:
    """Compile and evaluate as expression and as table cell, letting pass only errors of ours."""
    for compiled in (compile_expression, compile_unary_tests):
        with contextlib.suppress(FeelError):
            compiled(text, names=VALUES).evaluate(VALUES, budget=Budget(steps=5000, seconds=0.05))


@settings(max_examples=300, deadline=1000, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_heaps_of_tokens_are_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=200, deadline=1000, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    survives(text)


@settings(max_examples=300, deadline=1000, derandomize=True)
@given(
    st.sampled_from(sorted(BUILTINS)),
    st.lists(st.sampled_from(["null", "1", "-1.5", '"a"', '""', "[]", "[1, null]", "{}", "{a: 1}", "true", '@"P1D"',
        '@"P1M"', '@"2026-01-01"', '@"10:00:00"', '@"2026-01-01T10:00:00Z"', "[1..5]", "(< 3)", "count", "1e6000"]),
        max_size=4),
)  # fmt: skip
def test_built_ins_take_any_arguments(name: str, arguments: list[str]) -> None:
    survives(f"{name}({', '.join(arguments)})")


def test_every_truncation_and_many_mutations_of_good_expressions_are_survived() -> None:
    chance = random.Random(20261120)
    until = time.perf_counter() + 3
    for text in CORPUS:
        for end in range(len(text)):
            survives(text[:end])
    while time.perf_counter() < until:
        text = chance.choice(CORPUS)
        at = chance.randrange(len(text) + 1)
        survives(text[:at] + chance.choice(PIECES) + text[at + chance.randrange(3) :])
