"""The job table's clockwork: what is due is claimed with a lease, done in one transaction, retried, and never lost.

A claim is compare-and-set (no SKIP LOCKED, no NOTIFY: domestic PostgreSQL relatives lack them). The job's row is
deleted, with its token as fence, in the same transaction that holds the job's effect: a worker that lost its lease
loses its effect too, so nothing happens twice (libraries.md §1). The case is locked before the job's row, as a
submit does, which deletes the jobs of the case it has locked: the other way round the two could wait for each other.

What leaves the house (`outside`) is done before that transaction, at least once; whoever receives it tells repetitions
apart by the job's key.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from engine.incidents import open_incident
from engine.store.database import Database
from engine.store.tables import CaseRow
from engine.store.tables_jobs import JobRow

LEASE = timedelta(minutes=2)
_LONGEST_ERROR = 2000
_log = logging.getLogger("whistle.jobs")


@dataclass(frozen=True)
class Job:
    """One claimed job. `payload` is what its kind needs; `key` names it once for all in its county."""

    county: str
    id: str
    case_id: str | None
    task_id: str | None
    kind: str
    key: str | None
    payload: Mapping[str, object]
    due_at: datetime
    attempts: int
    max_attempts: int
    token: str

    @property
    def case(self) -> str:
        """The case of a kind of job that always has one."""
        if self.case_id is None:
            raise LookupError(f"job {self.kind} {self.id} names no case")
        return self.case_id


Afterwards = Callable[[], None]
Handler = Callable[[Session, Job, datetime], Afterwards | None]
"""Does a job inside the transaction; may return what to do once it is committed."""
Outside = Callable[[Job], None]
"""Does what leaves the house, before the transaction; raises when it could not be done."""


class LeaseLost(Exception):
    """Another worker has taken this job over; what we did is rolled back."""


@dataclass(frozen=True)
class Work:
    """How each kind of job is done, and which jobs this process holds right now (for `renew`).

    `case_of` finds the case that a kind of job must lock where its row does not say; it may be wrong by the time the
    case is locked, so the job looks again.
    """

    inside: Mapping[str, Handler]
    outside: Mapping[str, Outside] = field(default_factory=dict)
    case_of: Mapping[str, Callable[[Session, Job], str | None]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set, compare=False)

    @contextmanager
    def holding(self, tokens: Collection[str]) -> Iterator[None]:
        """Claimed jobs count as held until they are all done."""
        self.held.update(tokens)
        try:
            yield
        finally:
            self.held.difference_update(tokens)


def run_due(db: Database, now: datetime, work: Work, *, most: int = 50) -> int:
    """Do what is due by `now`; returns how many jobs were done."""
    claimed = claim(db, now, most=most)
    with work.holding([job.token for job in claimed]):
        return sum(run(db, job, now, work) for job in claimed)


def claim(db: Database, now: datetime, *, most: int) -> list[Job]:
    """Lease up to `most` due jobs, earliest first; one whose last worker died without a word is dead."""
    with db.read() as session:
        ready = session.execute(
            select(JobRow.county, JobRow.id, JobRow.attempts >= JobRow.max_attempts)
            .where(JobRow.state == "ready", JobRow.due_at <= now, _is_free(now))
            .order_by(JobRow.due_at, JobRow.id)
            .limit(most)
        ).all()
    claimed = [(_bury if spent else lease)(db, county, job_id, now) for county, job_id, spent in ready]
    return [job for job in claimed if job is not None]


def next_due(db: Database) -> datetime | None:
    """When the earliest job is due."""
    with db.read() as session:
        return session.scalar(select(func.min(JobRow.due_at)).where(JobRow.state == "ready"))


def lease(db: Database, county: str, job_id: str, now: datetime) -> Job | None:
    """Take one job for ourselves; None when another was faster."""
    token = uuid4().hex
    with db.write() as session:
        taken = session.execute(
            update(JobRow)
            .where(JobRow.county == county, JobRow.id == job_id, JobRow.state == "ready", _is_free(now))
            .values(lock_token=token, lock_until=now + LEASE, attempts=JobRow.attempts + 1)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
            return None
        return job_of(session.get_one(JobRow, (county, job_id)), token)


def find_leased(db: Database, county: str, job_id: str, token: str) -> Job | None:
    """The job under a lease that a carrier brings us; None when the lease is no longer that one."""
    with db.read() as session:
        row = session.get(JobRow, (county, job_id))
        return job_of(row, token) if row is not None and row.lock_token == token else None


def renew(db: Database, tokens: Collection[str], now: datetime) -> None:
    """Lengthen the leases of jobs that we still work on; one that was lost stays lost."""
    if tokens:
        with db.write() as session:
            mine = JobRow.lock_token.in_(sorted(tokens))
            session.execute(update(JobRow).where(mine).values(lock_until=now + LEASE))


def run(db: Database, job: Job, now: datetime, work: Work) -> bool:
    """Do one claimed job; False when its lease was lost or it failed (then it comes again later, or is dead)."""
    try:
        if job.kind in work.outside:
            work.outside[job.kind](job)
        with db.write() as session:
            _lock_case(session, job, work)
            _fence(session, job)
            afterwards = work.inside[job.kind](session, job, now)
    except LeaseLost:
        return False
    except Exception as error:
        _log.exception("job %s of case %s failed", job.kind, job.case_id)
        _put_back(db, job, now, error)
        return False
    if afterwards is not None:
        afterwards()
    return True


def job_of(row: JobRow, token: str = "") -> Job:
    """What a row says, under a lease with this token."""
    return Job(
        row.county,
        row.id,
        row.case_id,
        row.task_id,
        row.kind,
        row.key,
        row.payload or {},
        row.due_at,
        row.attempts,
        row.max_attempts,
        token,
    )


def _bury(db: Database, county: str, job_id: str, now: datetime) -> None:
    error = "its workers died without a word"
    with db.write() as session:
        buried = session.execute(
            update(JobRow)
            .where(JobRow.county == county, JobRow.id == job_id, JobRow.state == "ready", _is_free(now))
            .values(state="dead", error=error)
        )
        if buried.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
            open_incident(session, session.get_one(JobRow, (county, job_id)), error, now)


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Not leased, or leased until a moment that has passed, or that no clock of ours could have set (it went back)."""
    return or_(JobRow.lock_until.is_(None), JobRow.lock_until <= now, JobRow.lock_until > now + 2 * LEASE)


def _lock_case(session: Session, job: Job, work: Work) -> None:
    find = work.case_of.get(job.kind)
    case_id = job.case_id or (find(session, job) if find else None)
    if case_id is not None:
        its_case = select(CaseRow.id).where(CaseRow.county == job.county, CaseRow.id == case_id)
        session.execute(its_case.with_for_update())


def _fence(session: Session, job: Job) -> None:
    gone = session.execute(
        delete(JobRow).where(JobRow.county == job.county, JobRow.id == job.id, JobRow.lock_token == job.token)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE's result counts its rows
        raise LeaseLost


def _put_back(db: Database, job: Job, now: datetime, error: Exception) -> None:
    """Try again later; after the last attempt the job is dead: an incident for people."""
    told, dead = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR], job.attempts >= job.max_attempts
    with db.write() as session:
        mine = update(JobRow).where(JobRow.county == job.county, JobRow.id == job.id, JobRow.lock_token == job.token)
        put = session.execute(
            mine.values(
                state="dead" if dead else "ready",
                due_at=now + _pause(job),
                lock_token=None,
                lock_until=None,
                error=told,
            )
        )
        if dead and put.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
            open_incident(session, session.get_one(JobRow, (job.county, job.id)), told, now)


def _pause(job: Job) -> timedelta:
    """The rule of the step if it has one, else ever longer, a little unevenly so that not all come back at once."""
    every = job.payload.get("every")
    if isinstance(every, timedelta):
        return every
    return timedelta(seconds=min(3600, 2**job.attempts) * random.uniform(0.8, 1.2))  # noqa: S311  # jitter, no secret
