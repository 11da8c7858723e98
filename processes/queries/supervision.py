"""What supervision looks at: running matters and who holds them, what was raised alike, orders and what has moved.

Each question is one statement, however many matters the county has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_messages import MessageRow, WaitRow
from processes.pack import Pack
from processes.supervision import Supervision
from processes.tables import MatterRow
from processes.tables_supervision import ChainedRow


@dataclass(frozen=True)
class Held:
    """A running matter, and the most urgent of the steps that one unit holds of it."""

    case_id: str
    number: str
    title: str
    township: str
    unit: str
    opened_at: datetime
    due_at: datetime | None
    raised_at: datetime


@dataclass(frozen=True)
class Alike:
    """A matter and the item of the duty list that it was found to be about."""

    case_id: str
    township: str
    item: str


@dataclass(frozen=True)
class Order:
    """An order about a matter, and when it was over (None while it is not)."""

    order_id: str
    matter_id: str
    ground: str
    unit: str
    rung: str
    at: datetime
    ended_at: datetime | None


def _of_matter(rules: Supervision, county: str) -> tuple[ColumnElement[bool], ...]:
    same = and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id)
    return same, TaskRow.county == county, MatterRow.start.in_(rules.starts)


def _one(case_id: str | None) -> tuple[ColumnElement[bool], ...]:
    return (TaskRow.case_id == case_id,) if case_id is not None else ()


def held_matters(session: Session, pack: Pack, rules: Supervision, only: str | None) -> list[Held]:
    """Each running matter with each unit of the kinds supervised that holds a step of it; of all, or of one case."""
    asked = (
        select(TaskRow.groups, TaskRow.opened_at, TaskRow.due_at, MatterRow)
        .where(*_of_matter(rules, pack.code), TaskRow.state == "open", TaskRow.step.not_in(rules.leaves), *_one(only))
        .order_by(TaskRow.due_at.is_(None), TaskRow.due_at, TaskRow.id)
    )
    found: dict[tuple[str, str], Held] = {}
    for groups, opened_at, due_at, matter in session.execute(asked):
        for unit in dict.fromkeys(unit for _, unit in groups):
            if rules.is_watched(pack, unit):
                named = (matter.case_id, matter.number or "", matter.title, matter.unit, unit)
                held = Held(*named, opened_at, due_at, matter.started_at)
                found.setdefault((matter.case_id, unit), held)
    return list(found.values())


def last_steps(session: Session, pack: Pack, rules: Supervision, only: str | None) -> dict[str, datetime]:
    """When a step of each running matter was last completed."""
    of_case = and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id, CaseRow.ended_at.is_(None))
    asked = (
        select(TaskRow.case_id, func.max(TaskRow.closed_at))
        .join(CaseRow, of_case)
        .where(*_of_matter(rules, pack.code), TaskRow.closed_by.is_not(None), *_one(only))
        .group_by(TaskRow.case_id)
    )
    return {case_id: at for case_id, at in session.execute(asked) if at is not None}


def matters_alike(session: Session, pack: Pack, rules: Supervision, since: datetime) -> dict[str, list[Alike]]:
    """The matters raised since a moment, by the duty item of their last answer to the step that says it."""
    step, field = rules.step_and_field
    asked = (
        select(TaskRow.case_id, MatterRow.unit, TaskRow.answers[field].as_string())
        .where(*_of_matter(rules, pack.code), MatterRow.started_at >= since)
        .where(TaskRow.step == step, TaskRow.closed_by.is_not(None), TaskRow.answers.is_not(None))
        .order_by(TaskRow.closed_at, TaskRow.id)
    )
    last = {case_id: Alike(case_id, unit, item or "") for case_id, unit, item in session.execute(asked)}
    by_item: dict[str, list[Alike]] = {}
    for alike in last.values():
        if alike.item:
            by_item.setdefault(alike.item, []).append(alike)
    return by_item


def orders_about(session: Session, county: str, ended_since: datetime | None) -> list[Order]:
    """The orders that are not over, and with `ended_since` those that ended since then, the oldest first."""
    running = CaseRow.ended_at.is_(None)
    lately = running if ended_since is None else or_(running, CaseRow.ended_at >= ended_since)
    return _orders(session, county, lately)


def orders_of_matter(session: Session, county: str, case_id: str) -> list[Order]:
    """Every order about a matter, the oldest first."""
    return _orders(session, county, ChainedRow.matter_id == case_id)


def _orders(session: Session, county: str, which: ColumnElement[bool]) -> list[Order]:
    asked = (
        select(ChainedRow, CaseRow.ended_at)
        .join(CaseRow, and_(CaseRow.county == ChainedRow.county, CaseRow.id == ChainedRow.order_id))
        .where(ChainedRow.county == county, which)
        .order_by(ChainedRow.at, ChainedRow.order_id)
    )
    return [_order(row, ended_at) for row, ended_at in session.execute(asked)]


def _order(row: ChainedRow, ended_at: datetime | None) -> Order:
    return Order(row.order_id, row.matter_id, row.ground, row.unit, row.rung, row.at, ended_at)


@dataclass(frozen=True)
class _Steps:
    """Of one matter: the units that hold an open step, and (when, which units) of each completed one."""

    holding: frozenset[str]
    completed: tuple[tuple[datetime, frozenset[str]], ...]


def moved_orders(session: Session, county: str) -> list[str]:
    """The orders that are not over although every matter they are about has moved since they were chained to it.

    A matter has moved when it ended, or when a step of it was completed: by the order's unit while that holds another,
    by anybody when it does not.
    """
    orders = orders_about(session, county, None)
    if not orders:
        return []
    matters = sorted({order.matter_id for order in orders})
    over = (CaseRow.county == county, CaseRow.id.in_(matters), CaseRow.ended_at.is_not(None))
    ended = set(session.scalars(select(CaseRow.id).where(*over)))
    steps = _steps(session, county, matters)
    standing = {order.order_id for order in orders if order.matter_id not in ended and not _moved(order, steps)}
    moved = dict.fromkeys(order.order_id for order in orders if order.order_id not in standing)
    return list(moved)


def waiting_for(session: Session, county: str, message: str, cases: Collection[str]) -> set[str]:
    """Those of these cases that wait for a message under their own id."""
    asked = select(WaitRow.case_id).where(WaitRow.county == county, WaitRow.name == message, WaitRow.key.in_(cases))
    return set(session.scalars(asked))


def told_already(session: Session, county: str, ids: Collection[str]) -> set[str]:
    """The messages of these ids that were sent before."""
    return set(session.scalars(select(MessageRow.id).where(MessageRow.county == county, MessageRow.id.in_(ids))))


def _steps(session: Session, county: str, matters: Collection[str]) -> Mapping[str, _Steps]:
    asked = select(TaskRow.case_id, TaskRow.state, TaskRow.groups, TaskRow.closed_at).where(
        TaskRow.county == county,
        TaskRow.case_id.in_(matters),
        or_(TaskRow.state == "open", TaskRow.closed_by.is_not(None)),
    )
    holding: dict[str, set[str]] = {matter: set() for matter in matters}
    completed: dict[str, list[tuple[datetime, frozenset[str]]]] = {matter: [] for matter in matters}
    for case_id, state, groups, at in session.execute(asked):
        units = frozenset(unit for _, unit in groups)
        if state == "open":
            holding[case_id] |= units
        elif at is not None:
            completed[case_id].append((at, units))
    return {matter: _Steps(frozenset(holding[matter]), tuple(completed[matter])) for matter in matters}


def _moved(order: Order, steps: Mapping[str, _Steps]) -> bool:
    its = steps[order.matter_id]
    since = [units for at, units in its.completed if at > order.at]
    return any(order.unit in units for units in since) if order.unit in its.holding else bool(since)
