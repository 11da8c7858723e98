"""The job table's clockwork: what is due is claimed with a lease, done in one transaction, retried, and never lost.

A claim is compare-and-set (no SKIP LOCKED, no NOTIFY: domestic PostgreSQL relatives lack them). The job's row is
deleted, with its token as fence, in the same transaction that holds the job's effect: a worker that lost its lease
loses its effect too, so nothing happens twice (libraries.md §1). The case is locked before the job's row, as a
submit does, which deletes the jobs of the case it has locked: the other way round the two could wait for each other.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from engine.store.database import Database
from engine.store.tables import CaseRow, JobRow

LEASE = timedelta(minutes=2)
_log = logging.getLogger("whistle.jobs")


@dataclass(frozen=True)
class Job:
    """One claimed job."""

    county: str
    id: str
    case_id: str
    task_id: str | None
    kind: str
    due_at: datetime
    attempts: int
    max_attempts: int
    token: str


Handler = Callable[[Session, Job, datetime], Callable[[], None] | None]
"""Does a job inside the transaction; may return what to do once it is committed."""


class LeaseLost(Exception):
    """Another worker has taken this job over; what we did is rolled back."""


def run_due(db: Database, now: datetime, handlers: Mapping[str, Handler], *, most: int = 50) -> int:
    """Do what is due by `now`; returns how many jobs were done."""
    return sum(_run(db, job, now, handlers) for job in claim(db, now, most=most))


def claim(db: Database, now: datetime, *, most: int) -> list[Job]:
    """Lease up to `most` due jobs, earliest first; one whose last worker died without a word is dead."""
    with db.read() as session:
        ready = session.execute(
            select(JobRow.county, JobRow.id, JobRow.attempts >= JobRow.max_attempts)
            .where(JobRow.state == "ready", JobRow.due_at <= now, _is_free(now))
            .order_by(JobRow.due_at, JobRow.id)
            .limit(most)
        ).all()
    claimed = [(_bury if spent else _lease)(db, county, job_id, now) for county, job_id, spent in ready]
    return [job for job in claimed if job is not None]


def next_due(db: Database) -> datetime | None:
    """When the earliest job is due."""
    with db.read() as session:
        return session.scalar(select(func.min(JobRow.due_at)).where(JobRow.state == "ready"))


def _lease(db: Database, county: str, job_id: str, now: datetime) -> Job | None:
    token = uuid4().hex
    with db.write() as session:
        taken = session.execute(
            update(JobRow)
            .where(JobRow.county == county, JobRow.id == job_id, JobRow.state == "ready", _is_free(now))
            .values(lock_token=token, lock_until=now + LEASE, attempts=JobRow.attempts + 1)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
            return None
        row = session.get_one(JobRow, (county, job_id))
        return Job(
            county, job_id, row.case_id, row.task_id, row.kind, row.due_at, row.attempts, row.max_attempts, token
        )


def _bury(db: Database, county: str, job_id: str, now: datetime) -> None:
    with db.write() as session:
        session.execute(
            update(JobRow)
            .where(JobRow.county == county, JobRow.id == job_id, JobRow.state == "ready", _is_free(now))
            .values(state="dead", error="its workers died without a word")
        )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(JobRow.lock_until.is_(None), JobRow.lock_until <= now)


def _run(db: Database, job: Job, now: datetime, handlers: Mapping[str, Handler]) -> bool:
    try:
        with db.write() as session:
            _lock_case(session, job)
            _fence(session, job)
            afterwards = handlers[job.kind](session, job, now)
    except LeaseLost:
        return False
    except Exception as error:
        _log.exception("job %s of case %s failed", job.kind, job.case_id)
        _put_back(db, job, now, error)
        return False
    if afterwards is not None:
        afterwards()
    return True


def _lock_case(session: Session, job: Job) -> None:
    its_case = select(CaseRow.id).where(CaseRow.county == job.county, CaseRow.id == job.case_id)
    session.execute(its_case.with_for_update())


def _fence(session: Session, job: Job) -> None:
    gone = session.execute(
        delete(JobRow).where(JobRow.county == job.county, JobRow.id == job.id, JobRow.lock_token == job.token)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE's result counts its rows
        raise LeaseLost


def _put_back(db: Database, job: Job, now: datetime, error: Exception) -> None:
    """Try again later, ever later; after the last attempt the job is dead: an incident for people."""
    wait = timedelta(seconds=min(3600, 2**job.attempts) * random.uniform(0.8, 1.2))  # noqa: S311  # jitter, no secret
    with db.write() as session:
        session.execute(
            update(JobRow)
            .where(JobRow.county == job.county, JobRow.id == job.id, JobRow.lock_token == job.token)
            .values(
                state="dead" if job.attempts >= job.max_attempts else "ready",
                due_at=now + wait,
                lock_token=None,
                lock_until=None,
                error=f"{type(error).__name__}: {error}"[:2000],
            )
        )
