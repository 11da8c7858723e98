"""Notices: sentences for a unit's people about a case; written by verbs and by the clock, in their transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from processes.tables import NoticeRow


def write_notices(
    session: Session, county: str, case_id: str, kind: str, texts: Mapping[str, str], *, at: datetime
) -> None:
    """One notice for each unit code in `texts`; `kind` is its key below `notices` in words.toml."""
    rows = [
        {"county": county, "id": uuid4().hex, "unit": unit, "case_id": case_id, "kind": kind, "text": text, "at": at}
        for unit, text in texts.items()
    ]
    if rows:
        session.execute(insert(NoticeRow), rows)
