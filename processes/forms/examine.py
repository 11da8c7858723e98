"""One pass over a bound form, from top to bottom: what is asked, what was answered, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wtforms.form import BaseForm

from engine.feel import FeelError
from processes.forms.bind import Answer, RowsAnswer, TaskForm
from processes.forms.checks import missing
from processes.forms.facts import fact, facts_of, plain_number, row_facts
from processes.forms.form import Field
from processes.forms.limits import MOST_ROWS
from processes.forms.refusals import BrokenForm, FieldError

Answers = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """A `must` still to be asked: its field, where that stands, and the facts of its own row (empty outside rows)."""

    field: Field
    path: str
    where: str
    row: Mapping[str, object]


class Examination:
    """The examination of one posted form for one outcome. After `run`, `errors` holds all that is wrong."""

    def __init__(self, bound: TaskForm, outcome: str) -> None:
        """Take a bound form and the key of the pressed button."""
        self.bound, self.outcome = bound, outcome
        self.errors: list[FieldError] = []
        self._rules: list[Rule] = []

    def run(self) -> Answers:
        """The plain answers to what was asked. They are only to be used when there are no errors."""
        answers = self._answers(self.bound.spec.fields, self.bound)
        facts = {**self.bound.world.values, **facts_of(self.bound.spec, answers)}
        for rule in self._rules:
            self._ask(rule, facts)
        return answers

    def _answers(
        self,
        fields: tuple[Field, ...],
        bound: BaseForm,
        where: str = "",
        above: Mapping[str, object] | None = None,
        row: Mapping[str, object] | None = None,
    ) -> Answers:
        answers: Answers = {}
        facts = dict(above or {})
        for field in self._asked(fields, facts):
            entry = bound[field.key]
            answer = self._rows(field, entry, facts) if field.kind == "dynamiclist" else self._one(field, entry, where)
            facts[field.key] = fact(field, answer)
            if field.must is not None:
                self._rules.append(Rule(field, entry.name, where, {} if row is None else row))
            if answer not in (None, []):
                answers[field.key] = answer
        return answers

    def _asked(self, fields: tuple[Field, ...], facts: Mapping[str, object]) -> Iterator[Field]:
        # `facts` grows while this runs: a condition looks at earlier answers only (read_form sees to that)
        for field in fields:
            if field.outcomes and self.outcome not in field.outcomes:
                continue
            if field.hide is not None and field.hide.holds(facts.get(field.hide.key)):
                continue
            if field.kind == "group":
                yield from self._asked(field.fields, facts)
            elif field.is_input:
                yield field

    def _one(self, field: Field, entry: Answer, where: str) -> object:
        if not entry.validate(self.bound):
            self.errors.append(FieldError(entry.name, field.label, entry.errors[0], where))
        return entry.data

    def _rows(self, field: Field, entry: RowsAnswer, above: Mapping[str, object]) -> list[Answers]:
        if field.key in self.bound.arranged.misfits:
            self._refuse(field, _misfit(field))
        rows: dict[int, Answers] = {}
        for number, line in enumerate(entry.entries):
            if entry.roster is None and _is_blank(line.form):
                continue
            given = _given(field, entry, number)
            row = dict(given)
            cells = self._answers(field.fields, line.form, entry.title(number), above, row)
            rows[number] = {**given, **cells}
            row.update(row_facts(field, rows[number]))
        self._count(field, len(rows))
        self._compare(field, entry, rows)
        return list(rows.values())

    def _count(self, field: Field, count: int) -> None:
        least, most = field.limits.smallest, field.limits.largest
        if count == 0 and field.required:
            self._refuse(field, missing(field))
        elif least is not None and 0 < count < least:
            self._refuse(field, f"{field.label}至少 {plain_number(least)} 项，现在 {count} 项")
        elif most is not None and count > most:
            self._refuse(field, f"{field.label}最多 {plain_number(most)} 项，现在 {count} 项")

    def _compare(self, field: Field, entry: RowsAnswer, rows: Mapping[int, Answers]) -> None:
        column = field.find(field.unique) if field.unique else None
        first: dict[object, int] = {}
        for number, row in rows.items():
            answer = row.get(column.key) if column is not None else None
            if column is None or answer is None or isinstance(answer, list):
                continue
            if answer in first:
                message = f"{column.label}与{entry.title(first[answer])}重复，请改选或删去一项"
                path = f"{field.key}-{number}-{column.key}"
                self.errors.append(FieldError(path, column.label, message, entry.title(number)))
            first.setdefault(answer, number)

    def _ask(self, rule: Rule, facts: Mapping[str, object]) -> None:
        must = rule.field.must
        if must is None or any(_concerns(error, must.names) for error in self.errors):
            return
        try:
            holds = must.evaluate({**facts, **rule.row}, functions=self.bound.world.functions)
        except FeelError as error:
            form = self.bound.spec.title or self.bound.spec.id
            raise BrokenForm(form=form, field=rule.field.label, why="核对规则算不出结果。") from error
        if holds is not True:
            self.errors.append(FieldError(rule.path, rule.field.label, rule.field.say, rule.where))

    def _refuse(self, field: Field, message: str) -> None:
        self.errors.append(FieldError(field.key, field.label, message))


def _misfit(field: Field) -> str:
    if field.each is None:
        return f"{field.label}最多 {MOST_ROWS} 项"
    return f"{field.label}的名单与现在的不一致，已按现在的名单列出，请核对后再提交"


def _is_blank(row: BaseForm) -> bool:
    return not any(text.strip() for answer in row for text in answer.raw_data or ())


def _given(field: Field, entry: RowsAnswer, number: int) -> Answers:
    if entry.roster is None:
        return {}
    return {name: value for name, value in entry.roster[number].given.items() if field.find(name) is None}


def _concerns(error: FieldError, names: frozenset[str]) -> bool:
    # a rule over an answer that is itself wrong would only repeat the complaint in other words
    return error.path.partition("-")[0] in names or error.path.rpartition("-")[2] in names
