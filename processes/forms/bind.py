"""A Form and what was posted as a WTForms form: names, ids and rows for the page, checked answers for the service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from wtforms import Field as WTField
from wtforms import FieldList, FormField
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from engine.feel import FeelError
from processes.forms.checks import check, missing
from processes.forms.facts import plain
from processes.forms.form import Field, Form, Option
from processes.forms.limits import MOST_ROWS
from processes.forms.posted import Posted, as_formdata
from processes.forms.refusals import BrokenForm
from processes.forms.rows import Arranged, RosterRow, Rosters, arrange, blank_rows, rosters_of
from processes.forms.wording import worded
from processes.forms.world import PaperRef, World

MOST_IN_A_COLUMN = 9


class TaskForm(BaseForm):  # type: ignore[misc]  # wtforms is untyped
    """A form bound to texts. `form[key]` is an Answer, or RowsAnswer for a list; nothing is validated yet."""

    def __init__(self, spec: Form, world: World, arranged: Arranged, rosters: Rosters, focus: str = "") -> None:
        self.spec, self.world, self.arranged, self.rosters, self.focus = spec, world, arranged, rosters, focus
        super().__init__({key: _unbound(field, world, rosters) for key, field in spec.inputs.items()})
        self.process(arranged.posted)

    @property
    def pressed(self) -> str:
        """The key of the button these texts were sent with, empty on a fresh page."""
        outcome = self.spec.find_outcome(self.arranged.posted.get("outcome") or "")
        return outcome.key if outcome else ""


class Answer(WTField):  # type: ignore[misc]  # wtforms is untyped
    """One field of the page. `data` is the plain answer, None while it is empty or does not fit."""

    def __init__(self, spec: Field, world: World, **options: object) -> None:
        super().__init__(spec.label, description=spec.help, **options)
        self.spec, self.world = spec, world

    def process_formdata(self, valuelist: list[str]) -> None:
        """Check the posted texts; WTForms keeps the sentence of an Unfit among the field's errors."""
        self.data = check(self.spec, valuelist, self.world)

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse an empty answer where one is required (an unticked box counts as empty)."""
        if self.spec.required and self.data in (None, False, []):
            raise StopValidation(missing(self.spec))

    @property
    def text(self) -> str:
        """What was typed, as it was typed."""
        return str(self.raw_data[0]) if self.raw_data else ""

    @property
    def texts(self) -> frozenset[str]:
        """Everything that was chosen or ticked."""
        return frozenset(self.raw_data or ())

    @property
    def options(self) -> tuple[Option, ...]:
        """What may be chosen. Raises BrokenForm when the county has no such list."""
        return self.world.lists.options(self.spec)

    @property
    def groups(self) -> tuple[tuple[str, tuple[Option, ...]], ...]:
        """The options under their headings, both in the order of the list; those without a heading first of all."""
        headings = dict.fromkeys(["", *(option.group for option in self.options)])
        return tuple((each, tuple(option for option in self.options if option.group == each)) for each in headings)

    @property
    def is_brief(self) -> bool:
        """Whether the options are short enough to stand side by side."""
        return sum(len(option.label) + 2 for option in self.options) <= 36

    @property
    def is_long(self) -> bool:
        """Whether there are so many options that they stand in columns."""
        return len(self.options) > MOST_IN_A_COLUMN

    @property
    def wall_clock(self) -> str:
        """A date or date-time as the browser's own control wants it: to the minute, without a zone."""
        return self.text.strip().replace(" ", "T")[:16]

    @property
    def papers(self) -> tuple[PaperRef, ...]:
        """The stored files named so far; ids that no stored file has are left out."""
        return tuple(self.world.papers[text] for text in self.raw_data or () if text in self.world.papers)


class RowsAnswer(FieldList):  # type: ignore[misc]  # wtforms is untyped
    """A list of rows. `roster` holds the fixed rows of an `each` list, and is None where rows are added freely."""

    def __init__(self, spec: Field, world: World, roster: tuple[RosterRow, ...] | None, **options: object) -> None:
        row = FormField(partial(_row_form, spec, world))
        super().__init__(row, spec.label, description=spec.help, **options)
        self.spec, self.world, self.roster = spec, world, roster

    @property
    def blank(self) -> BaseForm:
        """An empty row for the page's script to copy; it stands at number `__`."""
        return _row_form(self.spec, self.world, Posted({}), prefix=f"{self.name}-__-")

    def title(self, number: int) -> str:
        """What a row is called on the page: the roster's heading, or its place."""
        return self.roster[number].title if self.roster is not None else f"第 {number + 1} 项"

    @property
    def most(self) -> int:
        """How many rows there may be."""
        return int(self.spec.limits.largest or MOST_ROWS)

    @property
    def is_full(self) -> bool:
        """Whether no further row may be added."""
        return len(self.entries) >= self.most


def bind(
    form: Form,
    formdata: Posted | None = None,
    *,
    world: World,
    focus: str = "",
) -> TaskForm:
    """The form with these texts in its fields; without any, with the values the form itself proposes.

    Never raises for what was posted: names that do not belong are left aside (`arranged.strangers`), texts that do
    not fit are kept as typed. Raises BrokenForm when a list or an expression of the form cannot be used.
    """
    form = worded(form, world)
    rosters = rosters_of(form, world)
    posted = prefilled(form, world) if formdata is None else formdata
    return TaskForm(form, world, arrange(form, posted, rosters), rosters, focus)


def prefilled(form: Form, world: World) -> Posted:
    """What an untouched form shows: its `value` expressions over the case, else its default values, else blank rows."""
    answers: dict[str, object] = {}
    blanks = Posted({})
    for key, field in form.inputs.items():
        answer = _proposed(form, field, world.values, world)
        if answer is not None:
            answers[key] = answer
        elif field.kind == "dynamiclist" and field.each is None:
            blanks = Posted({**blanks.texts, **blank_rows(field).texts})
    given = as_formdata(form, answers)
    return Posted({**blanks.texts, **given.texts, **_proposed_in_rows(form, world)})


def _proposed(form: Form, field: Field, values: Mapping[str, object], world: World) -> object:
    if field.value is None:
        return field.default
    try:
        return plain(field.value.evaluate(values, functions=world.functions))
    except FeelError as error:
        raise BrokenForm(form=form.title or form.id, field=field.label, why="预填的表达式算不出结果。") from error


def _proposed_in_rows(form: Form, world: World) -> dict[str, tuple[str, ...]]:
    # a fixed row may have its columns proposed from what the row was given
    texts: dict[str, tuple[str, ...]] = {}
    for key, roster in rosters_of(form, world).items():
        columns = form.inputs[key].fields
        rows = []
        for line in roster:
            values = {**world.values, **line.given}
            proposed = {column.key: _proposed(form, column, values, world) for column in columns}
            rows.append({**line.given, **proposed})
        texts |= as_formdata(form, {key: rows}).texts
    return texts


def _unbound(field: Field, world: World, rosters: Rosters) -> object:
    if field.kind == "dynamiclist":
        return RowsAnswer(field, world, rosters.get(field.key))
    return Answer(field, world)


def _row_form(
    spec: Field,
    world: World,
    formdata: Posted | None = None,
    obj: object = None,
    prefix: str = "",
    meta: Mapping[str, object] | None = None,
) -> BaseForm:
    settings = DefaultMeta()
    settings.update_values(meta or {})
    row = BaseForm({column.key: Answer(column, world) for column in spec.fields}, prefix=prefix, meta=settings)
    row.process(formdata)
    return row
