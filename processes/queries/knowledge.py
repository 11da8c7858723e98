"""What stands in the knowledge pages (DC-15): typical cases, and who was commended; everybody signed in reads it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.ids import is_id
from processes.people import Me
from processes.tables_knowledge import CommendedRow, TypicalCaseRow

MOST_WORDS = 5


class NoSuchTypicalCase(Rejected):
    """There is no such typical case, or it was withdrawn."""

    code = "no_such_typical_case"
    message = "没有这篇典型案例，或者它已经撤下。"
    advice = "请从“知识库”的列表进入。"


def count_categories(session: Session, me: Me, asked: str) -> dict[str, int]:
    """How many typical cases say these words, by category; withdrawn ones are in none."""
    counted = select(TypicalCaseRow.category, func.count()).where(*_says(me, asked))
    return {category: count for category, count in session.execute(counted.group_by(TypicalCaseRow.category))}


def list_typical_cases(
    session: Session, me: Me, asked: str = "", category: str | None = None, *, page: int = 1, size: int = 20
) -> list[TypicalCaseRow]:
    """One page of the typical cases that say these words, of one category or of all, the newest first."""
    found = select(TypicalCaseRow).where(*_says(me, asked))
    if category is not None:
        found = found.where(TypicalCaseRow.category == category)
    newest = found.order_by(TypicalCaseRow.published_at.desc(), TypicalCaseRow.case_id)
    return list(session.scalars(newest.limit(size).offset((page - 1) * size)))


def list_withdrawn(session: Session, me: Me) -> list[TypicalCaseRow]:
    """Those that were withdrawn, the last first: shown to those who see the whole county, to nobody else."""
    if not me.sees_county:
        return []
    gone = (TypicalCaseRow.county == me.county, TypicalCaseRow.withdrawn_at.is_not(None))
    return list(session.scalars(select(TypicalCaseRow).where(*gone).order_by(TypicalCaseRow.withdrawn_at.desc())))


def find_typical_case(session: Session, me: Me, case_id: str) -> TypicalCaseRow:
    """A typical case by the case that published it; raises NoSuchTypicalCase."""
    row = session.get(TypicalCaseRow, (me.county, case_id)) if is_id(case_id) else None
    if row is None or (row.withdrawn_at is not None and not me.sees_county):
        raise NoSuchTypicalCase
    return row


def list_commended(session: Session, me: Me) -> Sequence[CommendedRow]:
    """Everybody who was commended, the last decision first, units before persons."""
    found = select(CommendedRow).where(CommendedRow.county == me.county)
    order = (CommendedRow.at.desc(), CommendedRow.case_id, CommendedRow.kind.desc(), CommendedRow.position)
    return session.scalars(found.order_by(*order)).all()


def _says(me: Me, asked: str) -> list[ColumnElement[bool]]:
    shown = [TypicalCaseRow.county == me.county, TypicalCaseRow.withdrawn_at.is_(None)]
    words = asked.split()[:MOST_WORDS]
    return [*shown, *(TypicalCaseRow.text.icontains(word, autoescape=True) for word in words)]
