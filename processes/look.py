"""Job `look`: cases that nobody and nothing can ever move on are found and put before people, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from engine.incidents import close_gone, report
from engine.jobs import Job
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from engine.store.tables_messages import WaitRow
from processes.follow import STUCK

MOST = 200
_MOVING = ("tick", "verb", "signal_case")
"""Kinds of jobs that take their case a step on. A message that is to be delivered has a wait that it is for."""


def look(_inst: object, session: Session, job: Job, now: datetime) -> None:
    """Report each stuck case of the county, and close incidents whose job has gone in the meantime."""
    close_gone(session, job.county, now)
    for case_id in find_stuck(session, job.county):
        report(session, job.county, "stuck", "流程图", STUCK, now, case_id=case_id)


def find_stuck(session: Session, county: str) -> list[str]:
    """Running cases without an open task, a job that moves them, a wait or an open incident; at most MOST.

    A case that people have looked at and left as it is, is not found again until it has moved.
    """
    stuck = (
        ~exists().where(*_of_case(TaskRow), TaskRow.state.in_(("open", "optional"))),
        ~exists().where(*_of_case(JobRow), JobRow.kind.in_(_MOVING), JobRow.state == "ready"),
        ~exists().where(*_of_case(WaitRow)),
        ~exists().where(*_of_case(IncidentRow), or_(IncidentRow.closed_at.is_(None), _left_as_it_is())),
    )
    running = (CaseRow.county == county, CaseRow.ended_at.is_(None))
    return list(session.scalars(select(CaseRow.id).where(*running, *stuck).limit(MOST)))


def _of_case(table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.county == CaseRow.county, table.case_id == CaseRow.id


def _left_as_it_is() -> ColumnElement[bool]:
    """Closing an incident is itself an entry in the case's journal."""
    return and_(IncidentRow.kind == "stuck", IncidentRow.closed_at >= CaseRow.changed_at)
