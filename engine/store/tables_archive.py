"""The table of closed cases that are packed away: one compressed row instead of many."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, UUID, Row


class ArchiveRow(Row):
    """The rows of a closed case, packed (engine.store.archive): its tasks, groups, answers and journal."""

    __tablename__ = "archive"
    __table_args__ = (ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    archived_at: Mapped[datetime]
