"""Orders as lists (DC-12): those one may see, those told to everybody, and those that hang together with one case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow, TaskRow
from processes.people import Me, may_see
from processes.queries.cases import open_tasks
from processes.tables import MatterRow
from processes.tables_supervision import ChainedRow, LetterRow

FILTERS = ("open", "late", "public", "ended", "all")


@dataclass(frozen=True)
class About:
    """A matter that an order is about."""

    case_id: str
    number: str | None
    title: str


@dataclass(frozen=True)
class ListedOrder:
    """An order with where it stands. `about` are the matters that one may see, `hidden` how many one may not.

    `is_seen`: whether one may see the order itself, or only that there is one.
    """

    case: CaseRow
    matter: MatterRow
    is_seen: bool
    ground: str
    rung: str
    unit: str
    at: datetime
    about: list[About]
    hidden: int
    letters: list[str]
    tasks: list[TaskRow]


def list_orders(
    session: Session, me: Me, public: Collection[str], *, now: datetime, chosen: str, page: int, size: int = 20
) -> tuple[list[ListedOrder], int]:
    """The orders this person may see, and those on the rungs that are told to everybody, newest first; how many."""
    where = and_(_shown(me, public), _filter(chosen, public, now))
    total = session.scalar(select(func.count()).select_from(CaseRow).where(where)) or 0
    asked = select(CaseRow.id).where(where).order_by(CaseRow.started_at.desc(), CaseRow.id)
    ids = list(session.scalars(asked.limit(size).offset((page - 1) * size)))
    return _whole(session, me, ids), total


def count_orders(session: Session, me: Me, public: Collection[str], *, now: datetime) -> dict[str, int]:
    """How many orders each filter would show."""
    counted = select(func.count()).select_from(CaseRow).where(_shown(me, public))
    return {name: session.scalar(counted.where(_filter(name, public, now))) or 0 for name in FILTERS}


def orders_with(session: Session, me: Me, case_id: str) -> list[ListedOrder]:
    """The orders about a matter, whoever asks has been let see it, or the one that the case is itself."""
    mine = and_(ChainedRow.county == me.county, or_(ChainedRow.matter_id == case_id, ChainedRow.order_id == case_id))
    return _whole(session, me, list(session.scalars(select(ChainedRow.order_id).where(mine).distinct())))


def _is_order(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(ChainedRow.county == CaseRow.county, ChainedRow.order_id == CaseRow.id, *more)


def _shown(me: Me, public: Collection[str]) -> ColumnElement[bool]:
    told = and_(CaseRow.ended_at.is_(None), _is_order(ChainedRow.rung.in_(public)))
    return and_(CaseRow.county == me.county, or_(and_(may_see(me), _is_order()), told))


def _filter(chosen: str, public: Collection[str], now: datetime) -> ColumnElement[bool]:
    of_case = (TaskRow.county == CaseRow.county, TaskRow.case_id == CaseRow.id)
    filters: Mapping[str, ColumnElement[bool]] = {
        "open": CaseRow.ended_at.is_(None),
        "late": exists().where(*of_case, TaskRow.state == "open", TaskRow.due_at < now),
        "public": and_(CaseRow.ended_at.is_(None), _is_order(ChainedRow.rung.in_(public))),
        "ended": CaseRow.ended_at.is_not(None),
    }
    return filters.get(chosen, true())


def _whole(session: Session, me: Me, ids: list[str]) -> list[ListedOrder]:
    """These orders in the order of their beginning, the newest first: four statements, none for none."""
    if not ids:
        return []
    chained, letters = _chained(session, me, ids), _letters(session, me, ids)
    tasks = open_tasks(session, me.county, ids)
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    asked = (
        select(CaseRow, MatterRow, case((may_see(me), 1), else_=0))
        .join(MatterRow, on)
        .where(CaseRow.county == me.county, CaseRow.id.in_(ids))
        .order_by(CaseRow.started_at.desc(), CaseRow.id)
    )
    found = session.execute(asked)
    return [
        _listed(row, matter, bool(seen), chained[row.id], letters.get(row.id, []), tasks.get(row.id, []))
        for row, matter, seen in found
    ]


def _listed(
    row: CaseRow, matter: MatterRow, is_seen: bool, chained: list[Any], letters: list[str], tasks: list[TaskRow]
) -> ListedOrder:
    first = chained[0][0]
    seen = [About(each.matter_id, number, title) for each, number, title, may in chained if may]
    told = (first.ground, first.rung, first.unit, first.at)
    return ListedOrder(row, matter, is_seen, *told, seen, len(chained) - len(seen), letters, tasks)


def _chained(session: Session, me: Me, ids: list[str]) -> dict[str, list[Any]]:
    """What these orders are about, each matter with its number and title, and whether this person may see it."""
    on = and_(MatterRow.county == ChainedRow.county, MatterRow.case_id == ChainedRow.matter_id)
    seen = case((may_see(me, MatterRow.county, MatterRow.case_id), 1), else_=0)
    asked = (
        select(ChainedRow, MatterRow.number, MatterRow.title, seen)
        .outerjoin(MatterRow, on)
        .where(ChainedRow.county == me.county, ChainedRow.order_id.in_(ids))
        .order_by(MatterRow.number, ChainedRow.matter_id)
    )
    found: dict[str, list[Any]] = {}
    for row in session.execute(asked):
        found.setdefault(row[0].order_id, []).append(row)
    return found


def _letters(session: Session, me: Me, ids: list[str]) -> dict[str, list[str]]:
    """The numbers of the letters written in these orders."""
    asked = select(LetterRow.case_id, LetterRow.number).where(LetterRow.county == me.county, LetterRow.case_id.in_(ids))
    found: dict[str, list[str]] = {}
    for case_id, number in session.execute(asked.order_by(LetterRow.at, LetterRow.number)):
        found.setdefault(case_id, []).append(number)
    return found
