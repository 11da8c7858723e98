"""Making blocks: which cases have moved and what was refused since the last block, linked to that block.

No case is locked. A transaction that commits late is not missed: each look overlaps the one before, and once a day
every case is compared with its last head, whatever its clock said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from engine.store.chain import BEGINNING
from engine.store.evidence.content import Content, Head, Refused, digest_of, hash_of
from engine.store.tables import CaseRow
from engine.store.tables_chain import BlockRow, HeadRow, RefusalRow

MOST = 2000
"""How many heads, and how many refusals, one block takes; the rest waits for the next."""
OVERLAP = timedelta(hours=1)


def last_block(session: Session, county: str) -> BlockRow | None:
    """The end of a county's chain."""
    return session.scalar(select(BlockRow).where(BlockRow.county == county).order_by(BlockRow.no.desc()).limit(1))


def make_block(session: Session, county: str, now: datetime) -> BlockRow | None:
    """Make the county's next block; None when nothing has happened since the last one, which is of today.

    A block whose `until` lies before `now` was full: there is more to take up at once. Two at the same time are told
    apart by the block's number: the second fails.
    """
    last = last_block(session, county)
    moved = _moved(session, county, _since(last, now))
    waiting = session.scalars(select(HeadRow).where(HeadRow.county == county, HeadRow.block.is_(None)).limit(MOST))
    heads = {head.case_id: Head(head.case_id, head.revision, head.link) for head in waiting}
    heads |= {row.id: Head(row.id, row.revision, row.head) for row in moved}
    refusals = _refused(session, county)
    if last is not None and _same_day(last.made_at, now) and not heads and not refusals:
        return None
    content = Content(tuple(sorted(heads.values())), tuple(refusals))
    until = moved[-1].changed_at if len(moved) == MOST else now
    cases = (last.cases if last else 0) + sum(row.is_new for row in moved)
    return _write(session, county, last, content, now, until, cases)


def _write(
    session: Session,
    county: str,
    last: BlockRow | None,
    content: Content,
    now: datetime,
    until: datetime,
    cases: int,
) -> BlockRow:
    no, previous = (last.no + 1, last.digest) if last else (1, BEGINNING)
    digest = digest_of(county, no, now, until, cases, content, previous)
    block = BlockRow(county=county, no=no, made_at=now, until=until, cases=cases, content=content.packed, digest=digest)
    session.add(block)
    session.flush()
    _remember(session, county, no, content.heads)
    held = [refused.id for refused in content.refusals]
    session.execute(update(RefusalRow).where(RefusalRow.county == county, RefusalRow.id.in_(held)).values(block=no))
    return block


def _since(last: BlockRow | None, now: datetime) -> datetime | None:
    """From when on cases are looked at; None, once a day, for all of them."""
    if last is None or not _same_day(last.made_at, now):
        return None
    return min(last.until, now) - OVERLAP  # the clock may have gone back


def _moved(session: Session, county: str, since: datetime | None) -> list[Row[tuple[str, int, bytes, datetime, bool]]]:
    """The cases whose head no block holds yet, the longest unchanged first."""
    known = and_(HeadRow.county == CaseRow.county, HeadRow.case_id == CaseRow.id)
    query = (
        select(
            CaseRow.id, CaseRow.revision, CaseRow.head, CaseRow.changed_at, HeadRow.case_id.is_(None).label("is_new")
        )
        .outerjoin(HeadRow, known)
        .where(CaseRow.county == county, or_(HeadRow.case_id.is_(None), HeadRow.revision != CaseRow.revision))
        .order_by(CaseRow.changed_at, CaseRow.id)
        .limit(MOST)
    )
    return list(session.execute(query if since is None else query.where(CaseRow.changed_at >= since)))


def _refused(session: Session, county: str) -> list[Refused]:
    loose = select(RefusalRow).where(RefusalRow.county == county, RefusalRow.block.is_(None))
    rows = session.scalars(loose.order_by(RefusalRow.at).limit(MOST))
    return sorted(Refused(row.id, hash_of(row)) for row in rows)


def _remember(session: Session, county: str, no: int, heads: Iterable[Head]) -> None:
    rows = [{"county": county, **head._asdict(), "block": no} for head in heads]
    if rows:
        held = [row["case_id"] for row in rows]
        session.execute(delete(HeadRow).where(HeadRow.county == county, HeadRow.case_id.in_(held)))
        session.execute(insert(HeadRow), rows)


def _same_day(one: datetime, other: datetime) -> bool:
    return one.astimezone(UTC).date() == other.astimezone(UTC).date()
