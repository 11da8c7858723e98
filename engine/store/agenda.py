"""What a case has on its agenda after a step: the jobs of its timers, its tasks' limits, its verbs and its messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, bindparam, delete, or_
from sqlalchemy.orm import Session

from engine.step import Step
from engine.store.rows import add_rows
from engine.store.tables_jobs import JobRow
from engine.time import Deadline

MOST_ATTEMPTS = 8

_JOB: Any = JobRow.__table__
_DROP_OUTLIVED = delete(_JOB).where(  # built once: asked in every step
    _JOB.c.county == bindparam("in_county"),
    _JOB.c.case_id == bindparam("of_case"),
    or_(
        _JOB.c.kind == "tick",
        and_(_JOB.c.kind.in_(("warn", "late")), _JOB.c.task_id.in_(bindparam("closed", expanding=True))),
        and_(_JOB.c.kind == "verb", _JOB.c.key.not_in(bindparam("asking", expanding=True))),
    ),
)


def job(
    county: str,
    kind: str,
    due_at: datetime,
    *,
    case_id: str | None = None,
    task_id: str | None = None,
    key: str | None = None,
    payload: Mapping[str, object] | None = None,
    max_attempts: int = MOST_ATTEMPTS,
) -> dict[str, Any]:
    """The row of a new job; with `key`, the county can hold it once only."""
    return {
        "county": county,
        "id": uuid4().hex,
        "case_id": case_id,
        "task_id": task_id,
        "kind": kind,
        "key": key,
        "payload": payload,
        "due_at": due_at,
        "attempts": 0,
        "max_attempts": max_attempts,
        "state": "ready",
    }


def renew_jobs(session: Session, county: str, case_id: str, step: Step, *, first: bool = False) -> None:
    """One `tick` for the earliest BPMN timer of the case; a `warn` and a `late` for every open task with a limit."""
    if not first:
        session.connection().execute(_DROP_OUTLIVED, _outlived(county, case_id, step))
    rows = list(_jobs(county, case_id, step))
    add_rows(session, JobRow, rows)


def _outlived(county: str, case_id: str, step: Step) -> dict[str, Any]:
    return {
        "in_county": county,
        "of_case": case_id,
        "closed": [task.id for task in step.closed],
        "asking": [verb_key(key) for key in step.asking],
    }


def verb_key(asked: str) -> str:
    """The key of the job that tries again the verb asked for under this key."""
    return f"verb:{asked}"


def _jobs(county: str, case_id: str, step: Step) -> Iterator[dict[str, Any]]:
    if step.timers:
        yield job(county, "tick", min(timer.due_at for timer in step.timers), case_id=case_id)
    for task in step.opened:
        if task.due:
            yield from limit_jobs(county, case_id, task.id, task.due, task.warn)


def limit_jobs(
    county: str, case_id: str, task_id: str, due: Deadline, warn: Deadline | None
) -> Iterator[dict[str, Any]]:
    """The jobs of an open task with a limit: a `warn` before it is due, and a `late` when it is."""
    if warn and warn.at < due.at:
        yield job(county, "warn", warn.at, case_id=case_id, task_id=task_id)
    yield job(county, "late", due.at, case_id=case_id, task_id=task_id)
