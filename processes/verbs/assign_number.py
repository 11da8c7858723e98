"""`assign_number`: gives the matter its number, by the pattern in county.toml; a number once given stays.

A series has no gaps, so whoever takes a number holds up everybody else until it is committed. It is therefore taken
last, unless another verb of the same command comes first and may ask for it (processes.ask).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.store.database import put_last
from processes.numbers import matter_of, next_number, set_number
from processes.verbs.asking import Asking


def assign_number(asking: Asking) -> None:
    """Number the case's matter. The pattern may use {year} (of the county's calendar) and {seq} (from 1 each year)."""
    county, case_id = asking.case.county, asking.case.case_id
    matter = matter_of(asking.session, county, case_id)
    if matter.number is None:
        put_last(asking.session, lambda session: _number(session, asking, matter.start))


def _number(session: Session, asking: Asking, start: str) -> None:
    county = asking.case.county
    year = asking.act.at.astimezone(asking.pack.calendar.zone).year
    seq = next_number(session, county, f"{start}:{year}")
    number = asking.pack.starts[start].number.format(year=year, seq=seq)
    set_number(session, county, asking.case.case_id, number)
