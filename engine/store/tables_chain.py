"""The tables that make the journal evident: refused acts, the chain's blocks, and the heads each block holds.

Each case's journal is a chain of its own (`JournalRow.link`, head in `CaseRow.head`); blocks chain a county's heads.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import COUNTY, ID, Row


class RefusalRow(Row):
    """An act that was refused: who tried what, and what they were told."""

    __tablename__ = "refusal"
    __table_args__ = (Index("ix_refusal_at", "county", "at"), Index("ix_refusal_case", "county", "case_id"))

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ID)
    act: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[str | None] = mapped_column(ID)
    task_id: Mapped[str | None] = mapped_column(ID)
    code: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(String(500))
    block: Mapped[int | None]


class BlockRow(Row):
    """One link of a county's chain: the digest over its heads, its refusals and the block before."""

    __tablename__ = "block"

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    heads: Mapped[int]
    refusals: Mapped[int]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class HeadRow(Row):
    """How far a case's journal had come when a block was made, and the link at that revision."""

    __tablename__ = "head"
    __table_args__ = (Index("ix_head_case", "county", "case_id"),)

    county: Mapped[str] = mapped_column(COUNTY, primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ID, primary_key=True)
    revision: Mapped[int]
    link: Mapped[bytes] = mapped_column(LargeBinary)
