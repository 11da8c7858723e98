"""Moving the deadline of an open task: its clock, what follows from it, and the jobs that warn and turn it red."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from engine.store.agenda import limit_jobs
from engine.store.rows import add_rows
from engine.store.tables import FOREVER, OfferRow, TaskRow
from engine.store.tables_jobs import JobRow
from engine.time import Clock, Deadline


def set_clock(session: Session, task: TaskRow, clock: Clock, due: Deadline | None, warn: Deadline | None) -> None:
    """Keep what happened to an open task's limit; `due` is None while it is paused: then nobody is warned.

    The caller holds the case's lock and notes it in the journal (engine.store.keep.note).
    """
    task.clock = list(clock.written())
    its_offers = update(OfferRow).where(OfferRow.county == task.county, OfferRow.task_id == task.id)
    session.execute(its_offers.values(until=due.at if due else FOREVER))
    task.due_at, task.warn_at = due.at if due else None, warn.at if warn else None
    task.due_explained = list(due.explanation) if due else []
    task.due_provisional = bool(due and due.provisional)
    of_task = (JobRow.county == task.county, JobRow.case_id == task.case_id, JobRow.task_id == task.id)
    session.execute(delete(JobRow).where(*of_task, JobRow.kind.in_(("warn", "late"))))
    late = task.late_at is not None and due is not None and due.at <= task.late_at
    if due is not None and not late:
        task.late_at = None
        add_rows(session, JobRow, limit_jobs(task.county, task.case_id, task.id, due, warn))
