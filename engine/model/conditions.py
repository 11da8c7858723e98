"""Recognises the plain conditions people draw (`vetting = "forward" and amount > 5`) well enough to compare two."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

Literal: TypeAlias = str | Decimal | bool

NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
STRING = r'"(?:[^"\\]|\\.)*"'
COMPARISON = re.compile(rf"\s*({NAME})\s*(!=|<=|>=|=|<|>)\s*({STRING}|-?\d+(?:\.\d+)?|true\b|false\b)\s*")
FLAG = re.compile(rf"\s*(?:not\s*\(\s*({NAME})\s*\)|({NAME}))\s*(?=\Z|and\b)")
TESTED = re.compile(rf"(?<![\w.])({NAME})\s*!?=\s*({STRING})")
TESTED_BACKWARDS = re.compile(rf"({STRING})\s*!?=\s*({NAME})")
TESTED_IN = re.compile(rf"(?<![\w.])({NAME})\s+in\s*[(\[]\s*({STRING}(?:\s*,\s*{STRING})*)\s*[)\]]")

MAX_LENGTH = 1_000  # of an expression: beyond it nobody reads it, and searching it costs too much

HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`name sign value`, the value a literal."""

    name: str
    sign: str
    value: Literal

    def holds(self, value: Literal) -> bool:
        """Whether the comparison is true when the name has this value."""
        if self.sign in {"=", "!="}:
            return (type(value) is type(self.value) and value == self.value) == (self.sign == "=")
        return isinstance(value, Decimal) and isinstance(self.value, Decimal) and HOLDS[self.sign](value, self.value)


def read_conjunction(text: str) -> tuple[Comparison, ...] | None:
    """The comparisons that `and` joins in a condition; None when the condition holds anything else."""
    found, at = [], 0
    while len(text) <= MAX_LENGTH:
        comparison, at = _read_comparison(text, at)
        if comparison is None:
            return None
        found.append(comparison)
        if at == len(text):
            return tuple(found)
        if not text.startswith("and", at):
            return None
        at += len("and")
    return None


def share_a_name(one: tuple[Comparison, ...], other: tuple[Comparison, ...]) -> bool:
    """Whether the two conditions look at the same thing."""
    return bool({comparison.name for comparison in one} & {comparison.name for comparison in other})


def can_both_hold(one: tuple[Comparison, ...], other: tuple[Comparison, ...]) -> bool:
    """Whether some values make both true: every literal is tried, and the gaps between and beyond the numbers."""
    every = one + other
    return all(
        any(all(each.holds(value) for each in every if each.name == name) for value in _trials(every, name))
        for name in {comparison.name for comparison in every}
    )


@lru_cache(maxsize=4096)
def texts_compared(text: str) -> frozenset[tuple[str, str]]:
    """Each (name, text) that the expression compares for equality: `a = "x"`, `"x" = a`, `a in ("x", "y")`."""
    return frozenset(_texts_compared(text)) if len(text) <= MAX_LENGTH else frozenset()


def _texts_compared(text: str) -> Iterator[tuple[str, str]]:
    yield from ((match[1], _unquote(match[2])) for match in TESTED.finditer(text))
    yield from ((match[2], _unquote(match[1])) for match in TESTED_BACKWARDS.finditer(text))
    for match in TESTED_IN.finditer(text):
        yield from ((match[1], _unquote(quoted)) for quoted in re.findall(STRING, match[2]))


def _read_comparison(text: str, at: int) -> tuple[Comparison | None, int]:
    if match := COMPARISON.match(text, at):
        return Comparison(match[1], match[2], _literal(match[3])), match.end()
    if match := FLAG.match(text, at):
        return Comparison(match[1] or match[2], "=", match[1] is None), match.end()
    return None, at


def _trials(every: tuple[Comparison, ...], name: str) -> Iterator[Literal]:
    values = [comparison.value for comparison in every if comparison.name == name]
    yield from values
    yield from (True, False, "…")
    numbers = sorted({value for value in values if isinstance(value, Decimal)})
    if numbers:
        yield from ((low + high) / 2 for low, high in pairwise(numbers))
        yield from (numbers[0] - 1, numbers[-1] + 1)


def _literal(text: str) -> Literal:
    if text in {"true", "false"}:
        return text == "true"
    return _unquote(text) if text.startswith('"') else Decimal(text)


def _unquote(text: str) -> str:
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
