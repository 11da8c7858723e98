"""`assign_number`: gives the matter its number, by the pattern in county.toml; a number once given stays."""

from __future__ import annotations

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
    row = session.get(NumberRow, (county, series), with_for_update=True)
    if row is None:
        session.get_one(CountyRow, county, with_for_update=True)  # else two at once would both begin the series
        row = session.get(NumberRow, (county, series), with_for_update=True)
    if row is None:
        row = NumberRow(county=county, series=series, last=0)
        session.add(row)
    row.last += 1
    return row.last
