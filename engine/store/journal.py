"""The journal's lines that follow from a Step, and those a command adds; each revision is linked to the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.step import OpenTask, Step
from engine.store.chain import link
from engine.store.tables import JournalRow

Values = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One line of the journal: a noun and a participle (`TaskOpened`), and what there is to say about it."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """Who did what when: `by` is a person's id, or None for the clock.

    `task_id`, `outcome` and `answers` (the form's, as plain JSON) when a task was done.
    """

    at: datetime
    by: str | None = None
    task_id: str | None = None
    outcome: str | None = None
    answers: Mapping[str, Any] | None = None
    facts: tuple[Fact, ...] = ()


def facts_of(step: Step, act: Act) -> Iterator[Fact]:
    """What a step says happened, in order."""
    if act.task_id and act.outcome:
        yield Fact("TaskCompleted", {"task": act.task_id, "outcome": act.outcome})
    yield from _withdrawn(step)
    yield from _sent(step)
    yield from _caught(step)
    yield from (task_opened(task) for task in step.opened if not task.is_optional)
    if step.ended:
        name = next((passed.name for passed in step.passed if passed.element == step.ended), "")
        yield Fact("CaseEnded", {"element": step.ended, "name": name})


def _withdrawn(step: Step) -> Iterator[Fact]:
    """Of optional tasks only those that were done are told: that one might have done them is the drawing's to say."""
    for closed in step.closed:
        if closed.how == "withdrawn" and not closed.is_optional:
            yield Fact("TaskWithdrawn", {"task": closed.id})


def _sent(step: Step) -> Iterator[Fact]:
    for asked in step.asked:
        yield Fact("VerbAsked", {"verb": asked.verb, "element": asked.element, "name": asked.name})
    for thrown in step.thrown:
        yield Fact("MessageThrown", {"kind": thrown.kind, "message": thrown.name, "key": thrown.key})


def _caught(step: Step) -> Iterator[Fact]:
    for passed in step.passed:
        if passed.kind in ("boundaryEvent", "intermediateCatchEvent"):
            yield Fact("EventCaught", {"element": passed.element, "name": passed.name, "branch": passed.branch})


def case_started(digest: str, **told: Any) -> Fact:
    """That a case began, on the folder with this digest: it stays on it until the journal says `CaseMigrated`."""
    return Fact("CaseStarted", {"digest": digest, **told})


def task_opened(task: OpenTask) -> Fact:
    """That a task opened, for whom."""
    groups = [f"{group.post}@{group.unit}" for group in task.groups]
    facts = {"task": task.id, "step": task.step, "name": task.name, "groups": groups, "branch": task.branch}
    return Fact("TaskOpened", facts)


def linked_row(key: Mapping[str, Any], previous: bytes, act: Act, facts: Iterable[Fact]) -> tuple[Values | None, bytes]:
    """The row of one revision, and the chain's new head; `key` holds county, case_id and revision.

    A revision without facts has no row and leaves the head where it was.
    """
    told = [[fact.name, jsonable(fact.facts)] for fact in facts]
    if not told:
        return None, previous
    row = {**key, "at": act.at, "by": act.by, "told": told}
    head = link(previous, row)
    return {**row, "link": head}, head


@dataclass(frozen=True)
class Line:
    """One line of a case's journal; the lines of a revision are numbered from 0."""

    case_id: str
    revision: int
    line: int
    at: datetime
    by: str | None
    fact: str
    facts: Mapping[str, Any]


def lines_in(rows: Iterable[JournalRow]) -> Iterator[Line]:
    """The lines of revisions, in the order of the rows."""
    for row in rows:
        for number, (fact, facts) in enumerate(row.told):
            yield Line(row.case_id, row.revision, number, row.at, row.by, fact, facts)


def jsonable(value: Any) -> Any:
    """Process variables as JSON for people and forms; exact numbers and dates as text."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
