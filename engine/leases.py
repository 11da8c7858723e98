"""Leases: a due job is one worker's for a while, and anybody's again when the worker died.

A claim is compare-and-set (no SKIP LOCKED, no NOTIFY: domestic PostgreSQL relatives lack them). Each lease has a token;
whoever comes with another token than the row's has lost the job.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from engine.incidents import open_incident
from engine.store.database import Database
from engine.store.tables_jobs import JobRow

LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Job:
    """One claimed job. `payload` is what its kind needs; `key` names it once for all in its county."""

    county: str
    id: str
    case_id: str | None
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


def claim(db: Database, now: datetime, *, most: int, begun: bool = True, without: Collection[str] = ()) -> list[Job]:
    """Lease up to `most` due jobs, earliest first; one whose last worker died without a word is dead.

    `begun` is false for a carrier, which only takes the jobs to a worker (`take_over`). Jobs of the kinds in `without`
    are left alone.
    """
    with db.read() as session:
        ready = session.execute(
            select(JobRow.county, JobRow.id, JobRow.attempts >= JobRow.max_attempts)
            .where(JobRow.state == "ready", JobRow.due_at <= now, _is_free(now), *_other_than(without))
            .order_by(JobRow.due_at, JobRow.id)
            .limit(most)
        ).all()
    claimed = []
    for county, job_id, spent in ready:
        if spent:
            _bury(db, county, job_id, now)
        elif job := lease(db, county, job_id, now, begun=begun):
            claimed.append(job)
    return claimed


def claim_alone(db: Database, now: datetime, *, most: int, without: Collection[str] = ()) -> list[Job]:
    """Lease what is due in one transaction, for whoever has the database to themselves: nobody else can be faster."""
    token = uuid4().hex
    ready = select(JobRow).where(JobRow.state == "ready", JobRow.due_at <= now, _is_free(now), *_other_than(without))
    with db.write() as session:
        rows = session.scalars(ready.order_by(JobRow.due_at, JobRow.id).limit(most)).all()
        for row in rows:
            row.lock_token, row.lock_until, row.attempts = token, now + LEASE, row.attempts + 1
        return [job_of(row, token) for row in rows]


def next_due(db: Database, *, without: Collection[str] = ()) -> datetime | None:
    """When the earliest job is due that nobody holds, kinds in `without` left out."""
    free = select(JobRow.due_at).where(JobRow.state == "ready", JobRow.lock_until.is_(None), *_other_than(without))
    with db.read() as session:
        return session.scalar(free.order_by(JobRow.due_at, JobRow.id).limit(1))


def is_any_leased(db: Database, now: datetime) -> bool:
    """Whether somebody is at a job, or was until a short while ago."""
    at_it = exists().where(JobRow.state == "ready", JobRow.lock_until > now)
    with db.read() as session:
        return bool(session.scalar(select(at_it)))


def lease(db: Database, county: str, job_id: str, now: datetime, *, begun: bool = True) -> Job | None:
    """Take one job for ourselves; None when another was faster. Only a job that is `begun` is counted as tried."""
    token = uuid4().hex
    with db.write() as session:
        taken = session.execute(
            update(JobRow)
            .where(JobRow.county == county, JobRow.id == job_id, JobRow.state == "ready", _is_free(now))
            .values(lock_token=token, lock_until=now + LEASE, attempts=JobRow.attempts + int(begun))
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
            return None
        return job_of(session.get_one(JobRow, (county, job_id)), token)


def take_over(db: Database, county: str, job_id: str, token: str, now: datetime) -> Job | None:
    """Begin the job whose lease a carrier brings us; None when the lease is no longer that one, or all tries are spent.

    The lease may be over: as long as nobody else has taken the job, it is still ours.
    """
    this = (JobRow.county == county, JobRow.id == job_id, JobRow.lock_token == token, JobRow.state == "ready")
    with db.write() as session:
        begun = session.execute(
            update(JobRow)
            .where(*this, JobRow.attempts < JobRow.max_attempts)
            .values(lock_until=now + LEASE, attempts=JobRow.attempts + 1)
        )
        if begun.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
            return None
        return job_of(session.get_one(JobRow, (county, job_id)), token)


def still_leased(db: Database, jobs: Collection[Job], now: datetime) -> list[Job]:
    """Those of the jobs that are neither done nor put back, and whose leases still run."""
    if not jobs:
        return []
    with db.read() as session:
        tokens = set(session.scalars(select(JobRow.lock_token).where(_ours(jobs), JobRow.lock_until > now)))
    return [job for job in jobs if job.token in tokens]


def release(db: Database, jobs: Collection[Job], *, begun: bool = True) -> None:
    """Give back leased jobs that were not tried after all; one that was lost stays lost."""
    if jobs:
        free = {"lock_token": None, "lock_until": None, "attempts": JobRow.attempts - int(begun)}
        with db.write() as session:
            session.execute(update(JobRow).where(_ours(jobs)).values(free))


def renew(db: Database, jobs: Collection[Job], now: datetime) -> None:
    """Lengthen the leases of jobs that we still work on; one that was lost stays lost."""
    if jobs:
        with db.write() as session:
            session.execute(update(JobRow).where(_ours(jobs)).values(lock_until=now + LEASE))


def job_of(row: JobRow, token: str = "") -> Job:
    """What a row says, under a lease with this token."""
    return Job(
        row.county,
        row.id,
        row.case_id,
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


def _other_than(kinds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (JobRow.kind.not_in(kinds),) if kinds else ()


def _ours(jobs: Collection[Job]) -> ColumnElement[bool]:
    """The rows of these jobs, by their key, as far as they are still leased under the same tokens."""
    keys = and_(JobRow.county.in_({job.county for job in jobs}), JobRow.id.in_([job.id for job in jobs]))
    tokens = JobRow.lock_token.in_([job.token for job in jobs])  # no two jobs have the same
    return and_(keys, tokens, JobRow.state == "ready")
