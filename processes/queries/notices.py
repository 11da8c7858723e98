"""The latest notices to one's units: dispatches, reminders, red lights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from processes.people import Me
from processes.tables import MatterRow, NoticeRow


@dataclass(frozen=True)
class Notice:
    """A sentence for a unit's people, and the matter it is about."""

    kind: str
    text: str
    at: datetime
    case_id: str
    number: str | None
    title: str


def list_notices(session: Session, me: Me, *, most: int = 5) -> Sequence[Notice]:
    """The newest notices first."""
    found = _LATEST.rows(session, {"county": me.county, "units": me.units, "most": most})
    return [Notice(*row) for row in found]


_LATEST = Prepared(  # asked by every inbox
    select(NoticeRow.kind, NoticeRow.text, NoticeRow.at, NoticeRow.case_id, MatterRow.number, MatterRow.title)
    .join(MatterRow, and_(MatterRow.county == NoticeRow.county, MatterRow.case_id == NoticeRow.case_id))
    .where(NoticeRow.county == bindparam("county"), NoticeRow.unit.in_(bindparam("units", expanding=True)))
    .order_by(NoticeRow.at.desc(), NoticeRow.id)
    .limit(bindparam("most"))
)
