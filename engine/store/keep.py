"""`keep`: the one writer of a case's state, open work, due jobs, waits and journal. One Step, one transaction.

A Step that was computed from an older revision is refused (`Stale`): nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, or_, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import OpenTask, Step
from engine.store.tables import CaseRow, JobRow, JournalRow, TaskGroupRow, TaskRow, WaitRow


class Stale(Rejected):
    """Somebody else has moved this case on in the meantime."""

    code = "stale"
    message = "就在刚才，别人已把这件事办到下一步，您的提交没有保存。"
    advice = "您填写的内容仍在页面上；请刷新查看最新进度后再决定。"


@dataclass(frozen=True)
class Fact:
    """One line of the journal besides those that follow from the Step itself."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """The case as it stands after `keep`."""

    county: str
    case_id: str
    revision: int
    digest: str


@dataclass(frozen=True)
class Act:
    """Who did what when: `by` is a person's id, or None for the clock; `task_id` and `outcome` when a task was done."""

    at: datetime
    by: str | None = None
    task_id: str | None = None
    outcome: str | None = None
    facts: tuple[Fact, ...] = ()


def keep_first(
    session: Session, county: str, process: str, digest: str, step: Step, act: Act, raised: OpenTask | None = None
) -> Kept:
    """Write a new case and everything its Step says.

    `raised` is a task that was opened and completed in the same act (`act.task_id`): a matter is raised by doing its
    first step, and one write does for both.
    """
    kept = Kept(county, uuid4().hex, 1, digest)
    session.execute(
        insert(CaseRow).values(
            county=county,
            id=kept.case_id,
            process=process,
            digest=digest,
            revision=1,
            state=step.state,
            started_at=act.at,
            ended_at=act.at if step.ended else None,
            ended_by=step.ended,
        )
    )
    _write(session, kept, step, act, raised)
    return kept


def keep(session: Session, before: Kept, step: Step, act: Act) -> Kept:
    """Write everything a Step says about a case that stood at `before`; raises Stale when it no longer does."""
    kept = Kept(before.county, before.case_id, before.revision + 1, before.digest)
    moved = session.execute(
        update(CaseRow)
        .where(CaseRow.county == kept.county, CaseRow.id == kept.case_id, CaseRow.revision == before.revision)
        .values(
            revision=kept.revision,
            state=step.state,
            ended_at=act.at if step.ended else None,
            ended_by=step.ended,
        )
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise Stale
    _close_tasks(session, kept, step, act)
    _write(session, kept, step, act)
    return kept


def note(session: Session, before: Kept, act: Act) -> Kept:
    """Write journal lines about a case that its diagram does not see (a claim, a warning); raises Stale."""
    kept = Kept(before.county, before.case_id, before.revision + 1, before.digest)
    moved = session.execute(
        update(CaseRow)
        .where(CaseRow.county == kept.county, CaseRow.id == kept.case_id, CaseRow.revision == before.revision)
        .values(revision=kept.revision)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise Stale
    _insert(session, JournalRow, _lines(kept, act, act.facts))
    return kept


def _write(session: Session, kept: Kept, step: Step, act: Act, raised: OpenTask | None = None) -> None:
    opened = (raised, *step.opened) if raised else step.opened
    _insert(session, TaskRow, (_task(kept, task, act, completed=task is raised) for task in opened))
    _insert(
        session,
        TaskGroupRow,
        (
            {"county": kept.county, "task_id": task.id, "post": group.post, "unit": group.unit}
            for task in opened
            for group in dict.fromkeys(task.groups)
        ),
    )
    _renew_jobs(session, kept, step)
    if step.may_await:
        _renew_waits(session, kept, step)
    told = (*act.facts, _opened(raised), *_facts(step, act)) if raised else (*_facts(step, act), *act.facts)
    _insert(session, JournalRow, _lines(kept, act, told))


def _close_tasks(session: Session, kept: Kept, step: Step, act: Act) -> None:
    for closed in step.closed:
        done = closed.how == "completed"
        session.execute(
            update(TaskRow)
            .where(TaskRow.county == kept.county, TaskRow.id == closed.id)
            .values(
                state=closed.how,
                closed_at=act.at,
                closed_by=act.by if done else None,
                outcome=act.outcome if done else None,
            )
        )


def _task(kept: Kept, task: OpenTask, act: Act, *, completed: bool) -> dict[str, Any]:
    return {
        "county": kept.county,
        "id": task.id,
        "case_id": kept.case_id,
        "step": task.step,
        "name": task.name,
        "process": task.process,
        "branch": task.branch,
        "form": task.form,
        "other_than": list(task.other_than),
        "process_values": task.values,
        "opened_at": act.at,
        "due_at": task.due.at if task.due else None,
        "due_explained": list(task.due.explanation) if task.due else [],
        "due_provisional": bool(task.due and task.due.provisional),
        "warn_at": task.warn.at if task.warn else None,
        "state": "completed" if completed else "open",
        "closed_at": act.at if completed else None,
        "closed_by": act.by if completed else None,
        "outcome": act.outcome if completed else None,
    }


def _renew_jobs(session: Session, kept: Kept, step: Step) -> None:
    """One `tick` for the earliest BPMN timer of the case, and a `warn` and a `late` for every open task."""
    closed = [task.id for task in step.closed]
    session.execute(
        delete(JobRow).where(
            JobRow.county == kept.county,
            JobRow.case_id == kept.case_id,
            or_(JobRow.kind == "tick", JobRow.task_id.in_(closed)) if closed else JobRow.kind == "tick",
        )
    )
    _insert(session, JobRow, _jobs(kept, step))


def _jobs(kept: Kept, step: Step) -> Iterator[dict[str, Any]]:
    def job(kind: str, due_at: datetime, task_id: str | None = None) -> dict[str, Any]:
        return {
            "county": kept.county,
            "id": uuid4().hex,
            "case_id": kept.case_id,
            "task_id": task_id,
            "kind": kind,
            "due_at": due_at,
            "attempts": 0,
            "max_attempts": 8,
            "state": "ready",
        }

    if step.timers:
        yield job("tick", min(timer.due_at for timer in step.timers))
    for task in step.opened:
        if task.warn and task.due and task.warn.at < task.due.at:
            yield job("warn", task.warn.at, task.id)
        if task.due:
            yield job("late", task.due.at, task.id)


def _renew_waits(session: Session, kept: Kept, step: Step) -> None:
    session.execute(delete(WaitRow).where(WaitRow.county == kept.county, WaitRow.case_id == kept.case_id))
    _insert(
        session,
        WaitRow,
        (
            {"county": kept.county, "case_id": kept.case_id, "message": name}
            for name in sorted({w.name for w in step.awaited})
        ),
    )


def _facts(step: Step, act: Act) -> Iterator[Fact]:
    if act.task_id and act.outcome:
        yield Fact("TaskCompleted", {"task": act.task_id, "outcome": act.outcome})
    for closed in step.closed:
        if closed.how == "withdrawn":
            yield Fact("TaskWithdrawn", {"task": closed.id})
    for asked in step.asked:
        yield Fact("VerbAsked", {"verb": asked.verb, "element": asked.element, "name": asked.name})
    for passed in step.passed:
        if passed.kind in ("boundaryEvent", "intermediateCatchEvent"):
            yield Fact("EventCaught", {"element": passed.element, "name": passed.name, "branch": passed.branch})
    yield from map(_opened, step.opened)
    if step.ended:
        name = next((passed.name for passed in step.passed if passed.element == step.ended), "")
        yield Fact("CaseEnded", {"element": step.ended, "name": name})


def _opened(task: OpenTask) -> Fact:
    groups = [f"{group.post}@{group.unit}" for group in task.groups]
    facts = {"task": task.id, "step": task.step, "name": task.name, "groups": groups, "branch": task.branch}
    return Fact("TaskOpened", facts)


def _lines(kept: Kept, act: Act, facts: Iterable[Fact]) -> Iterator[dict[str, Any]]:
    for line, fact in enumerate(facts):
        yield {
            "county": kept.county,
            "case_id": kept.case_id,
            "revision": kept.revision,
            "line": line,
            "at": act.at,
            "by": act.by,
            "fact": fact.name,
            "facts": _jsonable(fact.facts),
            "digest": kept.digest,
        }


def _insert(session: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if values:
        session.execute(insert(table), values)


def _jsonable(value: Any) -> Any:
    """Process variables as JSON for people and forms; exact numbers and dates as text."""
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
