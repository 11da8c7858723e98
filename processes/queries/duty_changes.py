"""The versions of a county's duty list since its folder was sealed (DC-14)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.duty_changes import DutyChange
from processes.lists import words_in
from processes.tables import DutyChangeRow


def duty_changes(session: Session, county: str) -> tuple[DutyChange, ...]:
    """Every version, the first one first."""
    mine = select(DutyChangeRow).where(DutyChangeRow.county == county).order_by(DutyChangeRow.version)
    return tuple(_change(row) for row in session.scalars(mine))


def _change(row: DutyChangeRow) -> DutyChange:
    said = (row.version, row.kind, row.code, row.item, row.lead, row.is_townships_own, row.legal_basis)
    return DutyChange(*said, words_in(row.keywords), row.reason, row.case_id, row.by, row.at)
