"""The ended case that another is begun about, and what of the two each page may tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from engine.store.archive import read_archives, rows_as
from engine.store.tables import CaseRow, TaskRow
from processes.formers import UNNUMBERED, Begun, Filled, Former, refuse_about, units_for
from processes.pack import Pack
from processes.people import Me, may_see
from processes.queries.cases import find_case_id
from processes.starts import Start
from processes.tables import MatterRow
from processes.tables_former import FormerRow


@dataclass(frozen=True)
class Tied:
    """A case that another was begun about, or that was begun about it; `is_seen`: whether one may see it."""

    case_id: str
    start: str
    number: str
    title: str
    at: datetime
    ended: str | None
    ended_at: datetime | None
    is_seen: bool
    is_former: bool


def find_former(
    session: Session, me: Me, pack: Pack, start: Start, about: str | None, *, now: datetime, lock: bool = False
) -> Former | None:
    """The case (number or id `about`) that this person may make this start about; None for a start about none.

    `lock`: whoever comes second waits. Raises NoSuchCase, NotYours, NotAbout, and one of CANNOT_FOLLOW.
    """
    former = look_at_former(session, me, pack, start, about, lock=lock)
    if start.about:
        refuse_about(pack, start, former, now)
    return former


def look_at_former(
    session: Session, me: Me, pack: Pack, start: Start, about: str | None, *, lock: bool = False
) -> Former | None:
    """The same, whether it is in time or not; raises NoSuchCase, NotYours."""
    if not start.about or not about:
        return None
    former = _read(session, me, find_case_id(session, me, about), lock=lock)
    units_for(pack, start, me.postings, former.unit)
    return former


def former_of(row: CaseRow, matter: MatterRow, tasks: list[TaskRow], tied: list[Tied]) -> Former:
    """A case as one that another may be begun about; `tied` as its page has them."""
    done = sorted((task for task in tasks if task.closed_by and task.answers is not None), key=_when)
    return Former(
        case=row.id,
        start=matter.start,
        number=matter.number or UNNUMBERED,
        title=matter.title,
        unit=matter.unit,
        ended=row.ended_by,
        ended_at=row.ended_at,
        filled=tuple(Filled(task.step, task.answers or {}, task.process_values) for task in done),
        begun=tuple(Begun(each.start, each.number, each.ended) for each in tied if not each.is_former),
    )


def tied_to(session: Session, me: Me, case_id: str) -> list[Tied]:
    """The case that this one was begun about, first, and those begun about it, the oldest first."""
    other = case((FormerRow.case_id == case_id, FormerRow.former_id), else_=FormerRow.case_id)
    asked = (
        select(MatterRow, CaseRow, case((may_see(me), 1), else_=0), FormerRow.case_id)
        .select_from(FormerRow)
        .join(CaseRow, and_(CaseRow.county == FormerRow.county, CaseRow.id == other))
        .join(MatterRow, and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id))
        .where(FormerRow.county == me.county, or_(FormerRow.case_id == case_id, FormerRow.former_id == case_id))
        .order_by(MatterRow.started_at, MatterRow.case_id)
    )
    found = [_tied(matter, row, bool(may), newer == case_id) for matter, row, may, newer in session.execute(asked)]
    return sorted(found, key=lambda each: not each.is_former)


def _read(session: Session, me: Me, case_id: str, *, lock: bool) -> Former:
    key = (me.county, case_id)
    row = session.get_one(CaseRow, key, with_for_update=True) if lock else session.get_one(CaseRow, key)
    archived = read_archives(session, me.county, [case_id]).get(case_id, {}) if row.ended_at else {}
    beside = session.scalars(select(TaskRow).filter_by(county=me.county, case_id=case_id))
    tasks = [*rows_as(TaskRow, archived), *beside]
    return former_of(row, session.get_one(MatterRow, key), tasks, tied_to(session, me, case_id))


def _tied(matter: MatterRow, row: CaseRow, is_seen: bool, is_former: bool) -> Tied:
    named = (matter.case_id, matter.start, matter.number or UNNUMBERED, matter.title, matter.started_at)
    return Tied(*named, row.ended_by, row.ended_at, is_seen, is_former)


_when: Any = attrgetter("closed_at", "id")
