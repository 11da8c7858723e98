"""Refused acts as a list, for those who look after the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from engine.store.tables_chain import RefusalRow
from processes.tables import MatterRow, PersonRow


@dataclass(frozen=True)
class Refusal:
    """A refused act, the name of the person who tried it, and the matter it was about, if any."""

    row: RefusalRow
    name: str | None
    matter: MatterRow | None


def list_refusals(
    session: Session,
    county: str,
    *,
    person: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    page: int = 1,
    size: int = 20,
) -> tuple[list[Refusal], int]:
    """The refusals of a county, newest first, and how many there are.

    `person` is part of a name or login; `since` and `until` are instants, the second not included.
    """
    by = and_(PersonRow.county == RefusalRow.county, PersonRow.id == RefusalRow.by)
    of_case = and_(MatterRow.county == RefusalRow.county, MatterRow.case_id == RefusalRow.case_id)
    where = [RefusalRow.county == county, *_named(person)]
    where += [RefusalRow.at >= since] if since else []
    where += [RefusalRow.at < until] if until else []
    query = (
        select(RefusalRow, PersonRow.name, MatterRow)
        .outerjoin(PersonRow, by)
        .outerjoin(MatterRow, of_case)
        .where(*where)
        .order_by(RefusalRow.at.desc(), RefusalRow.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    total = session.scalar(select(func.count()).select_from(RefusalRow).outerjoin(PersonRow, by).where(*where)) or 0
    return [Refusal(*found) for found in session.execute(query)], total


def _named(person: str) -> list[ColumnElement[bool]]:
    if not person:
        return []
    return [PersonRow.name.contains(person, autoescape=True) | (PersonRow.login == person)]
