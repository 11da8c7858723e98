"""The tables of those who look after the service: cases moved to other versions, and a rehearsal's clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, UUID, Row


class MigrationRow(Row):
    """A move of many running cases to another sealed version: how far it has come, and until when it went on."""

    __tablename__ = "migration"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[str | None] = mapped_column(ID)
    reason: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    moved: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class QuarantineRow(Row):
    """A running case that could not move to a version: it stays on its own, and `sentence` says why."""

    __tablename__ = "quarantine"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    sentence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class RehearsalRow(Row):
    """The one row that says whether this database is for rehearsal, and how far its clock is ahead of the machines'.

    `held_until` is the machine time until which everybody but who moves the clock leaves the agenda alone.
    """

    __tablename__ = "rehearsal"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_rehearsal: Mapped[bool]
    ahead: Mapped[float] = mapped_column(Double)
    held_until: Mapped[datetime | None]
