"""What is due by itself while made-up months pass: done in order at its own time; what recurs, once a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from engine.jobs import Job, run
from engine.leases import claim_alone, next_due
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import MessageRow
from processes.agenda import work_of
from processes.installation import Installation
from processes.recurring import RECURRING

_MOST = 200
_AGAIN = timedelta(seconds=5)
"""What recurs and has more to do comes again within this; see processes.recurring."""
_ROUNDS = 50
_ID = re.compile("[0-9a-f]{32}")
Called = Callable[[str | None], str]
"""What a case is known by that is the same whenever the same months are made up: ids are not."""


class Agenda:
    """The jobs of an installation, at the time that passes there."""

    def __init__(self, inst: Installation, called: Called) -> None:
        """`called` says in what order cases go whose jobs are due at the same moment."""
        self._inst, self._called, self._work = inst, called, work_of(inst)

    def next_due(self) -> datetime | None:
        """When the next thing is due that does not recur."""
        return next_due(self._inst.db, without=RECURRING)

    def strike(self, at: datetime) -> list[Job]:
        """Do what is due by this moment and does not recur; returns what was done."""
        return self._run(claim_alone(self._inst.db, at, most=_MOST, without=RECURRING), at)

    def chores(self, at: datetime) -> list[Job]:
        """Do all that recurs, once, at this moment."""
        with self._inst.db.write() as session:
            recurring = (JobRow.kind.in_(RECURRING), JobRow.state == "ready")
            session.execute(update(JobRow).where(*recurring).values(due_at=at))
        done: list[Job] = []
        for _ in range(_ROUNDS):
            jobs = claim_alone(self._inst.db, at, most=_MOST)
            if not jobs:
                break
            done += self._run(jobs, at)
            at += _AGAIN
        return done

    def _run(self, jobs: list[Job], at: datetime) -> list[Job]:
        for job in sorted(jobs, key=self._order):
            run(self._inst.db, job, at, self._work)
        return jobs

    def _order(self, job: Job) -> tuple[datetime, str, str, str]:
        return job.due_at, job.kind, self._called(job.case_id), self._said(job)

    def _said(self, job: Job) -> str:
        """What a message says, without ids."""
        if "message" not in job.payload:
            return ""
        with self._inst.db.read() as session:
            here = (MessageRow.county == job.county, MessageRow.id == str(job.payload["message"]))
            said = session.execute(select(MessageRow.name, MessageRow.payload).where(*here)).first()
        return _ID.sub(lambda found: self._called(found[0]), str(said))
