"""What is on a case's agenda, held against what its tasks and timers want."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_jobs import JobRow


def lights_to_come(task: TaskRow) -> list[datetime]:
    """When an open task's holders are still to be told that it is nearly due, and that it is late."""
    if task.state != "open" or task.due_at is None or task.late_at is not None:
        return []
    warns = task.warn_at is not None and task.warn_at < task.due_at and task.warned_at is None
    return [task.due_at, *([task.warn_at] if warns and task.warn_at else [])]


def assert_lights_follow(session: Session) -> None:
    """Each case with lights to come has one job `light`, no later than the first of them; an ended case has none."""
    ended = set(session.scalars(select(CaseRow.id).where(CaseRow.ended_at.is_not(None))))
    wanted: dict[str, list[datetime]] = {}
    for task in session.scalars(select(TaskRow)):
        wanted.setdefault(task.case_id, []).extend(lights_to_come(task))
    jobs = session.execute(select(JobRow.case_id, JobRow.due_at).where(JobRow.kind == "light")).all()
    assert len({case_id for case_id, _ in jobs}) == len(jobs), "one a case"
    there = {case_id: due_at for case_id, due_at in jobs if case_id is not None}
    assert not ended & set(there)
    for case_id, moments in wanted.items():
        assert_no_later(there.get(case_id), moments)


def assert_no_later(due_at: datetime | None, moments: Iterable[datetime]) -> None:
    """A job is due by the first of these moments; with none to come there may be one that comes for nothing."""
    first = min(moments, default=None)
    assert first is None or (due_at is not None and due_at <= first), (due_at, first)
