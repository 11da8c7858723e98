"""Texts and boxed expressions to closures, gathering on the way what cannot be read and what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.dmn import model
from engine.dmn.types import ModelTypes
from engine.feel.errors import FeelError
from engine.feel.expression import Expression, build
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.range_text import NOT_LITERAL, literal_value
from engine.feel.signatures import Accept, Parameter
from engine.feel.tree import Node, UnaryTests
from engine.feel.values import Run, Scope, Value

_PARTIAL = "partial"

Makers = Mapping[type[model.Boxed], Callable[["Compiler", Any], Run]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A text of the model that cannot be read. Evaluating it raises the error again."""

    element_id: str
    text: str
    error: FeelError


class Compiler:
    """Compiles the expressions of one model.

    It gathers `faults`, what cannot be read; `wanted`, every name that a scope may have to provide; `asked`, the
    variables that are certainly taken from outside; and `called`, the functions that are.
    """

    def __init__(
        self, names: frozenset[str], items: tuple[tuple[str, model.ItemDefinition], ...], makers: Makers
    ) -> None:
        self._names = names
        self._makers = makers
        self.faults: list[Fault] = []
        self.wanted: set[str] = set()
        self.asked: set[str] = set()
        self.called: set[str] = set()
        self._trees: dict[tuple[str, bool], Node] = {("-", True): UnaryTests(0, (), negated=False)}
        self.types = ModelTypes(items, lambda text: build(text, names, parse_unary_tests, {}))

    def boxed(self, node: model.Boxed | None) -> Run:
        """The closure of a boxed expression, its value coerced to its type; none at all gives null."""
        if node is None:
            return nothing
        return self.typed(self._makers[type(node)](self, node), node.type_ref)

    def typed(self, run: Run, type_ref: str | None) -> Run:
        """A closure whose value is coerced to a type."""
        if type_ref is None:
            return run
        coerced = self.types.coerced
        return lambda scope: coerced(run(scope), type_ref)

    def text(self, text: str, element_id: str) -> Run:
        """The closure of a FEEL text; an empty one gives null."""
        expression = self.expression(text, element_id) if text else None
        return expression.run if expression else _failing(self.faults[-1].error) if text else nothing

    def tests(self, text: str, element_id: str) -> Run:
        """The closure of unary tests, which find their subject as `?`."""
        expression = self.expression(text, element_id, tests=True)
        return expression.run if expression else _failing(self.faults[-1].error)

    def expression(self, text: str, element_id: str, *, tests: bool = False) -> Expression | None:
        """The compiled text, or None when it is a new fault."""
        try:
            expression = build(text, self._names, parse_unary_tests if tests else parse_expression, self.types.shapes)
        except FeelError as error:
            self.faults.append(Fault(element_id, text, error))
            return None
        self._trees[text, tests] = expression.tree
        self.wanted |= expression.wanted
        self.asked |= expression.names
        self.called |= expression.functions
        return expression

    def is_refused(self, text: str, allowed: str) -> bool:
        """Whether a text is a literal that does not pass unary tests; what cannot be told is not refused."""
        try:
            value = literal_value(build(text, self._names, parse_expression, {}).tree)
            return value is not NOT_LITERAL and not build(allowed, self._names, parse_unary_tests, {}).matches(
                value, {}
            )
        except FeelError:
            return False

    def tree_of(self, text: str, *, tests: bool = False) -> Node | None:
        """The syntax tree of a text of the model, or of unary tests, for checks; None when it is a fault."""
        return self._trees.get((text, tests))

    def parameters(self, parameters: tuple[tuple[str, str | None], ...]) -> tuple[Parameter, ...]:
        """Typed formal parameters."""
        return tuple(Parameter(name, self._accept(type_ref)) for name, type_ref in parameters)

    def _accept(self, type_ref: str | None) -> Accept:
        return lambda value: self.types.accepted(value, type_ref)

    def within(self, names: Iterable[str], node: model.Boxed | None) -> Run:
        """The closure of a body whose texts may use further names: parameters, or a loop variable."""
        with self.binding(names):
            return self.boxed(node)

    @contextmanager
    def binding(self, names: Iterable[str]) -> Iterator[None]:
        """Know further names for a while, and do not count them as taken from outside."""
        bound = frozenset(names)
        outside, self._names = self._names, self._names | bound
        asked, self.asked = self.asked, set()
        called, self.called = self.called, set()
        yield
        self._names = outside
        self.asked = asked | (self.asked - bound)
        self.called = called | (self.called - bound)

    def loop_body(self, variable: str, node: model.Boxed | None) -> tuple[Run, bool]:
        """The closure of a loop's body, and whether it looks at the results before it."""
        self.wanted.discard(_PARTIAL)
        return self.within([variable], node), _PARTIAL in self.wanted


def nothing(_scope: Scope) -> None:
    """The closure of what is not there."""


def _failing(error: FeelError) -> Run:
    def run(_scope: Scope) -> Value:
        raise error

    return run
