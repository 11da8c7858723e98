"""The rows of lists: which there must be, which there are, and adding or dropping one without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.feel import Expression, FeelError
from processes.forms.facts import plain
from processes.forms.form import Field, Form
from processes.forms.limits import MOST_ROWS
from processes.forms.posted import Posted, row_keys
from processes.forms.refusals import BrokenForm
from processes.forms.world import World

_ROW_NAME = re.compile(r"([a-z][a-z0-9_]*)-([0-9]{1,4})-(_key|[a-z][a-z0-9_]*)")
_OURS = ("@", "_")  # names the page itself posts, never a form's key
_PAGE_NAMES = frozenset({"outcome", "csrf_token", "revision"})

Rows = dict[int, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row an `each` list must have: its key, its heading, and the plain context it was given."""

    key: str
    title: str
    given: Mapping[str, object]


Rosters = Mapping[str, tuple[RosterRow, ...]]


@dataclass(frozen=True, slots=True)
class Arranged:
    """What was posted, set in order: rows numbered 0, 1, 2 …, those of an `each` list exactly as the roster has them.

    `strangers` are names that belong to no field; `misfits` the lists whose rows were not those expected;
    `moved` tells where a posted row (list, number) now stands.
    """

    posted: Posted
    strangers: tuple[str, ...]
    misfits: frozenset[str]
    moved: Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Edited:
    """The posted texts after a row was added or dropped, and the path that should have the focus."""

    posted: Posted
    focus: str


def rosters_of(form: Form, world: World) -> dict[str, tuple[RosterRow, ...]]:
    """The rows each `each` list must have now. Raises BrokenForm when its expression gives no list of contexts."""
    return {
        field.key: tuple(_roster(form, field, field.each, world))
        for field in form.inputs.values()
        if field.each is not None
    }


def arrange(form: Form, posted: Posted, rosters: Rosters) -> Arranged:
    """Sort out what was posted: known names, rows in order, and everything that does not belong."""
    texts, strangers = {}, []
    rows: dict[str, Rows] = {}
    for name, values in posted.texts.items():
        match = _ROW_NAME.fullmatch(name)
        if name.startswith(_OURS) or name in _PAGE_NAMES or _is_plain_field(form, name):
            texts[name] = values
        elif match and _is_column(form, match[1], match[3]):
            rows.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = values
        else:
            strangers.append(name)
    misfits, moved = set(), {}
    for key, field in form.inputs.items():
        if field.kind != "dynamiclist":
            continue
        placed, fits = _place(rows.get(key, {}), rosters.get(key))
        misfits |= set() if fits else {key}
        for number, (old, row) in enumerate(placed):
            moved[key, old] = number
            texts |= {f"{key}-{number}-{column}": values for column, values in row.items()}
    return Arranged(Posted(texts), tuple(strangers), frozenset(misfits), moved)


def asks_for_rows(posted: Posted) -> bool:
    """Whether a button was pressed that adds or drops a row."""
    return any(name.startswith(("add:", "drop:")) for name in posted)


def edit_rows(form: Form, posted: Posted) -> Edited | None:
    """Do what a pressed `add:<list>` or `drop:<list>:<number>` button asks; None when no such button was pressed."""
    pressed = next((name for name in posted if name.startswith(("add:", "drop:"))), None)
    if pressed is None:
        return None
    act, _, where = pressed.partition(":")
    key, _, number = where.partition(":")
    field, arranged = form.inputs.get(key), arrange(form, posted, {})
    if field is None or field.kind != "dynamiclist" or field.each is not None:
        return Edited(arranged.posted, "")
    if act == "add":
        return _added(arranged.posted, field)
    place = arranged.moved.get((key, int(number))) if re.fullmatch("[0-9]{1,4}", number) else None
    return Edited(arranged.posted if place is None else arranged.posted.without_row(key, place), key)


def blank_rows(field: Field) -> Posted:
    """The rows an untouched list shows: as many as the form says, and one at least where one is required."""
    posted = Posted({})
    for number in range(max(field.rows, int(field.required))):
        posted = posted.having(f"{field.key}-{number}-_key", str(number))
    return posted


def _roster(form: Form, field: Field, each: Expression, world: World) -> Iterator[RosterRow]:
    try:
        contexts = plain(each.evaluate(world.values, functions=world.functions))
    except FeelError as error:
        raise BrokenForm(form=form.title or form.id, field=field.label, why="名单的表达式算不出结果。") from error
    if not isinstance(contexts, list) or not all(isinstance(context, dict) for context in contexts):
        raise BrokenForm(form=form.title or form.id, field=field.label, why="名单的表达式没有给出名单。")
    for key, context in zip(row_keys(contexts), contexts, strict=True):
        title = world.lists.row_name(context) or key
        yield RosterRow(key, str(title), context)


def _is_plain_field(form: Form, name: str) -> bool:
    return name in form.inputs and form.inputs[name].kind != "dynamiclist"


def _is_column(form: Form, key: str, column: str) -> bool:
    field = form.inputs.get(key)
    return field is not None and field.kind == "dynamiclist" and (column == "_key" or field.find(column) is not None)


def _place(
    rows: Rows, roster: tuple[RosterRow, ...] | None
) -> tuple[list[tuple[int, dict[str, tuple[str, ...]]]], bool]:
    if roster is None:
        kept = sorted(rows.items())[:MOST_ROWS]
        return [(old, {"_key": (str(old),)} | row) for old, row in kept], len(rows) <= MOST_ROWS
    by_key = {next(iter(row.get("_key", ())), ""): (old, row) for old, row in rows.items()}
    placed = [by_key.get(line.key, (-1, {})) for line in roster]
    fits = by_key.keys() == {line.key for line in roster} and len(rows) == len(roster)
    return [(old, row | {"_key": (line.key,)}) for (old, row), line in zip(placed, roster, strict=True)], fits


def _added(posted: Posted, field: Field) -> Edited:
    count = len({match[2] for match in map(_ROW_NAME.fullmatch, posted) if match and match[1] == field.key})
    if count >= MOST_ROWS:
        return Edited(posted, field.key)
    posted = posted.having(f"{field.key}-{count}-_key", str(count))
    return Edited(posted, f"{field.key}-{count}-{field.fields[0].key}")
