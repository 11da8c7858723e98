"""Answers in two dresses: JSON-plain, as they are stored and posted, and as FEEL values, as rules see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from processes.forms.form import CHOICES, LISTS, Field, Form


def facts_of(form: Form, answers: Mapping[str, object]) -> dict[str, object]:
    """The answers as FEEL values, with every key of the form present.

    What was not asked or not answered is null, an unticked box false, an empty list empty: so an earlier process
    variable of the same name can never stand in for an answer that was not given.
    """
    return {key: fact(field, answers.get(key)) for key, field in form.inputs.items()}


def fact(field: Field, plain: object) -> object:
    """One plain answer as a FEEL value: dates as dates, numbers as Decimal, rows as contexts."""
    if plain is None:
        return [] if field.kind in LISTS else False if field.kind == "checkbox" else None
    if field.kind == "number":
        return Decimal(str(plain))
    if field.kind == "date":
        return date.fromisoformat(str(plain))
    if field.kind == "datetime":
        return datetime.fromisoformat(str(plain))
    if field.kind == "dynamiclist" and isinstance(plain, list):
        return [row_facts(field, row) for row in plain if isinstance(row, Mapping)]
    return plain


def kinds_of(form: Form) -> dict[str, str]:
    """The FEEL kind of each answer, by key; a choice among texts and numbers, or among what comes later, has none."""
    found = {key: _kind_of(field) for key, field in form.inputs.items()}
    return {key: kind for key, kind in found.items() if kind}


def _kind_of(field: Field) -> str | None:
    if field.kind in LISTS or field.multiple:
        return "list"
    if field.kind in CHOICES:
        kinds = {"string" if isinstance(option.value, str) else "number" for option in field.options}
        return kinds.pop() if len(kinds) == 1 and not field.source else None
    return _KINDS.get(field.kind)


_KINDS = {
    "textfield": "string",
    "textarea": "string",
    "number": "number",
    "checkbox": "boolean",
    "date": "date",
    "datetime": "date and time",
}


def row_facts(field: Field, row: Mapping[str, object]) -> dict[str, object]:
    """One row of a list as a context: what was typed, beside what the row was given."""
    return {**row, **{column.key: fact(column, row.get(column.key)) for column in field.fields}}


def plain(value: object) -> object:
    """A FEEL value as JSON: whole numbers int, other numbers their shortest decimal text, dates ISO text."""
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def plain_number(number: Decimal) -> int | str:
    """A number without a fraction as int, any other as text without trailing zeros: 2.50 is "2.5", 2.0 is 2."""
    if not number.is_finite():
        return str(number)
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"
