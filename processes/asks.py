"""What a form looks at while a person fills it in: the county's lists, the process variables, the papers at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from processes.forms import PaperRef, World
from processes.pack import Pack
from processes.people import Me
from processes.tables import PaperRow


def form_world(pack: Pack, values: Mapping[str, Any], papers: Mapping[str, PaperRef], *, now: datetime) -> World:
    """The world of one form at `now` (timezone-aware)."""
    return World(pack.lists, values, papers, pack.calendar.zone, pack.world(now).functions)


def papers_for(session: Session, me: Me, case_id: str | None) -> dict[str, PaperRef]:
    """The papers this person may name in a form: those of the case, and their own that belong to no case yet."""
    rows = _PAPERS.rows(session, {"county": me.county, "me": me.id, "case": case_id})
    return {row.id: PaperRef(*row) for row in rows}


_PAPERS = Prepared(
    select(PaperRow.id, PaperRow.name, PaperRow.size, PaperRow.media_type).where(
        PaperRow.county == bindparam("county"),
        or_(PaperRow.case_id == bindparam("case"), and_(PaperRow.case_id.is_(None), PaperRow.by == bindparam("me"))),
    )
)
