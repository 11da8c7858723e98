"""What a case has on its agenda after a step: when its timers, its tasks' limits and its verbs want something done.

A case has at most one job `tick` and one job `light`, each due no later than what it is for: a step that brings nothing
sooner leaves them as they are, and one that comes too early finds nothing to do and puts itself back. So a step costs
at most two statements however many tasks and timers it opens or closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ClauseElement, bindparam, case, delete, null, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.step import Step
from engine.store.prepared import Prepared
from engine.store.tables_jobs import JobRow
from engine.time import Deadline

MOST_ATTEMPTS = 8
NEVER = datetime.max.replace(tzinfo=UTC)

_JOB: Any = JobRow.__table__
_OWN = ("tick", "light", "verb")
"""Kinds of jobs that a case has no use for when it has ended."""
_CLEAR = Prepared(
    delete(_JOB).where(
        _JOB.c.county == bindparam("in_county"),
        _JOB.c.case_id == bindparam("of_case"),
        or_(*(_JOB.c.kind == kind for kind in _OWN)),
    )
)


def job(
    county: str,
    kind: str,
    due_at: datetime,
    *,
    case_id: str | None = None,
    key: str | None = None,
    payload: Mapping[str, object] | None = None,
    max_attempts: int = MOST_ATTEMPTS,
) -> dict[str, Any]:
    """The row of a new job; with `key`, the county can hold it once only."""
    return {
        "county": county,
        "id": uuid4().hex,
        "case_id": case_id,
        "kind": kind,
        "key": key,
        "payload": payload,
        "due_at": due_at,
        "attempts": 0,
        "max_attempts": max_attempts,
        "state": "ready",
    }


def renew_jobs(session: Session, county: str, case_id: str, step: Step, *, first: bool = False) -> None:
    """A `tick` by the earliest BPMN timer of the case; a `light` by the earliest warning or limit of its tasks."""
    if step.ended:
        if not first:
            _CLEAR.send(session, {"in_county": county, "of_case": case_id})
        return
    put_on(session, county, case_id, "tick", (timer.due_at for timer in step.fresh_timers))
    put_on(session, county, case_id, "light", (at for task in step.opened for at in lights(task.due, task.warn)))
    if step.unasked:
        keys = [verb_key(key) for key in step.unasked]
        session.execute(delete(JobRow).where(JobRow.county == county, JobRow.key.in_(keys)))


def put_on(session: Session, county: str, case_id: str, kind: str, moments: Iterable[datetime]) -> None:
    """Have the case's one job of this kind done by the earliest of these moments, if it is not done sooner anyway."""
    due_at = min(moments, default=None)
    if due_at is not None:
        _SOONER.send(session, job(county, kind, due_at, case_id=case_id, key=f"{kind}:{case_id}"))


def lights(due: Deadline | None, warn: Deadline | None) -> Iterator[datetime]:
    """When a task's light changes: to amber when a warning comes before it is due, and to red."""
    if due is not None:
        yield due.at
        if warn is not None and warn.at < due.at:
            yield warn.at


def verb_key(asked: str) -> str:
    """The key of the job that tries again the verb asked for under this key."""
    return f"verb:{asked}"


def _sooner(kind: str) -> ClauseElement:
    """Insert a job, or have the one with its key done sooner; whoever holds that one has lost it."""
    names = [*job("", "", NEVER)]
    insert: Any = (postgresql if kind == "postgresql" else sqlite).insert(_JOB)
    insert = insert.values({name: bindparam(name) for name in names})
    new = insert.excluded
    fresh = {name: new[name] for name in ("id", "attempts", "max_attempts", "state")}
    free = {name: null() for name in ("lock_token", "lock_until", "error")}
    sooner = case((_JOB.c.due_at < new.due_at, _JOB.c.due_at), else_=new.due_at)
    upsert: ClauseElement = insert.on_conflict_do_update(
        index_elements=[_JOB.c.county, _JOB.c.key], set_={**fresh, **free, "due_at": sooner}
    )
    return upsert


_SOONER = Prepared(_sooner)
