"""What every county has done again and again: jobs that put themselves back on the agenda, one of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.store.agenda import job as new_job
from engine.store.tables_jobs import JobRow
from processes.installation import Installation

Doing = Callable[[Installation, Session, Job, datetime], Afterwards | None]
"""How a kind of job is done."""


@dataclass(frozen=True)
class Recurring:
    """How often, and what people call it when it fails."""

    every: timedelta
    name: str


RECURRING: Mapping[str, Recurring] = {
    "sweep": Recurring(timedelta(hours=1), "清理过期数据"),
    "look": Recurring(timedelta(minutes=10), "查找停滞的事项"),
}


def begin_recurring(session: Session, county: str, now: datetime) -> None:
    """Put on a county's agenda what is not there yet; the caller lets nobody else do so at the same time."""
    there = set(session.scalars(select(JobRow.key).where(JobRow.county == county, JobRow.key.in_(RECURRING))))
    rows = [_next(county, kind, now) for kind in RECURRING if kind not in there]
    if rows:
        session.execute(insert(JobRow), rows)


def again(act: Doing) -> Doing:
    """A job that does this, and in the same transaction puts itself back; its key keeps it from being there twice."""

    def done(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
        afterwards = act(inst, session, job, now)
        session.execute(insert(JobRow).values(_next(job.county, job.kind, now)))
        return afterwards

    return done


def _next(county: str, kind: str, now: datetime) -> dict[str, Any]:
    recurring = RECURRING[kind]
    return new_job(county, kind, now + recurring.every, key=kind, payload={"name": recurring.name})
