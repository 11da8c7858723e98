"""What was posted, as texts by name, whether it came from a browser, a draft, a story or another system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Protocol

from processes.forms.form import Field, Form


class MultiDict(Protocol):
    """A request's form data: names with one or more values each."""

    def __iter__(self) -> Iterator[str]:
        """The names, each once."""

    def getlist(self, key: str) -> list[str]:
        """All values of a name, an empty list when there are none."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Names and the texts posted under them: the one shape binding and checking read. Never changed, only replaced."""

    texts: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, formdata: MultiDict | Mapping[str, Iterable[str]] | Posted) -> Posted:
        """Take over a request's MultiDict, or a stored draft (a plain dict of lists). What is no text is left out."""
        if isinstance(formdata, Posted):
            return formdata
        if isinstance(formdata, Mapping) and not hasattr(formdata, "getlist"):  # a MultiDict is a Mapping too
            listed = {name: list(texts) for name, texts in formdata.items()}
        else:
            listed = {name: formdata.getlist(name) for name in formdata}
        return cls({name: tuple(text for text in texts if isinstance(text, str)) for name, texts in listed.items()})

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __contains__(self, name: object) -> bool:
        return name in self.texts

    def getlist(self, name: str) -> list[str]:
        """All texts of a name, an empty list when there are none."""
        return list(self.texts.get(name, ()))

    def get(self, name: str) -> str | None:
        """The first text of a name, or None."""
        return next(iter(self.texts.get(name, ())), None)

    def having(self, name: str, *texts: str) -> Posted:
        """The same with these texts under this name."""
        return Posted({**self.texts, name: texts})

    def without(self, *names: str) -> Posted:
        """The same without these names."""
        return Posted({name: texts for name, texts in self.texts.items() if name not in names})

    def without_row(self, key: str, number: int) -> Posted:
        """The same without anything of one row of a list."""
        row = f"{key}-{number}-"
        return Posted({name: texts for name, texts in self.texts.items() if not name.startswith(row)})

    @property
    def plain(self) -> dict[str, list[str]]:
        """A JSON-plain copy, for a stored draft: raw, so that what is not right yet is kept too."""
        return {name: list(texts) for name, texts in self.texts.items()}


def as_formdata(form: Form, answers: Mapping[str, object]) -> Posted:
    """Plain answers as a browser would post them, so that stories and other systems pass the very same checks.

    Papers are dicts with an `id`; dates may be date objects; rows are dicts. A row of an `each` list is known by its
    `key`, `unit`, `case`, `code` or `id`: see `row_keys`. Whatever does not belong becomes a name the checks refuse.
    """
    texts: dict[str, tuple[str, ...]] = {}
    for name, answer in answers.items():
        field = form.inputs.get(str(name))
        if field is not None and field.kind == "dynamiclist" and isinstance(answer, list | tuple):
            texts |= _row_texts(field, answer)
        else:
            texts |= _texts(field, str(name), answer)
    return Posted(texts)


_NAMING = ("key", "unit", "case", "code", "id")


def row_keys(rows: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The names of an `each` list's rows: its key, unit, case, code or id; else, or if two agree, 1, 2, 3."""
    rows = list(rows)
    named = [next((str(row[name]) for name in _NAMING if row.get(name)), "") for row in rows]
    unique = all(named) and len(set(named)) == len(named)
    return tuple(named) if unique else tuple(str(place) for place in range(1, len(rows) + 1))


def _row_texts(field: Field, rows: Iterable[object]) -> dict[str, tuple[str, ...]]:
    contexts = [row if isinstance(row, Mapping) else {"?": row} for row in rows]
    keys = row_keys(contexts) if field.each else tuple(str(place) for place in range(len(contexts)))
    texts: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(contexts):
        texts[f"{field.key}-{place}-_key"] = (keys[place],)
        for name, answer in row.items():
            column = field.find(str(name))
            if column is not None or field.each is None:
                texts |= _texts(column, f"{field.key}-{place}-{name}", answer)
    return texts


def _texts(field: Field | None, name: str, answer: object) -> dict[str, tuple[str, ...]]:
    if field is not None and field.kind == "filepicker":
        answer = [paper.get("id") if isinstance(paper, Mapping) else paper for paper in _listed(answer)]
    if isinstance(answer, Mapping):
        return {f"{name}-{inner}": ("",) for inner in answer} or {f"{name}-": ("",)}
    texts = tuple(_text(each) for each in _listed(answer) if each is not None)
    return {name: texts} if texts else {}


def _listed(answer: object) -> Iterable[object]:
    return answer if isinstance(answer, list | tuple) else (answer,)


def _text(answer: object) -> str:
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, date | time):
        return answer.isoformat()
    if isinstance(answer, Decimal) and answer.is_finite():
        return f"{answer:f}"
    return str(answer)
