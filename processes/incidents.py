"""Incidents before people: see them, have one tried again, skip one with a reason. Each is on the case's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from engine import incidents
from engine.incidents import NoSuchIncident
from engine.leases import job_of
from engine.store.cases import take_up
from engine.store.keep import Act, Fact, note
from engine.store.prepared import Prepared
from engine.store.tables import TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from processes.ask_again import go_on_without
from processes.clock import coming_lights, pass_over
from processes.installation import Installation
from processes.pack import Pack
from processes.people import Me, NotYours
from processes.tables import MatterRow


@dataclass(frozen=True)
class Incident:
    """An open incident, the matter it is about if any, the user task if any, and how often it was tried."""

    row: IncidentRow
    matter: MatterRow | None
    task: TaskRow | None
    attempts: int


def may_manage(me: Me, pack: Pack) -> bool:
    """Whether this person looks after the service: its incidents and, in a rehearsal, its clock."""
    return any(held.post in pack.managers for held in me.postings)


def list_incidents(session: Session, county: str, *, case_id: str | None = None) -> list[Incident]:
    """The open incidents of a county (of one case), oldest first."""
    query = _told(county).order_by(IncidentRow.opened_at, IncidentRow.id)
    if case_id is not None:
        query = query.where(IncidentRow.case_id == case_id)
    return _incidents(session, county, session.execute(query))


def get_incident(session: Session, county: str, incident_id: str) -> Incident:
    """One open incident; raises NoSuchIncident."""
    found = _incidents(session, county, session.execute(_told(county).where(IncidentRow.id == incident_id)))
    if not found:
        raise NoSuchIncident
    return found[0]


def count_incidents(session: Session, county: str) -> int:
    """How many incidents of a county wait for a person."""
    return int(_WAITING.rows(session, {"county": county})[0].waiting)


def retry(inst: Installation, county: str, incident_id: str, *, me: Me | None, now: datetime) -> None:
    """Have the incident's work tried again by the clock. `me` is None for whoever runs the installation.

    Raises NoSuchIncident, NotYours.
    """
    with inst.db.write() as session:
        row = _take(inst, session, county, incident_id, me)
        incidents.retry(session, row, _by(me), now)
        if row.case_id is not None:
            _note(session, row, "IncidentRetried", me, now)


def skip(inst: Installation, county: str, incident_id: str, *, reason: str, me: Me | None, now: datetime) -> None:
    """Close the incident without its work being done, and let its case go on.

    Raises NoSuchIncident, NotYours, CannotSkip, ReasonMissing.
    """
    afterwards = None
    with inst.db.write() as session:
        row = _take(inst, session, county, incident_id, me)
        dropped = incidents.skip(session, row, _by(me), now, reason=reason)
        if dropped is not None and dropped.kind == "verb":
            afterwards = go_on_without(inst, session, job_of(dropped), _by(me), now, reason.strip())
        elif row.case_id is not None:
            _note(session, row, "IncidentSkipped", me, now, reason=reason.strip())
        if dropped is not None and dropped.kind == "light":
            pass_over(session, job_of(dropped), now)
    if afterwards is not None:
        afterwards()


def _open(county: Any) -> tuple[ColumnElement[bool], ...]:
    return IncidentRow.county == county, IncidentRow.closed_at.is_(None)


_WAITING = Prepared(  # asked by every page of those who look after the service
    select(func.count().label("waiting")).select_from(IncidentRow).where(*_open(bindparam("county")))
)


def _told(county: str) -> Select[IncidentRow, MatterRow, JobRow]:
    of_case = and_(MatterRow.county == IncidentRow.county, MatterRow.case_id == IncidentRow.case_id)
    of_job = and_(JobRow.county == IncidentRow.county, JobRow.id == IncidentRow.job_id)
    return (
        select(IncidentRow, MatterRow, JobRow)
        .outerjoin(MatterRow, of_case)
        .outerjoin(JobRow, of_job)
        .where(*_open(county))
    )


def _incidents(session: Session, county: str, found: Iterable[Any]) -> list[Incident]:
    rows = [(row, matter, job) for row, matter, job in found]
    unlit = _unlit(session, county, {row.case_id or "" for row, *_ in rows if row.kind == "light"})
    tasks = (unlit.get(row.case_id or "") if row.kind == "light" else None for row, *_ in rows)
    return [
        Incident(row, matter, task, job.attempts if job else 0)
        for (row, matter, job), task in zip(rows, tasks, strict=True)
    ]


def _unlit(session: Session, county: str, cases: set[str]) -> dict[str, TaskRow]:
    """The task of each case whose light is the next to be given."""
    lights = coming_lights(session, county, *cases) if cases else []
    return {light.task.case_id: light.task for light in reversed(lights)}  # the earliest comes last, and stays


def _take(inst: Installation, session: Session, county: str, incident_id: str, me: Me | None) -> IncidentRow:
    """The open incident, its case locked before it, as every command locks."""
    if me is not None and not may_manage(me, inst.current_pack(session, county)):
        raise NotYours
    case_id = session.scalar(
        select(IncidentRow.case_id).where(IncidentRow.county == county, IncidentRow.id == incident_id)
    )
    if case_id is not None:
        take_up(session, county, case_id)
    return incidents.find_open(session, county, incident_id)


def _note(session: Session, row: IncidentRow, fact: str, me: Me | None, now: datetime, **more: str) -> None:
    told = Fact(fact, {"kind": row.kind, "place": row.place, **more})
    note(session, take_up(session, row.county, row.case_id or "")[0], Act(now, _by(me), facts=(told,)))


def _by(me: Me | None) -> str | None:
    return me.id if me is not None else None
