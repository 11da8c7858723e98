"""What happened by itself lately: journal lines that nobody wrote, of every matter of a county."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.store.journal import Line, lines_in
from engine.store.tables import CaseRow, JournalRow
from processes.tables import MatterRow

_CASES = 500
"""Only the cases that moved last are looked at: the journal is ordered by case, not by time."""

FACTS = ("TaskNearlyDue", "TaskTurnedRed", "EventCaught", "VerbDone", "CaseEnded")


def list_by_itself(session: Session, county: str, *, most: int = 30) -> list[tuple[Line, MatterRow]]:
    """The latest lines of these facts, newest first."""
    return list(islice(_lines(session, county), most))


def _lines(session: Session, county: str) -> Iterator[tuple[Line, MatterRow]]:
    of_case = and_(MatterRow.county == JournalRow.county, MatterRow.case_id == JournalRow.case_id)
    lately = select(CaseRow.id).where(CaseRow.county == county).order_by(CaseRow.changed_at.desc()).limit(_CASES)
    query = (
        select(JournalRow, MatterRow)
        .join(MatterRow, of_case)
        .where(JournalRow.county == county, JournalRow.by.is_(None), JournalRow.case_id.in_(lately))
        .order_by(JournalRow.at.desc(), JournalRow.case_id, JournalRow.revision.desc())
    )
    for row, matter in session.execute(query, execution_options={"yield_per": 100}):
        yield from ((line, matter) for line in reversed([*lines_in([row])]) if line.fact in FACTS)
