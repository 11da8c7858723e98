"""Attachments: kept under their hash by processes.papers, named and owned by rows here, shown to those concerned."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.ids import new_id
from engine.store.tables import CaseRow
from processes.forms import PaperRef
from processes.installation import Installation
from processes.papers import PaperRules
from processes.people import Me, NotYours, may_see
from processes.tables import PaperRow


class NoSuchPaper(Rejected):
    """There is no such paper."""

    code = "no_such_paper"
    message = "没有找到这份材料。"
    advice = "请从事项页面重新打开。"


def keep_paper(inst: Installation, me: Me, stream: BinaryIO, filename: str, *, now: datetime) -> PaperRef:
    """Keep an uploaded file as this person's own until a form takes it up; raises PaperRejected."""
    stored = inst.papers.put(stream, filename, PaperRules())
    row = PaperRow(
        county=me.county,
        id=new_id(now),
        name=stored.name,
        size=stored.size,
        media_type=stored.media_type,
        sha256=stored.sha256,
        view_sha256=stored.view_sha256,
        thumb_sha256=stored.thumb_sha256,
        by=me.id,
        at=now,
    )
    with inst.db.write() as session:
        session.add(row)
    return PaperRef(row.id, row.name, row.size, row.media_type)


def get_paper(session: Session, me: Me, paper_id: str) -> PaperRow:
    """A paper this person may see: their own, or of a case they may see. Raises NoSuchPaper, NotYours."""
    paper = session.get(PaperRow, (me.county, paper_id))
    if paper is None:
        raise NoSuchPaper
    if paper.case_id is None:
        if paper.by != me.id:
            raise NotYours
        return paper
    if session.scalar(select(CaseRow.id).where(CaseRow.id == paper.case_id, may_see(me))) is None:
        raise NotYours
    return paper
