"""The numbers that matters are called by: one series for each start and year of a county, without gaps.

What is known of a matter is remembered for the length of a transaction: whoever locked the case has read it already.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from engine.store.rows import add_rows
from processes.tables import CountyRow, MatterRow, NumberRow


class Numbered(NamedTuple):
    """How a matter was started, and its number if it has one."""

    start: str
    number: str | None


_THIS = (MatterRow.county == bindparam("in_county"), MatterRow.case_id == bindparam("its_id"))
_MATTER = Prepared(select(MatterRow.start, MatterRow.number).where(*_THIS))
_NAME = Prepared(update(MatterRow).where(*_THIS).values(number=bindparam("new")))
_ONE_MORE = Prepared(
    update(NumberRow)
    .where(NumberRow.county == bindparam("in_county"), NumberRow.series == bindparam("of_series"))
    .values(last=NumberRow.last + 1)
    .returning(NumberRow.last)
)


def remember_matter(session: Session, case_id: str, matter: Numbered) -> None:
    """Note what was read of a matter under its case's lock."""
    session.info[_MATTER, case_id] = matter


def matter_of(session: Session, county: str, case_id: str) -> Numbered:
    """How a matter was started, and its number if it has one; its case is locked."""
    known: Numbered | None = session.info.get((_MATTER, case_id))
    return known or Numbered(*_MATTER.one(session, {"in_county": county, "its_id": case_id}))


def set_number(session: Session, county: str, case_id: str, number: str) -> None:
    """Give a matter its number."""
    _NAME.send(session, {"in_county": county, "its_id": case_id, "new": number})
    remember_matter(session, case_id, matter_of(session, county, case_id)._replace(number=number))


def next_number(session: Session, county: str, series: str) -> int:
    """The next number of a series; the first of a year waits for the county, else two at once would both begin it."""
    this = {"in_county": county, "of_series": series}
    given = _ONE_MORE.one(session, this)
    if given is None:
        session.get_one(CountyRow, county, with_for_update=True)
        given = _ONE_MORE.one(session, this)
    if given is None:
        add_rows(session, NumberRow, [{"county": county, "series": series, "last": 1}])
    return given.last if given is not None else 1
