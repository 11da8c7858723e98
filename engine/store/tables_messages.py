"""The tables of messages: what cases wait for, and what has come and is kept until somebody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, UUID, PlainValues, Row

_KEPT = text("state = 'kept'")


class WaitRow(Row):
    """A token of a case that waits for a message with a correlation key, or for a signal (which has no key)."""

    __tablename__ = "wait"
    __table_args__ = (
        ForeignKeyConstraint(["county", "case_id"], ["case.county", "case.id"]),
        Index("ix_wait_for", "county", "name", "key"),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    task_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    element: Mapped[str]


class MessageRow(Row):
    """A message by its own id: sent twice, it is delivered once. `state` is kept, delivered or expired; or spread: a
    signal.

    The row outlives the delivery, so that a repeated message is recognised; the sweep removes it later.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_kept", "county", "name", "key", sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("ix_message_until", "county", "keep_until"),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    payload: Mapped[Mapping[str, object]] = mapped_column(PlainValues)
    received_at: Mapped[datetime]
    keep_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[str | None] = mapped_column(UUID)
    settled_at: Mapped[datetime | None]
