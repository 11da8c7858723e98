"""`assign_number`: gives the matter its number, by the pattern in county.toml; a number once given stays."""

from __future__ import annotations

from processes.numbers import matter_of, next_number, set_number
from processes.verbs.asking import Asking


def assign_number(asking: Asking) -> None:
    """Number the case's matter. The pattern may use {year} (of the county's calendar) and {seq} (from 1 each year)."""
    county, case_id = asking.case.county, asking.case.case_id
    matter = matter_of(asking.session, county, case_id)
    if matter.number is not None:
        return
    start = asking.pack.starts[matter.start]
    year = asking.act.at.astimezone(asking.pack.calendar.zone).year
    seq = next_number(asking.session, county, f"{matter.start}:{year}")
    set_number(asking.session, county, case_id, start.number.format(year=year, seq=seq))
