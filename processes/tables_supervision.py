"""The tables of supervision (DC-12): letters that were written, and orders chained to the matters they are about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, UUID, Row


class LetterRow(Row):
    """A letter: `key` names the asking of the verb that wrote it, `docx` and `pdf` are the papers it is."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("uq_letter_number", "county", "number", unique=True),
        Index("ix_letter_case", "county", "case_id"),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID)
    number: Mapped[str] = mapped_column(String(40))
    template: Mapped[str] = mapped_column(String(60))
    docx: Mapped[str] = mapped_column(ID)
    pdf: Mapped[str] = mapped_column(ID)
    at: Mapped[datetime]


class ChainedRow(Row):
    """A matter that an order, a case itself, is about: on which ground, to which unit, and on which rung it stands."""

    __tablename__ = "chained"
    __table_args__ = (Index("ix_chained_matter", "county", "matter_id"), Index("ix_chained_at", "county", "at"))

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    order_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    matter_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    ground: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(60))
    rung: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
