"""The tables that make the journal evident: refused acts, the blocks of a county's chain, and each case's last head.

Each case's journal is a chain of its own (`JournalRow.link`, head in `CaseRow.head`); blocks chain a county's heads.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.rows import COUNTY, ID, UUID, Row

_LOOSE = text("block IS NULL")


class RefusalRow(Row):
    """An act that was refused: who tried what, and what they were told. `block` is null until one holds its hash."""

    __tablename__ = "refusal"
    __table_args__ = (
        Index("ix_refusal_at", "county", "at"),
        Index("ix_refusal_by", "county", "by", "at"),
        Index("ix_refusal_loose", "county", "at", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
    )

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ID)
    act: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[str | None] = mapped_column(UUID)
    task_id: Mapped[str | None] = mapped_column(UUID)
    code: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(String(500))
    block: Mapped[int | None]


class BlockRow(Row):
    """One link of a county's chain: the digest over the heads and refusals in `content` and the block before.

    `until` is how far in time it looked; `cases` is how many cases the chain holds up to here.
    """

    __tablename__ = "block"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    cases: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class HeadRow(Row):
    """The last head of a case that a block holds; `block` is null while it still waits for one."""

    __tablename__ = "head"
    __table_args__ = (Index("ix_head_loose", "county", sqlite_where=_LOOSE, postgresql_where=_LOOSE),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    case_id: Mapped[str] = mapped_column(UUID, primary_key=True)
    revision: Mapped[int]
    link: Mapped[bytes] = mapped_column(LargeBinary)
    block: Mapped[int | None]
