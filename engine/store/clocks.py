"""Moving the deadline of an open task: its clock, what follows from it, and the job that warns and turns it red."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.store.agenda import lights, put_on
from engine.store.tables import FOREVER, OfferRow, TaskRow
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
    if due is not None and (task.late_at is None or due.at > task.late_at):
        task.late_at = task.warned_at = None
        put_on(session, task.county, task.case_id, "light", lights(due, warn))
