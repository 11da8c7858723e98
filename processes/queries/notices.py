"""The latest notices to one's units: dispatches, reminders, red lights."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from processes.people import Me
from processes.tables import MatterRow, NoticeRow


def list_notices(session: Session, me: Me, *, most: int = 5) -> Sequence[tuple[NoticeRow, MatterRow]]:
    """The newest notices first, each with the matter it is about."""
    found = session.execute(_LATEST, {"county": me.county, "units": me.units, "most": most})
    return [(notice, matter) for notice, matter in found]


_LATEST = (  # asked by every inbox, so built once
    select(NoticeRow, MatterRow)
    .join(MatterRow, and_(MatterRow.county == NoticeRow.county, MatterRow.case_id == NoticeRow.case_id))
    .where(NoticeRow.county == bindparam("county"), NoticeRow.unit.in_(bindparam("units", expanding=True)))
    .order_by(NoticeRow.at.desc(), NoticeRow.id)
    .limit(bindparam("most"))
)
