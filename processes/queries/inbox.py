"""The inbox: the open tasks a person may do, most urgent first; and what they have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, OfferRow, TaskRow
from processes.people import Me, doing, offered
from processes.tables import MatterRow

PAGE = 100
MOST = 1000
"""As far as the inbox counts."""


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
    """How many tasks wait, by filter: counted up to `most`, beyond that only known to be more."""

    by_filter: Mapping[str, int]
    most: int = MOST

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

    task: TaskRow
    matter: MatterRow
    ended: str | None


_other_than = cast(OfferRow.other_than, Text)
_IS_BARRED = and_(  # the second half is only looked at where the first holds
    _other_than != "[]",
    exists().where(
        TaskRow.county == OfferRow.county,
        TaskRow.case_id == OfferRow.case_id,
        TaskRow.closed_by == bindparam("me"),
        func.replace(_other_than, literal('"') + TaskRow.step + '"', "") != _other_than,
    ),
)
"""SQL: a task that another person must do, because this one did an earlier step (DC-3)."""

_IS_IN: Mapping[str, ColumnElement[bool]] = {
    "all": true(),
    "late": OfferRow.until < bindparam("now"),
    "soon": and_(OfferRow.until >= bindparam("now"), OfferRow.until <= bindparam("soon")),
    "mine": OfferRow.claimed_by == bindparam("me"),
    "pool": OfferRow.claimed_by.is_(None),
}
FILTERS = tuple(_IS_IN)
_ORDER = ("until", "opened_at", "task_id")


def _offers(count: int, chosen: str, most: Any) -> Subquery:
    """What is offered to somebody with so many postings, in the order of the inbox, and in whose unit's name.

    Each posting is asked for by itself: so the index gives its first offers in order, however many there are.
    """
    columns = (OfferRow.until, OfferRow.opened_at, OfferRow.task_id, OfferRow.unit, OfferRow.claimed_by)
    parts = [
        select(*columns)
        .where(offered(bindparam(f"post_{number}"), bindparam(f"unit_{number}")), ~_IS_BARRED, _IS_IN[chosen])
        .order_by(*(getattr(OfferRow, name) for name in _ORDER))
        .limit(most)
        .subquery(f"held_{number}")
        for number in range(count)
    ]
    if count == 1:
        return parts[0]
    every = union_all(*(select(part) for part in parts)).subquery()
    once = [every.c[name] for name in _ORDER]  # a task may be offered to two posts of the same person
    rest = [func.min(every.c[name]).label(name) for name in ("unit", "claimed_by")]
    return select(*once, *rest).group_by(*once).subquery()


@cache
def _items(count: int, chosen: str) -> Prepared:
    held = _offers(count, chosen, bindparam("most"))
    page = select(held).order_by(*(held.c[name] for name in _ORDER)).limit(PAGE).offset(bindparam("offset")).subquery()
    return Prepared(
        select(
            page.c.task_id,
            TaskRow.case_id,
            TaskRow.name,
            page.c.opened_at,
            TaskRow.due_at,
            TaskRow.warn_at,
            page.c.claimed_by,
            TaskRow.process_values,
            MatterRow.number,
            MatterRow.title,
            MatterRow.unit.label("township"),
            page.c.unit,
        )
        .join(TaskRow, and_(TaskRow.county == bindparam("county"), TaskRow.id == page.c.task_id))
        .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
        .order_by(*(page.c[name] for name in _ORDER))
    )


@cache
def _counts(count: int) -> Prepared:
    """Each filter's count stops at one more than the most that is told: nobody pages through more."""
    counted = (
        select(func.count()).select_from(select(_offers(count, name, MOST + 1).c.task_id).limit(MOST + 1).subquery())
        for name in FILTERS
    )
    return Prepared(select(*(each.scalar_subquery().label(name) for name, each in zip(FILTERS, counted, strict=True))))


def list_inbox(
    session: Session, me: Me, *, now: datetime, soon: datetime, chosen: str = "all", page: int = 1
) -> list[InboxItem]:
    """One page of the open tasks this person may do, the earliest due first, those without a limit last."""
    if not me.postings:
        return []
    first = (page - 1) * PAGE
    asked = {**doing(me), "now": now, "soon": soon, "offset": first, "most": first + PAGE}
    items = _items(len(me.postings), chosen if chosen in FILTERS else "all")
    return [_item(row) for row in items.rows(session, asked)]


def count_inbox(session: Session, me: Me, *, now: datetime, soon: datetime) -> Counts:
    """How many tasks wait, by filter, as far as they are counted."""
    if not me.postings:
        return Counts(dict.fromkeys(FILTERS, 0))
    row = _counts(len(me.postings)).one(session, {**doing(me), "now": now, "soon": soon})
    return Counts(dict(zip(FILTERS, row, strict=True)))


def list_done(session: Session, me: Me, *, page: int, size: int = 20) -> tuple[list[DoneItem], int]:
    """The steps this person did, newest first, and how many there are."""
    mine = and_(TaskRow.county == me.county, TaskRow.closed_by == me.id)
    query = (
        select(TaskRow, MatterRow, CaseRow.ended_by)
        .join(CaseRow, and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id))
        .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
        .where(mine)
        .order_by(TaskRow.closed_at.desc(), TaskRow.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    total = session.scalar(select(func.count()).select_from(TaskRow).where(mine)) or 0
    return [DoneItem(*row) for row in session.execute(query)], total


def count_done_since(session: Session, me: Me, since: datetime) -> int:
    """How many steps this person did since a moment."""
    count: int = _DONE_SINCE.one(session, {"county": me.county, "me": me.id, "since": since}).done
    return count


_DONE_SINCE = Prepared(
    select(func.count().label("done"))
    .select_from(TaskRow)
    .where(
        TaskRow.county == bindparam("county"),
        TaskRow.closed_by == bindparam("me"),
        TaskRow.closed_at >= bindparam("since"),
    )
)


def _item(row: Any) -> InboxItem:
    return InboxItem(
        row.task_id,
        row.case_id,
        row.name,
        row.opened_at,
        row.due_at,
        row.warn_at,
        row.claimed_by,
        int(row.process_values.get("round") or 1),
        row.number,
        row.title,
        row.township,
        row.unit,
    )
