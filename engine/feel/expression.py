"""An expression ready to be evaluated, and how to get one from its text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.feel import budget as budgets
from engine.feel import tree
from engine.feel.border import exported, imported
from engine.feel.budget import Budget
from engine.feel.callables import Lent
from engine.feel.compile import compile_node
from engine.feel.errors import FeelBudgetError
from engine.feel.functions import BUILTINS
from engine.feel.inference import KindFault, Kinds, infer
from engine.feel.kinds import Kind
from engine.feel.names import SUBJECT, free_names, mentions
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.temporal import PROPERTY_NAMES
from engine.feel.types import TYPE_NAMES, Types
from engine.feel.values import Run, Scope, Value
from engine.feel.vocabulary import Vocabulary

_NO_FUNCTIONS: Mapping[str, Callable[..., object]] = {}
_STANDARD = Vocabulary({*BUILTINS, *PROPERTY_NAMES, *TYPE_NAMES})


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression, or the unary tests of a table cell, that was read and compiled.

    `names` are the variables it takes from outside, `possible_names` those inside filters, which may as well be
    properties of the filtered items, and `functions` the functions it calls that are not built in.
    """

    text: str
    tree: tree.Node
    names: frozenset[str]
    possible_names: frozenset[str]
    functions: frozenset[str]
    wanted: frozenset[str] = field(repr=False)
    run: Run = field(repr=False, compare=False)

    def evaluate(
        self,
        values: Mapping[str, object],
        *,
        functions: Mapping[str, Callable[..., object]] = _NO_FUNCTIONS,
        budget: Budget | None = None,
    ) -> Value:
        """The value of the expression over variables; a missing one is null. Numbers come out as Decimal.

        `functions` are lent to the expression by name. Raises FeelBudgetError when the budget is used up, and
        FeelError when a variable holds something FEEL has no name for.
        """
        token = budgets.start(budget or Budget())
        try:
            return exported(self.run(self._scope(values, functions)))
        except FeelBudgetError as error:
            raise error.at(self.tree.position) from None
        except (RecursionError, MemoryError):
            raise _too_deep(self.tree.position) from None
        finally:
            budgets.stop(token)

    def matches(
        self,
        subject: object,
        values: Mapping[str, object],
        *,
        functions: Mapping[str, Callable[..., object]] = _NO_FUNCTIONS,
        budget: Budget | None = None,
    ) -> bool:
        """Whether a value passes these unary tests. Raises as `evaluate` does."""
        return self.evaluate({**values, SUBJECT: subject}, functions=functions, budget=budget) is True

    def infer(self, kinds: Kinds) -> tuple[Kind, list[KindFault]]:
        """The kind of value it gives over variables of these kinds (as far as that is sure), and what cannot meet."""
        return infer(self.tree, kinds)

    def _scope(self, values: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> Scope:
        scope: Scope = {}
        for name in self.wanted:
            if name in values:
                scope[name] = imported(values[name])
            elif name in functions:
                scope[name] = Lent(name, functions[name])
        return scope


def compile_expression(text: str, *, names: Iterable[str] = ()) -> Expression:
    """Read an expression; `names` are variables and properties that may hold blanks or operators.

    The result is kept for the next call. Raises FeelSyntaxError with a position, or FeelBudgetError when the
    source is too long or too deep.
    """
    return _compiled(text, frozenset(names), parse_expression)


def compile_unary_tests(text: str, *, names: Iterable[str] = ()) -> Expression:
    """Read the cell of a decision table, to be asked with `matches`. Raises as compile_expression does."""
    return _compiled(text, frozenset(names), parse_unary_tests)


_Parse = Callable[[str, Vocabulary], tree.Node]


@functools.lru_cache(maxsize=4096)
def _compiled(text: str, names: frozenset[str], parse: _Parse) -> Expression:
    return build(text, names, parse, {})


def build(text: str, names: frozenset[str], parse: _Parse, types: Types) -> Expression:
    """Read and compile a text with the types of a model. Raises as compile_expression does."""
    with _bounded_recursion():
        node = parse(text, _vocabulary(names))
        free = free_names(node)
        unknown = frozenset(BUILTINS) - names
        return Expression(
            text=text,
            tree=node,
            names=frozenset(free.variables | (free.in_filters & names)) - unknown,
            possible_names=frozenset(free.in_filters - free.variables - names) - unknown,
            functions=frozenset(free.functions) - frozenset(BUILTINS),
            wanted=free.everything() | ({SUBJECT} if mentions(node, SUBJECT) or _is_tests(node) else frozenset()),
            run=compile_node(node, types),
        )


@functools.lru_cache(maxsize=256)
def _vocabulary(names: frozenset[str]) -> Vocabulary:
    return Vocabulary(names, _STANDARD)


def _is_tests(node: tree.Node) -> bool:
    return isinstance(node, tree.UnaryTests)


@contextmanager
def _bounded_recursion() -> Iterator[None]:
    try:
        yield
    except (RecursionError, MemoryError):
        raise _too_deep(0) from None


def _too_deep(position: int) -> FeelBudgetError:
    return FeelBudgetError("嵌套过深", "The expression or its values are nested too deeply").at(position)
