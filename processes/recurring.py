"""What every county has done again and again: jobs that put themselves back on the agenda, one of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.store.agenda import job as new_job
from engine.store.rows import add_rows
from engine.store.tables_jobs import JobRow
from processes.installation import Installation

Doing = Callable[[Installation, Session, Job, datetime], Afterwards | None]
"""How a kind of job is done."""


@dataclass(frozen=True)
class Recurring:
    """How often a kind of job comes, and what people call it when it fails."""

    every: timedelta
    name: str


RECURRING: Mapping[str, Recurring] = {
    "chain": Recurring(timedelta(minutes=10), "给办理经过加封"),
    "retention": Recurring(timedelta(days=1), "归档和销毁办结的事项"),
    "sweep": Recurring(timedelta(hours=1), "清理过期数据"),
    "look": Recurring(timedelta(minutes=10), "查找停滞的事项"),
    "supervise": Recurring(timedelta(days=1), "督办巡查"),
    "follow_orders": Recurring(timedelta(minutes=10), "查看督办的事项有没有进展"),
}
AT_ONCE = timedelta(seconds=1)


def begin_recurring(session: Session, county: str, now: datetime) -> None:
    """Put on a county's agenda what is not there yet; the caller lets nobody else do so at the same time."""
    there = set(session.scalars(select(JobRow.key).where(JobRow.county == county, JobRow.key.in_(RECURRING))))
    rows = [_next(county, kind, now + RECURRING[kind].every) for kind in RECURRING if kind not in there]
    add_rows(session, JobRow, rows)


def put_back(
    session: Session, job: Job, now: datetime, *, more: bool = False, at: datetime | None = None, **payload: object
) -> None:
    """Put a recurring job back: after its interval or `at` a moment, or at once for more; turns missed stay missed."""
    due_at = at or now + (AT_ONCE if more else RECURRING[job.kind].every)
    add_rows(session, JobRow, [_next(job.county, job.kind, due_at, **payload)])


def again(act: Doing) -> Doing:
    """A job that does this, and in the same transaction puts itself back; its key keeps it from being there twice."""

    def done(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards | None:
        afterwards = act(inst, session, job, now)
        put_back(session, job, now)
        return afterwards

    return done


def _next(county: str, kind: str, due_at: datetime, **payload: object) -> dict[str, Any]:
    return new_job(county, kind, due_at, key=kind, payload={**payload, "name": RECURRING[kind].name})
