"""The tables of incentives (DC-15): typical cases that were published, and units and persons that were commended.

Both outlive the cases that brought them about.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, UUID, Row


class TypicalCaseRow(Row):
    """A typical case as it was published by the case `case_id`; `former_id` is the matter that it tells of.

    `parts` are its headings and texts, `text` all that is searched, the names of its units too. Withdrawn it is kept,
    and says by whom and why.
    """

    __tablename__ = "typical_case"
    __table_args__ = (Index("ix_typical_case_published", "county", "published_at"),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    former_id: Mapped[str | None] = mapped_column(UUID)
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    category: Mapped[str] = mapped_column(String(60))
    item: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(60))
    lead: Mapped[str] = mapped_column(String(60))
    parts: Mapped[list[Any]] = mapped_column(default=list)
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(ID)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(ID)
    why_withdrawn: Mapped[str] = mapped_column(Text, default="")


class CommendedRow(Row):
    """A unit, or a person of a unit, that was commended by the decision in the case `case_id`, and on which grounds.

    `person` is an account's id, or None for somebody who was added by name; `score` as the figures said it then.
    """

    __tablename__ = "commended"
    __table_args__ = (Index("ix_commended_unit", "county", "unit"),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit: Mapped[str] = mapped_column(String(60))
    person: Mapped[str | None] = mapped_column(ID)
    name: Mapped[str] = mapped_column(String(60))
    score: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(ID)
    at: Mapped[datetime]
