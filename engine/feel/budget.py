"""What one evaluation may use up, so that no expression, however hostile, keeps a server busy or fills its memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from engine.feel.errors import FeelBudgetError

STEPS = 100_000
CALL_DEPTH = 64
PATTERN_SECONDS = 0.25
TEXT_LENGTH = 100_000
SOURCE_LENGTH = 20_000
NESTING = 60
HEIGHT = 120


class Budget:
    """The allowance of one evaluation: steps, nested calls, and seconds spent in regular expressions."""

    __slots__ = ("depth", "seconds", "steps")

    def __init__(self, steps: int = STEPS, depth: int = CALL_DEPTH, seconds: float = PATTERN_SECONDS) -> None:
        self.steps = steps
        self.depth = depth
        self.seconds = seconds


# A context variable reaches equality and text conversion, which walk values and have no scope to carry a budget in.
_running: ContextVar[Budget | None] = ContextVar("feel_budget", default=None)
start = _running.set
stop = _running.reset


@contextmanager
def running(budget: Budget) -> Iterator[None]:
    """Charge everything done inside to this budget."""
    token = start(budget)
    try:
        yield
    finally:
        stop(token)


def spend(steps: int = 1) -> None:
    """Pay for work that is about to be done. Raises FeelBudgetError when the allowance is used up."""
    budget = _running.get()
    if budget is None:
        return
    budget.steps -= steps
    if budget.steps < 0:
        raise FeelBudgetError("运算步数超过上限", "The evaluation takes too many steps")


def spend_text(length: int) -> None:
    """Pay for a text of this length. Raises FeelBudgetError when one text alone is too long."""
    if length > TEXT_LENGTH:
        raise FeelBudgetError("文本过长", f"A text is longer than {TEXT_LENGTH} characters")
    spend(length >> 6)


def weigh(value: object) -> int:
    """The steps it takes to pass over a value once, without looking into its parts."""
    if isinstance(value, str):
        return len(value) >> 6
    return len(value) >> 3 if isinstance(value, (list, dict)) else 0


@contextmanager
def one_call_deeper() -> Iterator[None]:
    """Count a call made inside a call. Raises FeelBudgetError when calls nest too deeply."""
    budget = _running.get()
    if budget is None:
        yield
        return
    if budget.depth <= 0:
        raise FeelBudgetError("函数嵌套调用过深", "Calls are nested too deeply")
    budget.depth -= 1
    try:
        yield
    finally:
        budget.depth += 1


@contextmanager
def timed_pattern() -> Iterator[float]:
    """Give the seconds that regular expressions may still take, and pay for those really taken."""
    budget = _running.get() or Budget()
    if budget.seconds <= 0:
        raise FeelBudgetError("正则表达式匹配过慢", "Regular expressions take too long")
    began = time.perf_counter()
    try:
        yield budget.seconds
    except TimeoutError:
        raise FeelBudgetError("正则表达式匹配过慢", "Regular expressions take too long") from None
    finally:
        budget.seconds -= time.perf_counter() - began
