"""Things that went wrong by themselves: jobs whose workers died again and again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from engine.incidents import list_open
from engine.store.tables_jobs import JobRow
from processes.agenda import strike
from processes.installation import Installation
from tests.kit.actors import pack_of


def an_incident(inst: Installation, case_id: str, now: datetime, *, kind: str = "light") -> str:
    """The id of an incident: the case's job of this kind fell due, and every worker that took it died."""
    with inst.db.write() as session:
        job = session.scalars(select(JobRow).where(JobRow.case_id == case_id, JobRow.kind == kind)).first()
        assert job is not None, f"no {kind}"
        spent = update(JobRow).where(JobRow.id == job.id)
        session.execute(spent.values(attempts=job.max_attempts, due_at=now))
    strike(inst, now)
    with inst.db.read() as session:
        return next(each.id for each in list_open(session, pack_of(inst).code) if each.job_id == job.id)
