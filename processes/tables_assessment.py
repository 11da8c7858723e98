"""The tables of assessments (DC-13): each drawing of the figures is kept as it was, and never changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, UUID, Row


class AssessmentRow(Row):
    """An assessment, drawn by the case `case_id`; `signed` are those who signed before it was published.

    Published it is never drawn again, and outlives its case.
    """

    __tablename__ = "assessment"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    title: Mapped[str]
    period: Mapped[str] = mapped_column(String(30))
    first_day: Mapped[date]
    last_day: Mapped[date]
    appeals_until: Mapped[date]
    published_at: Mapped[datetime | None]
    signed: Mapped[list[Any]] = mapped_column(default=list)


class SheetRow(Row):
    """One drawing of the figures, by the rules of the sealed folder `digest`; `key` names the asking of the verb."""

    __tablename__ = "assessment_sheet"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime]


class AssessedRow(Row):
    """A line of a sheet: a unit with its figures and what they came to (`part` is "unit"), or a township's rate."""

    __tablename__ = "assessed"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]
    figures: Mapped[dict[str, Any]]
    score: Mapped[str | None] = mapped_column(String(40))
    rank: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text)


class ExclusionRow(Row):
    """A case that an assessment does not count (剔除), and why; `excluded` is that case."""

    __tablename__ = "exclusion"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    excluded: Mapped[str] = mapped_column(UUID, primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(ID)
    at: Mapped[datetime]
