"""The inbox: the open tasks a person may do, most urgent first; and what they have done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, and_, bindparam, case, cast, exists, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from engine.store.tables import CaseRow, TaskGroupRow, TaskRow
from processes.people import MAY_DO, Me, doing
from processes.tables import AnswerRow, MatterRow

PAGE = 100


@dataclass(frozen=True)
class InboxItem:
    """One open task as a line of the inbox. `unit` is the unit in whose name this person would do it."""

    task_id: str
    case_id: str
    step: str
    opened_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    claimed_by: str | None
    round: int
    number: str | None
    title: str
    township: str
    unit: str


@dataclass(frozen=True)
class Counts:
    """How many tasks wait, by filter; what is above `most` was not counted further."""

    by_filter: Mapping[str, int]
    most: int = 1000

    @property
    def inbox(self) -> int:
        """All of them."""
        return self.by_filter["all"]

    @property
    def late(self) -> int:
        """Those past their time."""
        return self.by_filter["late"]


@dataclass(frozen=True)
class DoneItem:
    """A step this person did."""

    answer: AnswerRow
    task: TaskRow
    matter: MatterRow
    ended: str | None


_did = aliased(TaskRow)
_other_than = cast(TaskRow.other_than, Text)
_IS_BARRED = and_(  # the second half is only looked at where the first holds
    _other_than != "[]",
    exists().where(
        _did.county == TaskRow.county,
        _did.case_id == TaskRow.case_id,
        _did.closed_by == bindparam("me"),
        func.replace(_other_than, literal('"') + _did.step + '"', "") != _other_than,
    ),
)
"""SQL: a task that another person must do, because this one did an earlier step (DC-3)."""

_IS_IN: Mapping[str, ColumnElement[bool]] = {
    "all": true(),
    "late": TaskRow.due_at < bindparam("now"),
    "soon": and_(TaskRow.due_at >= bindparam("now"), TaskRow.due_at <= bindparam("soon")),
    "mine": TaskRow.claimed_by == bindparam("me"),
    "pool": TaskRow.claimed_by.is_(None),
}
FILTERS = tuple(_IS_IN)
_ITEMS = {
    name: select(
        TaskRow.id,
        TaskRow.case_id,
        TaskRow.name,
        TaskRow.opened_at,
        TaskRow.due_at,
        TaskRow.warn_at,
        TaskRow.claimed_by,
        TaskRow.process_values,
        MatterRow.number,
        MatterRow.title,
        MatterRow.unit,
    )
    .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
    .where(MAY_DO, ~_IS_BARRED, is_in)
    .order_by(TaskRow.due_at.is_(None), TaskRow.due_at, TaskRow.opened_at, TaskRow.id)
    .limit(PAGE)
    .offset(bindparam("offset"))
    for name, is_in in _IS_IN.items()
}
_COUNTS = select(*(func.sum(case((is_in, 1), else_=0)) for is_in in _IS_IN.values())).where(MAY_DO, ~_IS_BARRED)


def list_inbox(
    session: Session, me: Me, *, now: datetime, soon: datetime, chosen: str = "all", page: int = 1
) -> list[InboxItem]:
    """One page of the open tasks this person may do, the earliest due first, those without a limit last."""
    asked = {**doing(me), "now": now, "soon": soon, "offset": (page - 1) * PAGE}
    found = session.connection().execute(_ITEMS.get(chosen, _ITEMS["all"]), asked).all()
    units = _units(session, me, [row.id for row in found])
    return [_item(row, units[row.id]) for row in found]


def count_inbox(session: Session, me: Me, *, now: datetime, soon: datetime) -> Counts:
    """How many tasks wait, by filter."""
    row = session.connection().execute(_COUNTS, {**doing(me), "now": now, "soon": soon}).one()
    return Counts(dict(zip(_IS_IN, (int(value or 0) for value in row), strict=True)))


def list_done(session: Session, me: Me, *, page: int, size: int = 20) -> tuple[list[DoneItem], int]:
    """The steps this person did, newest first, and how many there are."""
    mine = and_(AnswerRow.county == me.county, AnswerRow.by == me.id)
    query = (
        select(AnswerRow, TaskRow, MatterRow, CaseRow.ended_by)
        .join(CaseRow, and_(CaseRow.county == AnswerRow.county, CaseRow.id == AnswerRow.case_id))
        .join(TaskRow, and_(TaskRow.county == AnswerRow.county, TaskRow.id == AnswerRow.task_id))
        .join(MatterRow, and_(MatterRow.county == AnswerRow.county, MatterRow.case_id == AnswerRow.case_id))
        .where(mine)
        .order_by(AnswerRow.at.desc(), AnswerRow.task_id)
        .limit(size)
        .offset((page - 1) * size)
    )
    total = session.scalar(select(func.count()).select_from(AnswerRow).where(mine)) or 0
    return [DoneItem(*row) for row in session.execute(query)], total


def count_done_since(session: Session, me: Me, since: datetime) -> int:
    """How many steps this person did since a moment."""
    return session.connection().scalar(_DONE_SINCE, {"county": me.county, "me": me.id, "since": since}) or 0


_DONE_SINCE = (
    select(func.count())
    .select_from(TaskRow)
    .where(
        TaskRow.county == bindparam("county"),
        TaskRow.closed_by == bindparam("me"),
        TaskRow.closed_at >= bindparam("since"),
    )
)
_UNITS = select(TaskGroupRow.task_id, TaskGroupRow.post, TaskGroupRow.unit).where(
    TaskGroupRow.county == bindparam("county"), TaskGroupRow.task_id.in_(bindparam("tasks", expanding=True))
)


def _units(session: Session, me: Me, tasks: Sequence[str]) -> Mapping[str, str]:
    """The unit in whose name this person would do each task."""
    if len(me.units) == 1:
        return dict.fromkeys(tasks, me.units[0])
    rows = session.connection().execute(_UNITS, {"county": me.county, "tasks": tasks})
    return {task: unit for task, post, unit in rows if me.holds(post, unit)}


def _item(row: Row[Any], unit: str) -> InboxItem:
    return InboxItem(
        row.id,
        row.case_id,
        row.name,
        row.opened_at,
        row.due_at,
        row.warn_at,
        row.claimed_by,
        int(row.process_values.get("round") or 1),
        row.number,
        row.title,
        row.unit,
        unit,
    )
