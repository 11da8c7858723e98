"""FEEL, the expression language of DMN 1.5: exact decimals, null logic, budgets, and no way into Python's objects."""

from __future__ import annotations

from engine.feel.budget import Budget
from engine.feel.errors import FeelBudgetError, FeelError, FeelSyntaxError
from engine.feel.expression import Expression, compile_expression, compile_unary_tests
from engine.feel.instants import YearsMonths
from engine.feel.kinds import Kind, word
from engine.feel.text import write
from engine.feel.values import Range, equal

__all__ = [
    "Budget",
    "Expression",
    "FeelBudgetError",
    "FeelError",
    "FeelSyntaxError",
    "Kind",
    "Range",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "equal",
    "word",
    "write",
]
