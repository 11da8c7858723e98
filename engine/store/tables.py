"""The engine's tables. Every key begins with the county of acceptance, which never changes; instants are UTC.

What the diagram decides is only ever copied here from a Step (engine.store.keep); nothing else writes these columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, LargeBinary, MetaData, String, Text, TypeDecorator, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON

from engine.values import from_bytes, to_bytes


class Instant(TypeDecorator[datetime]):
    """An aware instant; kept as UTC, because SQLite knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; refuses a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware again, in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class PlainValues(TypeDecorator[Mapping[str, object]]):
    """Process variables: JSON that keeps dates and exact numbers apart from text (engine.values)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, object] | None, dialect: Dialect) -> str | None:
        """To tagged JSON."""
        return None if value is None else to_bytes(dict(value)).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, object] | None:
        """Back to what was kept."""
        return None if value is None else from_bytes(value)


class Row(DeclarativeBase):
    """A table of this service."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads this class attribute
        datetime: Instant,
        str: String(200),
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class CaseRow(Row):
    """A running or ended case: where its diagram stands."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_open", "county", "ended_at"),)

    county: Mapped[str] = mapped_column(String(12), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    process: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class TaskRow(Row):
    """A user task: open, or how and by whom it was closed."""

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),
        Index("ix_task_case", "county", "case_id"),
        Index("ix_task_due", "county", "state", "due_at"),
        Index("ix_task_closed_by", "county", "closed_by", "closed_at"),
    )

    county: Mapped[str] = mapped_column(String(12), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32))
    step: Mapped[str]
    name: Mapped[str]
    process: Mapped[str]
    branch: Mapped[str] = mapped_column(String(32))
    form: Mapped[str]
    other_than: Mapped[list[Any]]
    process_values: Mapped[dict[str, Any]] = mapped_column(PlainValues)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_explained: Mapped[list[Any]]
    due_provisional: Mapped[bool]
    warn_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[str | None]


class TaskGroupRow(Row):
    """Who may hold a task: a post at a unit, as the diagram said when the task opened."""

    __tablename__ = "task_group"
    __table_args__ = (
        ForeignKeyConstraint(["county", "task_id"], ["task.county", "task.id"]),
        Index("ix_task_group_unit", "county", "unit", "post"),
    )

    county: Mapped[str] = mapped_column(String(12), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    post: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)


class JobRow(Row):
    """Something that must happen at a time: a BPMN timer to tick, a warning, a task turning red."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_due", "due_at", "id", sqlite_where=text("state = 'ready'"), postgresql_where=text("state = 'ready'")
        ),
        Index("ix_job_case", "county", "case_id"),
    )

    county: Mapped[str] = mapped_column(String(12), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32))
    task_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=8)
    state: Mapped[str] = mapped_column(String(8), default="ready")
    lock_token: Mapped[str | None] = mapped_column(String(32))
    lock_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(2000))


class WaitRow(Row):
    """A message that a case waits for."""

    __tablename__ = "wait"
    __table_args__ = (Index("ix_wait_message", "county", "message"),)

    county: Mapped[str] = mapped_column(String(12), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    message: Mapped[str] = mapped_column(primary_key=True)


class JournalRow(Row):
    """What happened to a case: written with the change, never edited, never replayed."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_at", "county", "at"),)

    county: Mapped[str] = mapped_column(String(12), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(32))
    fact: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
