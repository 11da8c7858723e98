"""The engine's tables of cases. Every key begins with the county of acceptance, which never changes; instants are UTC.

What the diagram decides is only ever copied here from a Step (engine.store.keep); nothing else writes these columns.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, PlainValues, Row


class CaseRow(Row):
    """A running or ended case: where its diagram stands, and the head of its journal's chain (engine.store.chain).

    `units` are those that ever held a task of it.
    """

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_open", "county", "ended_at"), Index("ix_case_changed", "county", "changed_at"))

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    process: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    head: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    units: Mapped[list[Any]] = mapped_column(default=list)


class TaskRow(Row):
    """A user task: open, or how and by whom it was closed.

    `clock` is what happened to its limit (engine.time.Clock, written); `due_at` and its explanation follow from it.
    """

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),
        Index("ix_task_case", "county", "case_id"),
        Index("ix_task_due", "county", "state", "due_at"),
        Index("ix_task_closed_by", "county", "closed_by", "closed_at"),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ID)
    step: Mapped[str]
    name: Mapped[str]
    process: Mapped[str]
    branch: Mapped[str] = mapped_column(ID)
    form: Mapped[str]
    other_than: Mapped[list[Any]]
    process_values: Mapped[dict[str, Any]] = mapped_column(PlainValues)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_explained: Mapped[list[Any]]
    due_provisional: Mapped[bool]
    warn_at: Mapped[datetime | None]
    clock: Mapped[list[Any] | None]
    late_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(ID)
    claimed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(COUNTY)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ID)
    outcome: Mapped[str | None]


class TaskGroupRow(Row):
    """Who may hold a task: a post at a unit, as the diagram said when the task opened."""

    __tablename__ = "task_group"
    __table_args__ = (
        ForeignKeyConstraint(["county", "task_id"], ["task.county", "task.id"]),
        Index("ix_task_group_unit", "county", "unit", "post"),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    task_id: Mapped[str] = mapped_column(ID, primary_key=True)
    post: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)


class JournalRow(Row):
    """What happened to a case: written with the change, never edited, never replayed.

    The last line of a revision holds the chain's `link` over all its lines.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_at", "county", "at"),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(ID, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ID)
    fact: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    link: Mapped[bytes | None] = mapped_column(LargeBinary)
