"""Which matters were merged into a case, and into which it was merged itself (DC-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow
from processes.people import Me, may_see
from processes.tables import MatterRow
from processes.tables_merging import MergedRow


@dataclass(frozen=True)
class Other:
    """The matter at the other end of a merging. `took_in`: it took in the one asked of; `is_seen`: one may see it."""

    case_id: str
    number: str | None
    title: str
    unit: str
    at: datetime
    took_in: bool
    is_seen: bool


def merged_with(session: Session, me: Me, case_id: str) -> list[Other]:
    """Every matter merged with this one, whoever asks has been let see it; the one it went into first."""
    goes = MergedRow.case_id == case_id
    other = case((goes, MergedRow.into_id), else_=MergedRow.case_id)
    asked = (
        select(MatterRow, MergedRow.at, case((goes, 1), else_=0), case((may_see(me), 1), else_=0))
        .join(MatterRow, and_(MatterRow.county == MergedRow.county, MatterRow.case_id == other))
        .join(CaseRow, and_(CaseRow.county == MatterRow.county, CaseRow.id == MatterRow.case_id))
        .where(MergedRow.county == me.county, or_(goes, MergedRow.into_id == case_id))
        .order_by(case((goes, 0), else_=1), MergedRow.at, MergedRow.case_id)
    )
    return [
        Other(matter.case_id, matter.number, matter.title, matter.unit, at, bool(took_in), bool(seen))
        for matter, at, took_in, seen in session.execute(asked)
    ]
