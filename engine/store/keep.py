"""`keep`: the one writer of a case's state, open work, agenda, waits and journal. One Step, one transaction.

A Step that was computed from an older revision is refused (`Stale`): nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.step import OpenTask, Step
from engine.store.agenda import renew_jobs
from engine.store.chain import BEGINNING
from engine.store.journal import Act, Fact, facts_of, linked_row, task_opened
from engine.store.prepared import Prepared
from engine.store.rows import add_rows
from engine.store.tables import FOREVER, CaseRow, JournalRow, OfferRow, TaskRow
from engine.store.waits import renew_waits, throw

__all__ = ["Act", "Fact", "Kept", "Stale", "found", "keep", "keep_first", "note"]


_CASE: Any = CaseRow.__table__
_TASK: Any = TaskRow.__table__
_OFFER: Any = OfferRow.__table__
_STANDS = (
    _CASE.c.county == bindparam("in_county"),
    _CASE.c.id == bindparam("its_id"),
    _CASE.c.revision == bindparam("stood_at"),
)
_AT = ("revision", "head", "changed_at", "units")
_MOVED = (*_AT, "digest", "state", "ended_at", "ended_by")
_CLOSED = ("state", "closed_at", "closed_by", "outcome", "answers", "due_explained")
_TOUCH = Prepared(update(_CASE).where(*_STANDS).values({name: bindparam(name) for name in _AT}))
_MOVE = Prepared(update(_CASE).where(*_STANDS).values({name: bindparam(name) for name in _MOVED}))
_CLOSE = Prepared(
    update(_TASK)
    .where(_TASK.c.county == bindparam("in_county"), _TASK.c.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in _CLOSED})
)
_CALL_OFF = Prepared(
    delete(_OFFER).where(_OFFER.c.county == bindparam("in_county"), _OFFER.c.task_id == bindparam("its_id"))
)


class Stale(Rejected):
    """Somebody else has moved this case on in the meantime."""

    code = "stale"
    message = "就在刚才，别人已把这件事办到下一步，您的提交没有保存。"
    advice = "您填写的内容仍在页面上；请刷新查看最新进度后再决定。"


@dataclass(frozen=True)
class Kept:
    """The case as it stands in the database; `head` is the last link of its journal, `units` all that held a task."""

    county: str
    case_id: str
    revision: int
    digest: str
    head: bytes = BEGINNING
    units: frozenset[str] = frozenset()


def found(session: Session, county: str, case_id: str, process: str, digest: str, act: Act) -> Kept:
    """Write the row of a new case, before its first step is known: what belongs to a case can then name it."""
    row = {
        "county": county,
        "id": case_id,
        "process": process,
        "digest": digest,
        "revision": 0,
        "state": b"",
        "started_at": act.at,
        "changed_at": act.at,
        "head": BEGINNING,
        "units": [],
    }
    add_rows(session, CaseRow, [row])
    return Kept(county, case_id, 0, digest)


def keep_first(session: Session, at: Kept, step: Step, act: Act, raised: OpenTask | None = None) -> Kept:
    """Write everything the first Step of a case says (`found` has written its row).

    `raised` is a task that was opened and completed in the same act (`act.task_id`): a matter is raised by doing its
    first step, and one write does for both.
    """
    first = (raised,) if raised else ()
    told, opened = (*act.facts, *map(task_opened, first), *facts_of(step, act)), (*first, *step.opened)
    kept = _advance(session, at, act, told, opened, **_moved(at, step, act))
    _write(session, kept, step, act, opened, raised)
    return kept


def keep(session: Session, before: Kept, step: Step, act: Act) -> Kept:
    """Write everything a Step says about a case that stood at `before`; raises Stale when it no longer does.

    A `before` with another digest puts the case on that version (engine.migrate).
    """
    told = (*facts_of(step, act), *act.facts)
    kept = _advance(session, before, act, told, step.opened, **_moved(before, step, act))
    _close_tasks(session, kept, step, act)
    _write(session, kept, step, act, step.opened)
    return kept


def note(session: Session, before: Kept, act: Act) -> Kept:
    """Write journal lines about a case that its diagram does not see (a claim, a warning); raises Stale."""
    return _advance(session, before, act, act.facts)


def _advance(
    session: Session, before: Kept, act: Act, told: Iterable[Fact], opened: Iterable[OpenTask] = (), **values: Any
) -> Kept:
    """Move the case's row on by one revision, and write what the revision's journal tells."""
    revision = before.revision + 1
    key = {"county": before.county, "case_id": before.case_id, "revision": revision}
    row, head = linked_row(key, before.head, act, told)
    units = before.units.union(group.unit for task in opened for group in task.groups)
    here = {"in_county": before.county, "its_id": before.case_id, "stood_at": before.revision}
    at = {"revision": revision, "head": head, "changed_at": act.at, "units": sorted(units)}
    if (_MOVE if values else _TOUCH).send(session, {**here, **at, **values}) != 1:
        raise Stale
    add_rows(session, JournalRow, [row] if row else [])
    return Kept(before.county, before.case_id, revision, before.digest, head, units)


def _moved(at: Kept, step: Step, act: Act) -> dict[str, Any]:
    ending = {"ended_at": act.at if step.ended else None, "ended_by": step.ended}
    return {"digest": at.digest, "state": step.state, **ending}


def _write(
    session: Session, kept: Kept, step: Step, act: Act, opened: Iterable[OpenTask], raised: OpenTask | None = None
) -> None:
    first = kept.revision == 1
    tasks = list(opened)
    add_rows(session, TaskRow, (_task(kept, task, act, completed=task is raised) for task in tasks))
    add_rows(
        session,
        OfferRow,
        [row for task in tasks if task is not raised and not task.is_optional for row in _offers(kept, task, act)],
    )
    renew_jobs(session, kept.county, kept.case_id, step, first=first)
    if step.may_await:
        renew_waits(session, kept.county, kept.case_id, step, act.at, first=first)
    throw(session, kept.county, kept.case_id, step.thrown, act.at)


def _offers(kept: Kept, task: OpenTask, act: Act) -> Iterator[dict[str, Any]]:
    for group in dict.fromkeys(task.groups):
        yield {
            "county": kept.county,
            "task_id": task.id,
            "post": group.post,
            "unit": group.unit,
            "case_id": kept.case_id,
            "until": task.due.at if task.due else FOREVER,
            "opened_at": act.at,
            "other_than": list(task.other_than),
        }


def _close_tasks(session: Session, kept: Kept, step: Step, act: Act) -> None:
    withdrawn = [closed.id for closed in step.closed if closed.how != "completed"]
    for closed in step.closed:
        if closed.how == "completed":
            here = {"in_county": kept.county, "its_id": closed.id}
            _CLOSE.send(session, {**here, "state": closed.how, "closed_at": act.at, "due_explained": [], **_done(act)})
            _CALL_OFF.send(session, here)
    if withdrawn:
        these = and_(_TASK.c.county == kept.county, _TASK.c.id.in_(withdrawn))
        session.execute(update(_TASK).where(these).values(state="withdrawn", closed_at=act.at, due_explained=[]))
        session.execute(delete(_OFFER).where(_OFFER.c.county == kept.county, _OFFER.c.task_id.in_(withdrawn)))
    if optional := [closed.id for closed in step.closed if closed.is_optional]:
        these = and_(_TASK.c.county == kept.county, _TASK.c.id.in_(optional))
        session.execute(update(_TASK).where(these).values(opened_at=act.at))  # nobody held it while it might be done


_UNDONE = {"closed_by": None, "outcome": None, "answers": None}


def _done(act: Act) -> dict[str, Any]:
    return {"closed_by": act.by, "outcome": act.outcome, "answers": act.answers}


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
        "groups": [[group.post, group.unit] for group in dict.fromkeys(task.groups)],
        "other_than": list(task.other_than),
        "process_values": task.values,
        "opened_at": act.at,
        "due_at": task.due.at if task.due else None,
        "due_explained": list(task.due.explanation) if task.due and not completed else [],
        "due_provisional": bool(task.due and task.due.provisional),
        "warn_at": task.warn.at if task.warn else None,
        "clock": list(task.clock.written()) if task.clock else None,
        "state": "completed" if completed else "optional" if task.is_optional else "open",
        "closed_at": act.at if completed else None,
        **(_done(act) if completed else _UNDONE),
    }
