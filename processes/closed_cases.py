"""Closed cases are packed away after some days and removed after some years, as the county's folder says.

What removal leaves: the journal's one line that the case was removed (engine.store.removal), and its ratings,
verdicts and exclusions without people, so that figures stay true and precedents are not lost (decision 0016).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from engine.jobs import Job
from engine.store.agenda import job as new_job
from engine.store.archive import archive, unarchive
from engine.store.cases import NoSuchCase
from engine.store.removal import remove_case
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_archive import ArchiveRow
from engine.store.tables_chain import HeadRow
from engine.store.tables_jobs import JobRow
from processes.installation import Installation
from processes.recurring import put_back
from processes.retention import Retention
from processes.tables import ConcernRow, DraftRow, MatterRow, NoticeRow, PaperRow, RatingRow, VerdictRow
from processes.tables_assessment import ExclusionRow
from processes.tables_former import FormerRow
from processes.tables_merging import MergedRow
from processes.tables_supervision import ChainedRow, LetterRow

MOST = 20
"""How many cases one run packs, and how many it removes; with more to do it comes again at once."""
_OF_CASE = (ConcernRow, NoticeRow, PaperRow, LetterRow, MatterRow)


def retain(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `retention`: pack and remove what the rules say, a few cases in a transaction."""
    rules = Retention.of(inst.current_pack(session, job.county).county)
    packed = _pack_closed(session, job, now - timedelta(days=rules.archive_after_days), now)
    removed = _remove_expired(session, job.county, rules, now)
    after = (packed[-1].ended_at, packed[-1].id) if packed else _came_to(job)
    put_back(session, job, now, more=MOST in (len(packed), removed), ended_at=after[0], case_id=after[1])


def unarchive_case(inst: Installation, county: str, case_id: str) -> bool:
    """Put an archived case's rows back, for good; False when it is not archived. Raises NoSuchCase."""
    with inst.db.write() as session:
        if session.get(CaseRow, (county, case_id), with_for_update=True) is None:
            raise NoSuchCase
        return unarchive(session, county, case_id)


def _pack_closed(session: Session, job: Job, until: datetime, now: datetime) -> list[CaseRow]:
    """Pack cases in the order they ended, from where the last run came to: one unpacked by hand stays unpacked."""
    is_packed = exists().where(ArchiveRow.county == CaseRow.county, ArchiveRow.case_id == CaseRow.id)
    closed = select(CaseRow).where(CaseRow.county == job.county, CaseRow.ended_at <= until, ~is_packed)
    ended_at, case_id = _came_to(job)
    if ended_at is not None:
        same = and_(CaseRow.ended_at == ended_at, CaseRow.id > case_id)
        closed = closed.where(or_(CaseRow.ended_at > ended_at, same))
    cases = _taken(session, closed)
    for case in cases:
        archive(session, case.county, case.id, now)
    return cases


def _came_to(job: Job) -> tuple[object, object]:
    """When the last case ended that was packed, and which it was; nothing before the first run."""
    return job.payload.get("ended_at"), job.payload.get("case_id")


def _remove_expired(session: Session, county: str, rules: Retention, now: datetime) -> int:
    """Remove cases whose time is over; those whose last head no block holds yet wait for the next day."""
    until = rules.removed_before(now)
    if until is None:
        return 0
    held = and_(HeadRow.county == CaseRow.county, HeadRow.case_id == CaseRow.id, HeadRow.revision == CaseRow.revision)
    expired = select(CaseRow).join(HeadRow, held).where(HeadRow.block.is_not(None))
    cases = _taken(session, expired.where(CaseRow.county == county, CaseRow.ended_at < until))
    for case in cases:
        _remove(session, case, rules, now)
    return len(cases)


def _taken(session: Session, query: Any) -> list[CaseRow]:
    """The first few, locked, in the order they ended."""
    query = query.order_by(CaseRow.ended_at, CaseRow.id).limit(MOST).with_for_update(of=CaseRow)
    return list(session.scalars(query))


def _remove(session: Session, case: CaseRow, rules: Retention, now: datetime) -> None:
    here = {"county": case.county, "case_id": case.id}
    number = session.scalar(select(MatterRow.number).filter_by(**here))
    years = rules.closed_cases_years
    told = {"reference": number or "", "rule": f"closed_cases_years = {years}", "years": years}
    _discard_papers(session, case, now)
    tasks = select(TaskRow.id).where(TaskRow.county == case.county, TaskRow.case_id == case.id)
    drafts = (DraftRow.county == case.county, DraftRow.key.in_(session.scalars(tasks).all()))
    session.execute(delete(DraftRow).where(*drafts))
    for kept in (RatingRow, VerdictRow):
        of_case = (kept.county == case.county, kept.case_id == case.id)
        session.execute(update(kept).where(*of_case).values(by="", reason=None))
    session.execute(
        update(RatingRow).where(RatingRow.county == case.county, RatingRow.case_id == case.id).values(answer=None)
    )
    excluded = or_(
        ExclusionRow.case_id == case.id, ExclusionRow.excluded == case.id
    )  # a published sheet keeps the rest
    session.execute(update(ExclusionRow).where(ExclusionRow.county == case.county, excluded).values(by=""))
    for table in _OF_CASE:
        session.execute(delete(table).where(table.county == case.county, table.case_id == case.id))
    chained = or_(ChainedRow.order_id == case.id, ChainedRow.matter_id == case.id)
    session.execute(delete(ChainedRow).where(ChainedRow.county == case.county, chained))
    merged = or_(MergedRow.case_id == case.id, MergedRow.into_id == case.id)
    session.execute(delete(MergedRow).where(MergedRow.county == case.county, merged))
    tied = or_(FormerRow.case_id == case.id, FormerRow.former_id == case.id)
    session.execute(delete(FormerRow).where(FormerRow.county == case.county, tied))
    remove_case(session, case, told, now)


def _discard_papers(session: Session, case: CaseRow, now: datetime) -> None:
    """Have the bytes of the case's papers deleted by a job of their own: a file cannot be part of a transaction."""
    kept = select(PaperRow.sha256, PaperRow.view_sha256, PaperRow.thumb_sha256)
    papers = session.execute(kept.where(PaperRow.county == case.county, PaperRow.case_id == case.id))
    files = sorted({sha256 for paper in papers for sha256 in paper if sha256})
    if files:
        row = new_job(case.county, "discard", now, key=f"discard:{case.id}", payload={"files": files})
        session.execute(insert(JobRow).values(row))
