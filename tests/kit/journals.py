"""The journal as a reader has it, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.store.database import Database
from engine.store.journal import Line, lines_in
from engine.store.tables import JournalRow


def journal_lines(db: Database, *where: Any, fact: str | None = None) -> list[Line]:
    """The lines of the revisions that fit, each case's in their order; only those of one fact, if it is named."""
    query = select(JournalRow).where(*where).order_by(JournalRow.case_id, JournalRow.revision)
    with db.read() as session:
        return [line for line in lines_in(session.scalars(query)) if fact in (None, line.fact)]


def what_is_told(db: Database, fact: str, *where: Any) -> list[Mapping[str, Any]]:
    """What the journal says with a fact, each time."""
    return [line.facts for line in journal_lines(db, *where, fact=fact)]
