"""`keep`: the one writer of a case's state, open work, agenda, waits and journal. One Step, one transaction.

A Step that was computed from an older revision is refused (`Stale`): nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import OpenTask, Step
from engine.store.agenda import renew_jobs
from engine.store.chain import BEGINNING
from engine.store.journal import Act, Fact, facts_of, linked_lines, task_opened
from engine.store.tables import CaseRow, JournalRow, TaskGroupRow, TaskRow
from engine.store.waits import renew_waits, throw

__all__ = ["Act", "Fact", "Kept", "Stale", "found", "keep", "keep_first", "note"]


class Stale(Rejected):
    """Somebody else has moved this case on in the meantime."""

    code = "stale"
    message = "就在刚才，别人已把这件事办到下一步，您的提交没有保存。"
    advice = "您填写的内容仍在页面上；请刷新查看最新进度后再决定。"


@dataclass(frozen=True)
class Kept:
    """The case as it stands in the database; `head` is the last link of its journal."""

    county: str
    case_id: str
    revision: int
    digest: str
    head: bytes = BEGINNING


def found(session: Session, county: str, case_id: str, process: str, digest: str, act: Act) -> Kept:
    """Write the row of a new case, before its first step is known: what belongs to a case can then name it."""
    session.execute(
        insert(CaseRow).values(
            county=county,
            id=case_id,
            process=process,
            digest=digest,
            revision=0,
            state=b"",
            started_at=act.at,
            changed_at=act.at,
            head=BEGINNING,
        )
    )
    return Kept(county, case_id, 0, digest)


def keep_first(session: Session, at: Kept, step: Step, act: Act, raised: OpenTask | None = None) -> Kept:
    """Write everything the first Step of a case says (`found` has written its row).

    `raised` is a task that was opened and completed in the same act (`act.task_id`): a matter is raised by doing its
    first step, and one write does for both.
    """
    told = (*act.facts, task_opened(raised), *facts_of(step, act)) if raised else (*facts_of(step, act), *act.facts)
    kept = _advance(session, at, act, told, state=step.state, **_ending(step, act))
    _write(session, kept, step, act, (raised, *step.opened) if raised else step.opened, raised)
    return kept


def keep(session: Session, before: Kept, step: Step, act: Act) -> Kept:
    """Write everything a Step says about a case that stood at `before`; raises Stale when it no longer does.

    A `before` with another digest puts the case on that version (engine.migrate).
    """
    told = (*facts_of(step, act), *act.facts)
    kept = _advance(session, before, act, told, state=step.state, **_ending(step, act))
    _close_tasks(session, kept, step, act)
    _write(session, kept, step, act, step.opened)
    return kept


def note(session: Session, before: Kept, act: Act) -> Kept:
    """Write journal lines about a case that its diagram does not see (a claim, a warning); raises Stale."""
    return _advance(session, before, act, act.facts)


def _advance(session: Session, before: Kept, act: Act, told: Iterable[Fact], **values: Any) -> Kept:
    """Move the case's row on by one revision, and write the revision's lines."""
    revision = before.revision + 1
    key = {"county": before.county, "case_id": before.case_id, "revision": revision, "digest": before.digest}
    lines, head = linked_lines(key, before.head, act, told)
    at_before = (
        CaseRow.county == before.county,
        CaseRow.id == before.case_id,
        CaseRow.revision == before.revision,
    )
    values |= {"digest": before.digest, "revision": revision, "head": head, "changed_at": act.at}
    moved = session.execute(update(CaseRow).where(*at_before).values(values))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise Stale
    _insert(session, JournalRow, lines)
    return Kept(before.county, before.case_id, revision, before.digest, head)


def _ending(step: Step, act: Act) -> dict[str, Any]:
    return {"ended_at": act.at if step.ended else None, "ended_by": step.ended}


def _write(
    session: Session, kept: Kept, step: Step, act: Act, opened: Iterable[OpenTask], raised: OpenTask | None = None
) -> None:
    first = kept.revision == 1
    tasks = list(opened)
    _insert(session, TaskRow, (_task(kept, task, act, completed=task is raised) for task in tasks))
    _insert(session, TaskGroupRow, _groups(kept, tasks))
    renew_jobs(session, kept.county, kept.case_id, step, first=first)
    if step.may_await:
        renew_waits(session, kept.county, kept.case_id, step, act.at, first=first)
    throw(session, kept.county, kept.case_id, step.thrown, act.at)


def _groups(kept: Kept, tasks: Iterable[OpenTask]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        for group in dict.fromkeys(task.groups):
            yield {"county": kept.county, "task_id": task.id, "post": group.post, "unit": group.unit}


def _close_tasks(session: Session, kept: Kept, step: Step, act: Act) -> None:
    for how in dict.fromkeys(closed.how for closed in step.closed):
        done = how == "completed"
        ids = [closed.id for closed in step.closed if closed.how == how]
        session.execute(
            update(TaskRow)
            .where(TaskRow.county == kept.county, TaskRow.id.in_(ids))
            .values(
                state=how,
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


def _insert(session: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if values:
        session.execute(insert(table), values)
