"""The inbox: the open tasks a person may do, most urgent first; and what they have done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from engine.store.tables import CaseRow, TaskGroupRow, TaskRow
from processes.people import Me, may_do
from processes.tables import AnswerRow, MatterRow

FILTERS = ("all", "late", "soon", "mine", "pool")


@dataclass(frozen=True)
class InboxItem:
    """One task in the inbox. `unit` is the unit in whose name this person would do it."""

    task: TaskRow
    matter: MatterRow
    unit: str


@dataclass(frozen=True)
class Counts:
    """How many tasks wait, by filter."""

    by_filter: Mapping[str, int]

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


def list_inbox(
    session: Session, me: Me, *, now: datetime, soon: datetime, chosen: str = "all", most: int = 200
) -> list[InboxItem]:
    """Open tasks this person may do, the earliest due first, those without a limit last."""
    query = (
        select(TaskRow, MatterRow)
        .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
        .where(may_do(me), TaskRow.id.not_in(_barred(session, me)), _filter(chosen, me, now, soon))
        .order_by(TaskRow.due_at.is_(None), TaskRow.due_at, TaskRow.opened_at, TaskRow.id)
        .limit(most)
    )
    found = session.execute(query).all()
    units = _units(session, me, [task.id for task, _ in found])
    return [InboxItem(task, matter, units[task.id]) for task, matter in found]


def count_inbox(session: Session, me: Me, *, now: datetime, soon: datetime) -> Counts:
    """How many tasks wait, by filter."""
    if not me.postings:
        return Counts(dict.fromkeys(FILTERS, 0))
    sums = (func.sum(case((_filter(name, me, now, soon), 1), else_=0)) for name in FILTERS)
    row = session.execute(select(*sums).where(may_do(me), TaskRow.id.not_in(_barred(session, me)))).one()
    return Counts(dict(zip(FILTERS, (int(value or 0) for value in row), strict=True)))


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
    query = select(func.count()).select_from(AnswerRow)
    return session.scalar(query.where(AnswerRow.county == me.county, AnswerRow.by == me.id, AnswerRow.at >= since)) or 0


def _filter(chosen: str, me: Me, now: datetime, soon: datetime) -> ColumnElement[bool]:
    return {
        "late": TaskRow.due_at < now,
        "soon": and_(TaskRow.due_at >= now, TaskRow.due_at <= soon),
        "mine": TaskRow.claimed_by == me.id,
        "pool": TaskRow.claimed_by.is_(None),
    }.get(chosen, TaskRow.state == "open")


def _units(session: Session, me: Me, tasks: Sequence[str]) -> dict[str, str]:
    """The unit in whose name this person would do each task."""
    rows = session.execute(
        select(TaskGroupRow.task_id, TaskGroupRow.post, TaskGroupRow.unit).where(
            TaskGroupRow.county == me.county, TaskGroupRow.task_id.in_(tasks)
        )
    )
    return {task: unit for task, post, unit in rows if me.holds(post, unit)}


def _barred(session: Session, me: Me) -> set[str]:
    """Tasks that another person must do, because this one did an earlier step (DC-3)."""
    did = aliased(TaskRow)
    same_case = and_(did.county == TaskRow.county, did.case_id == TaskRow.case_id, did.closed_by == me.id)
    rows = session.execute(select(TaskRow.id, TaskRow.other_than, did.step).join(did, same_case).where(may_do(me)))
    return {task for task, other_than, step in rows if step in other_than}
