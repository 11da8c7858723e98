"""When a value passes a unary test such as `< 5`, `"a"`, `[1..5]` or `count(?) > 2` (clauses 7.3.3 and 10.3.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.feel.budget import spend
from engine.feel.values import Range, Scope, Value, equal

Test = Callable[[Value, Scope], bool | None]


def passes(tests: Iterable[Test], subject: Value, scope: Scope) -> bool | None:
    """Whether one of the tests holds; null when none does but one is open."""
    result: bool | None = False
    for test in tests:
        answer = test(subject, scope)
        if answer is True:
            return True
        if answer is None:
            result = None
    return result


def fits(subject: Value, answer: Value, *, asks: bool) -> bool | None:
    """Whether a subject fits the value of a test; `asks` when the test itself speaks of `?`."""
    if isinstance(answer, Range):
        return answer.contains(subject)
    if isinstance(answer, list):
        return _fits_list(subject, answer)
    if isinstance(answer, bool) and (asks or not isinstance(subject, bool)):
        return answer if asks else False
    return equal(subject, answer)


def _fits_list(subject: Value, answer: list[Value]) -> bool:
    spend(1 + len(answer))
    if isinstance(subject, list) and equal(subject, answer):
        return True
    return any(fits(subject, item, asks=False) is True for item in answer)
