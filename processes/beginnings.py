"""Cases begin: their matter is raised by a person, or by a message or signal that a start event waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from engine.ids import new_id
from engine.run import start as start_case
from engine.store.journal import case_started
from engine.store.keep import Act, Kept, found
from engine.store.rows import add_rows
from processes.follow import Moved, begin
from processes.installation import Installation
from processes.numbers import Numbered, remember_matter
from processes.pack import Pack, first_values
from processes.similar import gist_of
from processes.starts import Beginning, Start, beginnings
from processes.tables import ConcernRow, MatterRow

LONGEST_TITLE = 200


def waiting_starts(pack: Pack, kind: str, name: str) -> list[tuple[Start, Beginning]]:
    """The start events of the folder that wait for this message or signal, each with what county.toml says of it."""
    registered = {(start.process, *start.awaits): start for start in pack.starts.values()}
    drawn = [each for each in beginnings(pack.program) if (each.kind, each.name) == (kind, name)]
    found_starts = ((registered.get((each.process, kind, name)), each) for each in drawn)
    return [(start, each) for start, each in found_starts if start is not None]


def begin_by_itself(
    session: Session,
    inst: Installation,
    pack: Pack,
    start: Start,
    event: Beginning,
    payload: Mapping[str, object],
    now: datetime,
    *,
    id: str,
) -> Moved:
    """Begin a case by a message or signal (`id`): no person, every verb a job; what the start event names goes in."""
    world = pack.world(now)
    step = start_case(pack.program, start.process, first_values(start.unit), world, by=event.event, payload=payload)
    act = Act(now, facts=(case_started(pack.digest, **{event.kind: event.name, "id": id}),))
    at = found(session, pack.code, new_id(now), start.process, pack.digest, act)
    title = _title(start, payload)
    raise_matter(session, at, start, start.unit, title, None, now, gist=gist_of(pack, title, payload))
    add_rows(session, ConcernRow, [{"county": at.county, "case_id": at.case_id, "unit": start.unit}])
    return begin(session, inst, pack, replace(at, units=frozenset({start.unit})), step, act)


def raise_matter(
    session: Session,
    at: Kept,
    start: Start,
    unit: str,
    title: str,
    by: str | None,
    now: datetime,
    *,
    gist: bytes | None,
) -> None:
    """What a new case is about; `by` is None when nobody raised it but a message or signal."""
    key = {"county": at.county, "case_id": at.case_id}
    row = {"start": start.name, "title": title[:LONGEST_TITLE], "unit": unit, "started_by": by, "started_at": now}
    add_rows(session, MatterRow, [{**key, **row, "gist": gist}])
    remember_matter(session, at.case_id, Numbered(start.name, None))


def _title(start: Start, payload: Mapping[str, object]) -> str:
    """What came calls the matter, if it does so in words; else it is called what its kind is called."""
    told = payload.get(start.title)
    return " ".join(told.split()) or start.name if isinstance(told, str) else start.name
