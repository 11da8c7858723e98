"""A decision ready to be taken, and how to get all of a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.dmn import model
from engine.dmn.checks import check_decision
from engine.dmn.errors import DmnTooLarge
from engine.dmn.findings import Finding
from engine.dmn.graph import Case, Model
from engine.dmn.reader import read_definitions
from engine.dmn.table import Table
from engine.feel.border import exported, imported
from engine.feel.budget import Budget, running
from engine.feel.callables import Lent
from engine.feel.errors import FeelBudgetError
from engine.feel.values import Function, Scope, Value

_NO_FUNCTIONS: Mapping[str, Callable[..., object]] = {}


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a model: a table or any other boxed expression, with all it requires."""

    id: str
    name: str
    inputs: tuple[model.Input, ...]
    outputs: tuple[model.Output, ...]
    element: model.Element = field(repr=False)
    home: Model = field(repr=False, compare=False)

    def decide(
        self,
        values: Mapping[str, object],
        *,
        functions: Mapping[str, Callable[..., object]] = _NO_FUNCTIONS,
        budget: Budget | None = None,
    ) -> list[dict[str, object]]:
        """The matched outputs after the hit policy, each a context by output name.

        A decision that is no table gives its value under its own name, or a list of contexts as it is. Raises
        NoRuleMatches (only where the hit policy gives one result), ValueNotAllowed, RulesNotUnique, RulesConflict,
        DecisionsCircular, and whatever its expressions raise.
        """
        program = self.home.programs[self.id]
        with _bounded(budget or Budget()):
            case = Case(self._given(values, functions))
            if isinstance(program, Table):
                rows: list[dict[str, object]] = exported(program.rows(case.scope(self.home, self.element)))
                return rows
            value = exported(case.value(self.home, self.element))
            return [_as_row(self.name, item) for item in (value if _is_rows(value) else [value])]

    def evaluate(
        self,
        values: Mapping[str, object],
        *,
        functions: Mapping[str, Callable[..., object]] = _NO_FUNCTIONS,
        budget: Budget | None = None,
    ) -> Value:
        """The value of the decision as other decisions see it: null when no rule matches. Else raises as `decide`."""
        with _bounded(budget or Budget()):
            return exported(Case(self._given(values, functions)).value(self.home, self.element))

    @property
    def names(self) -> frozenset[str]:
        """The variables that the decision, and those it requires, take from outside; names in filters left out."""
        return self.home.names_asked(self.element)

    def check(self, *, functions: Collection[str] = ()) -> list[Finding]:
        """What is wrong with the decision: texts that are unreadable or must give null and forbidden overlaps are
        errors, gaps are warnings. `functions` are the names of those that will be lent to it.
        """
        return check_decision(self.home, self.element, functions)

    def _given(self, values: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> Scope:
        return _given(self.home, values, functions)


def _given(home: Model, values: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> Scope:
    lent: Scope = {name: Lent(name, function) for name, function in functions.items()}
    return lent | {name: imported(values[name]) for name in home.wanted if name in values}


def _is_rows(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _as_row(name: str, value: Value) -> dict[str, object]:
    return value if isinstance(value, dict) else {name: value}


@contextmanager
def _bounded(budget: Budget) -> Iterator[None]:
    try:
        with running(budget):
            yield
    except (RecursionError, MemoryError):
        raise FeelBudgetError("嵌套过深", "The decision or its values are nested too deeply") from None


def read_decisions(xml: bytes, *, imports: Iterable[bytes] = ()) -> dict[str, Decision]:
    """Read a DMN file and give its decisions by id (by name when they have none).

    `imports` are the files it may import, those imported by others first. Raises DmnUnreadable or DmnTooLarge;
    an expression that cannot be read is reported by `Decision.check`, and raised when it is evaluated.
    """
    home = read_model(xml, imports=imports)
    return {
        element.id: Decision(element.id, element.name, *_columns(element.logic), element=element, home=home)
        for element in home.elements.values()
        if element.kind == "decision"
    }


def read_model(xml: bytes, *, imports: Iterable[bytes] = ()) -> Model:
    """Read a DMN file with all its elements. Raises as read_decisions does."""
    try:
        others: list[Model] = []
        for file in imports:
            others.append(Model(read_definitions(file), others))
        return Model(read_definitions(xml), others)
    except RecursionError:
        raise DmnTooLarge from None


def invoke(home: Model, element_id: str, values: Mapping[str, object]) -> Value:
    """Call a business knowledge model or decision service with arguments by name; null when there is none."""
    element = home.elements[element_id]
    with _bounded(Budget()):
        function = Case({}).value(home, element)
        if not isinstance(function, Function):
            return None
        return function.call([imported(value) for value in values.values()], list(values))


def _columns(logic: model.Boxed | None) -> tuple[tuple[model.Input, ...], tuple[model.Output, ...]]:
    return (logic.inputs, logic.outputs) if isinstance(logic, model.DecisionTable) else ((), ())
