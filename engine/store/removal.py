"""Removes a closed case, and leaves one line in its journal that ends its chain: that it was, how long, by which rule.

The line is linked to the last one it replaces, and waits for the next block as any head does: a removal that did not
happen by rule cannot be made to look like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.store.archive import read_archives
from engine.store.chain import exact
from engine.store.journal import Act, Fact, linked_row
from engine.store.rows import add_rows
from engine.store.tables import CaseRow, JournalRow, OfferRow, TaskRow
from engine.store.tables_archive import ArchiveRow
from engine.store.tables_chain import HeadRow
from engine.store.tables_jobs import IncidentRow, JobRow
from engine.store.tables_messages import MessageRow, WaitRow

REMOVED = "CaseRemoved"
_OF_CASE = (OfferRow, TaskRow, WaitRow, JobRow, IncidentRow, MessageRow, JournalRow, ArchiveRow)


def remove_case(session: Session, case: CaseRow, told: Mapping[str, Any], now: datetime) -> None:
    """Remove all the engine keeps of a closed case, which the caller has locked and whose last head a block holds.

    `told` is what its record says besides: the rule, what people called it. Rows of other rooms must be gone already.
    """
    fact = Fact(REMOVED, {**_record(session, case), **told})
    key = {"county": case.county, "case_id": case.id, "revision": case.revision + 1}
    row, head = linked_row(key, case.head, Act(now), [fact])
    for table in _OF_CASE:
        session.execute(delete(table).where(table.county == case.county, table.case_id == case.id))
    session.execute(delete(CaseRow).where(CaseRow.county == case.county, CaseRow.id == case.id))
    add_rows(session, JournalRow, [row] if row else [])
    its_head = update(HeadRow).where(HeadRow.county == case.county, HeadRow.case_id == case.id)
    session.execute(its_head.values(revision=case.revision + 1, link=head, block=None))


def _record(session: Session, case: CaseRow) -> dict[str, Any]:
    """What is kept of a case for ever: enough to count it, and to prove its chain."""
    told = select(JournalRow.told).where(JournalRow.county == case.county, JournalRow.case_id == case.id)
    archived = read_archives(session, case.county, [case.id])
    packed = (row["told"] for rows in archived.values() for row in rows[JournalRow.__tablename__])
    return {
        "previous": case.head.hex(),
        "lines": sum(map(len, (*session.scalars(told), *packed))),
        "process": case.process,
        "started_at": exact(case.started_at),
        "ended_at": exact(case.ended_at) if case.ended_at else None,
        "ended_by": case.ended_by,
    }
