"""What was answered, in words: the read-only view a case page, a letter and a print-out share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from processes.forms.form import Field, Form
from processes.forms.posted import row_keys
from processes.forms.world import Lists, PaperRef

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its heading, its own lines, and whether the heading is a name (and not just its place)."""

    title: str
    lines: tuple[Line, ...]
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One answered field: its label and either words, stored files, or rows. `key` and `kind` tell the page which."""

    key: str
    kind: str
    label: str
    text: str = ""
    papers: tuple[PaperRef, ...] = ()
    rows: tuple[Row, ...] = ()


def show(form: Form, answers: Mapping[str, object], lists: Lists) -> list[Line]:
    """The answered fields of a form, in its order. What was not answered is left out.

    `answers` are those of `Cleaned`, from this or an earlier version of the form: keys the form no longer has are
    passed over, values that left a list are shown as they are.
    """
    return list(_lines(form.inputs.values(), answers, lists))


def chinese_date(day: date) -> str:
    """A day as people say it: 2026年11月20日（周五）."""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def chinese_moment(moment: datetime) -> str:
    """A moment as people say it, on the wall clock it carries: 2026年11月20日（周五） 09:30."""
    return f"{chinese_date(moment.date())} {moment:%H:%M}"


def _lines(fields: Iterable[Field], answers: Mapping[str, object], lists: Lists) -> Iterator[Line]:
    for field in fields:
        answer = answers.get(field.key)
        if answer in (None, "", []):
            continue
        if field.kind == "filepicker":
            yield Line(field.key, field.kind, field.label, papers=_papers(answer))
        elif field.kind == "dynamiclist":
            yield Line(field.key, field.kind, field.label, rows=tuple(_rows(field, answer, lists)))
        else:
            yield Line(field.key, field.kind, field.label, text=_words(field, answer, lists))


def _words(field: Field, answer: object, lists: Lists) -> str:
    if field.kind == "checkbox":
        return "是" if answer is True else "否"
    if field.kind in ("select", "radio"):
        return lists.label(field, answer)
    if field.kind == "checklist" and isinstance(answer, list):
        return "、".join(lists.label(field, each) for each in answer)
    if field.kind in ("date", "datetime"):
        return _date_words(field.kind, str(answer))
    return str(answer)


def _date_words(kind: str, text: str) -> str:
    try:
        if kind == "datetime":
            return chinese_moment(datetime.fromisoformat(text))
        return chinese_date(date.fromisoformat(text))
    except ValueError:
        return text


def _papers(answer: object) -> tuple[PaperRef, ...]:
    refs = answer if isinstance(answer, list) else []
    return tuple(
        PaperRef(str(ref["id"]), str(ref["name"]), int(ref["size"]), str(ref["media_type"]))
        for ref in refs
        if isinstance(ref, Mapping)
    )


def _rows(field: Field, answer: object, lists: Lists) -> Iterator[Row]:
    rows = [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, list) else []
    keys = row_keys(rows) if field.each is not None else tuple(f"第 {place} 项" for place in range(1, len(rows) + 1))
    for key, row in zip(keys, rows, strict=True):
        given = lists.row_name(row) if field.each is not None else None
        yield Row(str(given or key), tuple(_lines(field.fields, row, lists)), field.each is not None)
