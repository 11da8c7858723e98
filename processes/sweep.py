"""Job `sweep`: what nobody needs any more is removed, a bounded part of it each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from engine.ids import is_id
from engine.jobs import Afterwards, Job
from engine.store.tables import TaskRow
from engine.store.tables_messages import MessageRow
from processes.installation import Installation
from processes.tables import DraftRow, VisitRow

MOST = 1000
"""Rows of one table that go at a time, so that nobody waits for us; the next time takes the rest."""
_CLOSED_FOR = timedelta(days=1)
_DRAFT_KEPT = timedelta(days=90)
_SETTLED_FOR = timedelta(days=30)


def sweep(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards:
    """Remove drafts whose task is closed for a day, drafts of 90 days, ended visits, settled messages; then uploads.

    A settled message is kept until its sender no longer counts on it and 30 days beyond its settling, so that one that
    is sent again is recognised.
    """
    useless = or_(DraftRow.saved_at <= now - _DRAFT_KEPT, DraftRow.key.in_(_left_behind(session, job.county, now)))
    _remove(session, DraftRow, DraftRow.county == job.county, useless)
    _remove(session, VisitRow, VisitRow.county == job.county, VisitRow.ends_at <= now)
    settled = (MessageRow.keep_until <= now, MessageRow.settled_at <= now - _SETTLED_FOR)
    _remove(session, MessageRow, MessageRow.county == job.county, *settled)
    return lambda: _remove_uploads(inst, now)


def _left_behind(session: Session, county: str, now: datetime) -> list[str]:
    """Closed tasks for which somebody else had begun a form."""
    begun = select(DraftRow.key).where(DraftRow.county == county, DraftRow.saved_at <= now - _CLOSED_FOR)
    tasks = [key for key in session.scalars(begun.distinct()) if is_id(key)]
    closed = select(TaskRow.id).where(TaskRow.county == county, TaskRow.closed_at <= now - _CLOSED_FOR)
    some = (tasks[first : first + MOST] for first in range(0, len(tasks), MOST))
    return [task for ids in some for task in session.scalars(closed.where(TaskRow.id.in_(ids)))]


def _remove(session: Session, table: Any, *which: ColumnElement[bool]) -> None:
    key = table.__table__.primary_key.columns
    some = select(*key).where(*which).limit(MOST)
    session.execute(delete(table).where(tuple_(*key).in_(some)), execution_options={"synchronize_session": False})


def _remove_uploads(inst: Installation, now: datetime) -> None:
    """What broken-off uploads left behind, once nobody has written to it for an hour."""
    inst.papers.sweep(now)
