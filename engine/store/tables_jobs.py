"""The tables of what must happen at a time, and of what went wrong and waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, UUID, PlainValues, Row

_READY = text("state = 'ready'")
_OPEN = text("closed_at IS NULL")


class JobRow(Row):
    """Something that must happen at a time: a timer, a warning, a message to deliver, an effect that leaves the house.

    `key` makes it unique in its county: asked for twice, it is there once. `payload` is what its kind needs to know.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "due_at", "id", sqlite_where=_READY, postgresql_where=_READY),
        Index("ix_job_case", "county", "case_id"),
        Index("uq_job_key", "county", "key", unique=True),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str | None] = mapped_column(UUID)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str | None]
    payload: Mapped[Mapping[str, object] | None] = mapped_column(PlainValues)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=8)
    state: Mapped[str] = mapped_column(String(8), default="ready")
    lock_token: Mapped[str | None] = mapped_column(ID)
    lock_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(2000))


class IncidentRow(Row):
    """Something the service could not do by itself: a person looks, then has it tried again or skips it with a reason.

    `kind` is the job's, `stuck` for a case that waits for nothing, or `fault` for a drawing that could not go on when
    a person submitted; `how` it was closed is retried, skipped or gone.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_open", "county", "opened_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_incident_case", "county", "case_id"),
        Index("ix_incident_job", "county", "job_id"),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str | None] = mapped_column(UUID)
    job_id: Mapped[str | None] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[str]
    error: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ID)
    how: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)
