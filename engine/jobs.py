"""The job table's clockwork: what is due is claimed with a lease, done in one transaction, retried, and never lost.

The job's row is deleted, with its token as fence, in the same transaction that holds the job's effect: a worker that
lost its lease (engine.leases) loses its effect too, so nothing happens twice. The case is locked before the job's row,
as a submit does, which deletes the jobs of the case it has locked: the other way round the two could wait for each
other.

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

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.incidents import open_incident
from engine.leases import Job, claim
from engine.store.database import Database
from engine.store.tables import CaseRow
from engine.store.tables_jobs import JobRow

__all__ = ["Afterwards", "Handler", "Job", "LeaseLost", "Outside", "Work", "run", "run_due"]

_LONGEST_ERROR = 2000
_log = logging.getLogger("whistle.jobs")

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
    held: dict[str, Job] = field(default_factory=dict, compare=False)

    @contextmanager
    def holding(self, jobs: Collection[Job]) -> Iterator[None]:
        """Claimed jobs count as held until they are all done."""
        self.held.update({job.token: job for job in jobs})
        try:
            yield
        finally:
            for job in jobs:
                del self.held[job.token]


def run_due(db: Database, now: datetime, work: Work, *, most: int = 50) -> int:
    """Do what is due by `now` until nothing is, `most` claimed at a time; returns how many jobs were done."""
    done = 0
    while claimed := claim(db, now, most=most):  # all of them may fail, and others still be due
        with work.holding(claimed):
            done += sum(run(db, job, now, work) for job in claimed)
    return done


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
    told, dead = _told(error), job.attempts >= job.max_attempts
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


def _told(error: Exception) -> str:
    """What the machine said, without the one character that PostgreSQL cannot keep."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:_LONGEST_ERROR]


def _pause(job: Job) -> timedelta:
    """The rule of the step if it has one, else ever longer, a little unevenly so that not all come back at once."""
    every = job.payload.get("every")
    if isinstance(every, timedelta):
        return every
    return timedelta(seconds=min(3600, 2**job.attempts) * random.uniform(0.8, 1.2))  # noqa: S311  # jitter, no secret
