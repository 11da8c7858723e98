"""The table of cases that were begun about ended ones."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, UUID, Row


class FormerRow(Row):
    """The ended case that a case was begun about; gone with either of them."""

    __tablename__ = "former"
    __table_args__ = (Index("ix_former_case", "county", "former_id"),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    former_id: Mapped[str] = mapped_column(UUID)
