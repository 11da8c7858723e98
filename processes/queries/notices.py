"""The latest notices to one's units: dispatches, reminders, red lights."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from processes.people import Me
from processes.tables import MatterRow, NoticeRow


def list_notices(session: Session, me: Me, *, most: int = 5) -> Sequence[tuple[NoticeRow, MatterRow]]:
    """The newest notices first, each with the matter it is about."""
    query = (
        select(NoticeRow, MatterRow)
        .join(MatterRow, and_(MatterRow.county == NoticeRow.county, MatterRow.case_id == NoticeRow.case_id))
        .where(NoticeRow.county == me.county, NoticeRow.unit.in_(me.units))
        .order_by(NoticeRow.at.desc(), NoticeRow.id)
        .limit(most)
    )
    return [(notice, matter) for notice, matter in session.execute(query)]
