"""The engine's tables of cases. Every key begins with the county of acceptance, which never changes; instants are UTC.

What the diagram decides is only ever copied here from a Step (engine.store.keep); nothing else writes these columns.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.step import Group
from engine.store.rows import COUNTY, ID, UUID, PlainValues, Row

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


_IS_DONE = _where("closed_by IS NOT NULL")
_IS_CLAIMED = _where("claimed_by IS NOT NULL")


class CaseRow(Row):
    """A running or ended case: where its diagram stands, and the head of its journal's chain (engine.store.chain).

    `units` are those that ever held a task of it.
    """

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_open", "county", "ended_at"), Index("ix_case_changed", "county", "changed_at"))

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(UUID, primary_key=True)
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
    """A user task: open (or optional, decision 0028), or how and by whom it was closed, and with which answers.

    `groups` are the posts at units that may hold it, or might when it was open. `clock` is what happened to its limit
    (engine.time.Clock, written); `due_at` and its explanation, which only an open task keeps, follow from it.
    `warned_at` and `late_at` are the moments of which its holders have been told.
    """

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),
        Index("ix_task_case", "county", "case_id"),
        Index("ix_task_closed_by", "county", "closed_by", "closed_at", **_IS_DONE),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(UUID, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID)
    step: Mapped[str]
    name: Mapped[str]
    process: Mapped[str]
    branch: Mapped[str] = mapped_column(ID)
    form: Mapped[str]
    groups: Mapped[list[Any]]
    other_than: Mapped[list[Any]]
    process_values: Mapped[dict[str, Any]] = mapped_column(PlainValues)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_explained: Mapped[list[Any]]
    due_provisional: Mapped[bool]
    warn_at: Mapped[datetime | None]
    clock: Mapped[list[Any] | None]
    warned_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(ID)
    claimed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(COUNTY)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ID)
    outcome: Mapped[str | None]
    answers: Mapped[dict[str, Any] | None]

    @property
    def was_held(self) -> bool:
        """Whether somebody had it before it was closed, or has it now; an optional task nobody has."""
        return self.state != "optional" and self.opened_at != self.closed_at

    @property
    def held_by(self) -> list[Group]:
        """Who may hold it, or might when it was open."""
        return [Group(post, unit) for post, unit in self.groups]


class OfferRow(Row):
    """An open task offered to a post at a unit, in the order in which an inbox shows it: gone when the task is closed.

    `until` is when it is due, `FOREVER` without a limit; `other_than` are the steps whose doers may not do this one, as
    the task's row has them.
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_inbox", "county", "unit", "post", "until", "opened_at", "task_id"),
        Index("ix_offer_claim", "county", "claimed_by", **_IS_CLAIMED),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    task_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    post: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID)
    until: Mapped[datetime]
    opened_at: Mapped[datetime]
    other_than: Mapped[list[Any]]
    claimed_by: Mapped[str | None] = mapped_column(ID)


class JournalRow(Row):
    """What happened to a case in one revision: written with the change, never edited, never replayed.

    `told` are its lines in order, each a fact's name and what there is to say about it (engine.store.journal.lines_in);
    `link` is the chain's over all of them.
    """

    __tablename__ = "journal"
    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ID)
    told: Mapped[list[Any]]
    link: Mapped[bytes] = mapped_column(LargeBinary)
