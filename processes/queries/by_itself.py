"""What happened by itself lately: journal lines that nobody wrote, of every matter of a county."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.store.tables import JournalRow
from processes.tables import MatterRow

FACTS = ("TaskNearlyDue", "TaskTurnedRed", "EventCaught", "VerbDone", "CaseEnded")


def list_by_itself(session: Session, county: str, *, most: int = 30) -> list[tuple[JournalRow, MatterRow]]:
    """The latest lines of these facts, newest first."""
    of_case = and_(MatterRow.county == JournalRow.county, MatterRow.case_id == JournalRow.case_id)
    query = (
        select(JournalRow, MatterRow)
        .join(MatterRow, of_case)
        .where(JournalRow.county == county, JournalRow.by.is_(None), JournalRow.fact.in_(FACTS))
        .order_by(JournalRow.at.desc(), JournalRow.case_id, JournalRow.revision.desc(), JournalRow.line.desc())
        .limit(most)
    )
    return [(line, matter) for line, matter in session.execute(query)]
