"""The table of matters that were merged into others (DC-3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, UUID, Row


class MergedRow(Row):
    """A matter that goes on within another, `into_id`, since `at`; each is merged once."""

    __tablename__ = "merged"
    __table_args__ = (Index("ix_merged_into", "county", "into_id"),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    into_id: Mapped[str] = mapped_column(UUID)
    at: Mapped[datetime]
