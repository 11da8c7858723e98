"""Notices: sentences for a unit's people about a case; written by verbs and by the clock, in their transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.ids import new_id
from engine.store.rows import add_rows
from processes.tables import NoticeRow


def write_notices(
    session: Session, county: str, case_id: str, kind: str, texts: Mapping[str, str], *, at: datetime
) -> None:
    """One notice for each unit code in `texts`; `kind` is its key below `notices` in words.toml."""
    rows = [
        {"county": county, "id": new_id(at), "unit": unit, "case_id": case_id, "kind": kind, "text": text, "at": at}
        for unit, text in texts.items()
    ]
    add_rows(session, NoticeRow, rows)
