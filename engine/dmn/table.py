"""Decision tables: which rules match, and what the hit policy makes of them (DMN 1.5, clause 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.dmn import model
from engine.dmn.compiler import Compiler
from engine.dmn.errors import DmnUnreadable, NoRuleMatches, RulesConflict, RulesNotUnique, ValueNotAllowed
from engine.feel.budget import spend
from engine.feel.functions import BUILTINS
from engine.feel.names import SUBJECT
from engine.feel.text import shown
from engine.feel.values import Run, Scope, Value, same

_AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}
_SINGLE = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})

Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class _Input:
    label: str
    value: Run
    allowed: Run | None
    allowed_text: str


@dataclass(frozen=True, slots=True)
class _Output:
    name: str
    priorities: Run | None
    default: Run | None


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    tests: tuple[Run | None, ...]
    results: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled decision table."""

    name: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[_Input, ...]
    outputs: tuple[_Output, ...]
    rules: tuple[_Rule, ...]

    def value(self, scope: Scope) -> Value:
        """The result as a FEEL value: one output alone, several as a context, many hits as a list."""
        try:
            rows = self.rows(scope)
        except (NoRuleMatches, ValueNotAllowed):
            rows = []
        packed = rows if len(self.outputs) > 1 else [row[self.outputs[0].name] for row in rows]
        if self.hit_policy in _SINGLE or self.aggregation or not packed:
            return packed[0] if packed else None
        return packed

    def rows(self, scope: Scope) -> list[Row]:
        """The results as contexts of outputs, none at all only where the hit policy collects them.

        Raises NoRuleMatches, ValueNotAllowed, RulesNotUnique or RulesConflict, which name the values.
        """
        subjects = self._subjects(scope)
        matching = self._matching(subjects)
        if matching:
            return _POLICIES[self.hit_policy](self, matching, scope, subjects)
        rows = self._default(scope)
        if not rows and self.hit_policy in _SINGLE:
            raise NoRuleMatches(decision=self.name, values=self._told(subjects))
        return rows

    def _subjects(self, scope: Scope) -> list[Scope]:
        """For each input a scope that knows its value as `?`. Raises ValueNotAllowed."""
        subjects = []
        for column in self.inputs:
            value = column.value(scope)
            subject = {**scope, SUBJECT: value}
            if column.allowed and value is not None and column.allowed(subject) is not True:
                raise ValueNotAllowed(
                    decision=self.name, input=column.label, value=shown(value), allowed=column.allowed_text
                )
            subjects.append(subject)
        return subjects

    def _matching(self, subjects: list[Scope]) -> list[_Rule]:
        matching = []
        for rule in self.rules:
            spend()
            if all(test is None or test(subject) is True for test, subject in zip(rule.tests, subjects, strict=False)):
                matching.append(rule)
                if self.hit_policy == "FIRST":
                    break
        return matching

    def _default(self, scope: Scope) -> list[Row]:
        if not any(output.default for output in self.outputs):
            return []
        return [{output.name: output.default(scope) if output.default else None for output in self.outputs}]

    def _told(self, subjects: list[Scope]) -> str:
        pairs = zip(self.inputs, subjects, strict=True)
        told = "、".join(f"{column.label} = {shown(subject[SUBJECT])}" for column, subject in pairs)
        return f" {told} "

    def _row(self, rule: _Rule, scope: Scope) -> Row:
        return {output.name: result(scope) for output, result in zip(self.outputs, rule.results, strict=False)}

    def _all(self, rules: list[_Rule], scope: Scope, _subjects: list[Scope]) -> list[Row]:
        return [self._row(rule, scope) for rule in rules]

    def _first(self, rules: list[_Rule], scope: Scope, _subjects: list[Scope]) -> list[Row]:
        return [self._row(rules[0], scope)]

    def _unique(self, rules: list[_Rule], scope: Scope, subjects: list[Scope]) -> list[Row]:
        if len(rules) > 1:
            raise RulesNotUnique(decision=self.name, rules=numbers(rules), values=self._told(subjects))
        return self._first(rules, scope, subjects)

    def _any(self, rules: list[_Rule], scope: Scope, subjects: list[Scope]) -> list[Row]:
        rows = self._all(rules, scope, subjects)
        if not all(same(row, rows[0]) for row in rows):
            raise RulesConflict(decision=self.name, rules=numbers(rules), values=self._told(subjects))
        return rows[:1]

    def _by_priority(self, rules: list[_Rule], scope: Scope, subjects: list[Scope]) -> list[Row]:
        orders = {output.name: output.priorities(scope) for output in self.outputs if output.priorities}

        def places(row: Row) -> list[int]:
            return [_place(row.get(name), order) for name, order in orders.items()]

        return sorted(self._all(rules, scope, subjects), key=places)

    def _priority(self, rules: list[_Rule], scope: Scope, subjects: list[Scope]) -> list[Row]:
        return self._by_priority(rules, scope, subjects)[:1]

    def _collect(self, rules: list[_Rule], scope: Scope, subjects: list[Scope]) -> list[Row]:
        rows = self._all(rules, scope, subjects)
        if not self.aggregation:
            return rows
        aggregate = BUILTINS[_AGGREGATIONS[self.aggregation]]
        return [{name: aggregate.call([[row[name] for row in rows]]) for name in rows[0]}]


def _place(value: Value, order: Sequence[Value]) -> int:
    return next((place for place, known in enumerate(order) if same(value, known)), len(order))


def numbers(rules: Sequence[_Rule]) -> str:
    """The numbers of rules as a reader sees them in the table."""
    return "、".join(str(rule.number) for rule in rules)


_POLICIES: Mapping[str, Callable[[Table, list[_Rule], Scope, list[Scope]], list[Row]]] = {
    "UNIQUE": Table._unique,
    "ANY": Table._any,
    "FIRST": Table._first,
    "PRIORITY": Table._priority,
    "RULE ORDER": Table._all,
    "OUTPUT ORDER": Table._by_priority,
    "COLLECT": Table._collect,
}


def compile_table(compiler: Compiler, table: model.DecisionTable, name: str) -> Table:
    """The compiled table; `name` is that of its decision, which an output without a name takes.

    Raises DmnUnreadable when it has no output, or a hit policy nobody knows.
    """
    if table.hit_policy not in _POLICIES or (table.aggregation or "SUM") not in _AGGREGATIONS:
        raise DmnUnreadable(reason=f"不认识的命中策略 {table.hit_policy} {table.aggregation or ''}")
    if not table.outputs:
        raise DmnUnreadable(reason=f"决策表“{name}”没有输出列")
    return Table(
        name,
        table.hit_policy,
        table.aggregation,
        tuple(_input(compiler, column) for column in table.inputs),
        tuple(_output(compiler, column, name, table.hit_policy) for column in table.outputs),
        tuple(_rule(compiler, rule, number, table.outputs) for number, rule in enumerate(table.rules, 1)),
    )


def _input(compiler: Compiler, column: model.Input) -> _Input:
    allowed = compiler.tests(column.allowed, column.id) if column.allowed else None
    value = compiler.typed(compiler.text(column.text, column.id), column.type_ref)
    return _Input(column.label, value, allowed, column.allowed or "")


def _output(compiler: Compiler, column: model.Output, name: str, hit_policy: str) -> _Output:
    ordered = column.allowed and hit_policy in ("PRIORITY", "OUTPUT ORDER")
    return _Output(
        column.name or name,
        compiler.text(f"[{column.allowed}]", column.id) if ordered else None,
        compiler.text(column.default, column.id) if column.default else None,
    )


def _rule(compiler: Compiler, rule: model.Rule, number: int, outputs: tuple[model.Output, ...]) -> _Rule:
    tests = (None if text == "-" else compiler.tests(text, rule.id) for text in rule.tests)
    results = (
        compiler.typed(compiler.text(text, rule.id), output.type_ref)
        for text, output in zip(rule.results, outputs, strict=False)
    )
    return _Rule(number, tuple(tests), tuple(results))
