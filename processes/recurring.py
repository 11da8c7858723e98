"""What every county has done again and again: jobs that put themselves back on the agenda, one of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.jobs import Job
from engine.store.agenda import job as new_job
from engine.store.tables_jobs import JobRow


@dataclass(frozen=True)
class Recurring:
    """How often, and what people call it when it fails."""

    every: timedelta
    name: str


RECURRING: Mapping[str, Recurring] = {
    "chain": Recurring(timedelta(minutes=10), "给办理经过加封"),
    "retention": Recurring(timedelta(days=1), "归档和销毁办结的事项"),
}
AT_ONCE = timedelta(seconds=1)


def begin_recurring(session: Session, county: str, now: datetime) -> None:
    """Put on a county's agenda what is not there yet; the caller lets nobody else do so at the same time."""
    there = set(session.scalars(select(JobRow.key).where(JobRow.county == county, JobRow.key.in_(RECURRING))))
    rows = [_next(county, kind, now + RECURRING[kind].every) for kind in RECURRING if kind not in there]
    if rows:
        session.execute(insert(JobRow), rows)


def put_back(session: Session, job: Job, now: datetime, *, more: bool = False, **payload: object) -> None:
    """Put a recurring job back: after its interval, or at once for more; turns that were missed are not made up."""
    due_at = now + (AT_ONCE if more else RECURRING[job.kind].every)
    session.execute(insert(JobRow).values(_next(job.county, job.kind, due_at, **payload)))


def _next(county: str, kind: str, due_at: datetime, **payload: object) -> dict[str, Any]:
    return new_job(county, kind, due_at, key=kind, payload={**payload, "name": RECURRING[kind].name})
