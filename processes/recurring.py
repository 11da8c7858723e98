"""What every county has done again and again: each is one keyed job, which puts itself back on the agenda."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.jobs import Job
from engine.store.agenda import job as new_job
from engine.store.tables_jobs import JobRow

EVERY: Mapping[str, timedelta] = {
    "chain": timedelta(minutes=10),
    "retention": timedelta(days=1),
}
"""How often each kind comes; its key is its name, so a county never has two."""
AT_ONCE = timedelta(seconds=1)


def arm(session: Session, county: str, now: datetime) -> None:
    """Put what is missing of these on the county's agenda, due now."""
    there = set(session.scalars(select(JobRow.key).where(JobRow.county == county, JobRow.key.in_(EVERY))))
    rows = [new_job(county, kind, now, key=kind) for kind in EVERY if kind not in there]
    if rows:
        session.execute(insert(JobRow), rows)


def arm_again(session: Session, job: Job, now: datetime, *, more: bool = False, **payload: object) -> None:
    """Put a recurring job back: after its interval, or at once for more; missed turns are not made up."""
    due_at = now + (AT_ONCE if more else EVERY[job.kind])
    row = new_job(job.county, job.kind, due_at, key=job.key, payload=payload or None)
    session.execute(insert(JobRow).values(row))
