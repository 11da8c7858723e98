"""`assign_number`: gives the matter its number, by the pattern in county.toml; a number once given stays."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from processes.tables import CountyRow, MatterRow, NumberRow
from processes.verbs.asking import Asking


def assign_number(asking: Asking) -> None:
    """Number the case's matter. The pattern may use {year} (of the county's calendar) and {seq} (from 1 each year)."""
    matter = asking.session.get_one(MatterRow, (asking.case.county, asking.case.case_id))
    if matter.number is not None:
        return
    start = asking.pack.starts[matter.start]
    year = asking.act.at.astimezone(asking.pack.calendar.zone).year
    seq = _next(asking.session, asking.case.county, f"{matter.start}:{year}")
    matter.number = start.number.format(year=year, seq=seq)


def _next(session: Session, county: str, series: str) -> int:
    """The next number of a series; the first of a year waits for the county, else two at once would both begin it."""
    of_series = (NumberRow.county == county, NumberRow.series == series)
    one_more = update(NumberRow).where(*of_series).values(last=NumberRow.last + 1).returning(NumberRow.last)
    given = session.scalar(one_more)
    if given is None:
        session.get_one(CountyRow, county, with_for_update=True)
        given = session.scalar(one_more)
    if given is None:
        session.execute(insert(NumberRow).values(county=county, series=series, last=1))
    return given or 1
