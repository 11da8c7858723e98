"""What a form looks at while a person fills it in: the county's lists, the process variables, the papers at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from processes.forms import PaperRef, World
from processes.pack import Pack
from processes.people import Me
from processes.tables import PaperRow


def form_world(pack: Pack, values: Mapping[str, Any], papers: Mapping[str, PaperRef], *, now: datetime) -> World:
    """The world of one form at `now` (timezone-aware)."""
    return World(pack.lists, values, papers, pack.calendar.zone, pack.world(now).functions)


def papers_for(session: Session, me: Me, case_id: str | None) -> dict[str, PaperRef]:
    """The papers this person may name in a form: those of the case, and their own that belong to no case yet."""
    own = and_(PaperRow.case_id.is_(None), PaperRow.by == me.id)
    named = or_(PaperRow.case_id == case_id, own) if case_id else own
    rows = session.scalars(select(PaperRow).where(PaperRow.county == me.county, named))
    return {row.id: PaperRef(row.id, row.name, row.size, row.media_type) for row in rows}
