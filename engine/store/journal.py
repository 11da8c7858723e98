"""The journal's lines that follow from a Step, and those a command adds; each revision is linked to the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.step import OpenTask, Step
from engine.store.chain import link

Line = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One line of the journal: a noun and a participle (`TaskOpened`), and what there is to say about it."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """Who did what when: `by` is a person's id, or None for the clock; `task_id` and `outcome` when a task was done."""

    at: datetime
    by: str | None = None
    task_id: str | None = None
    outcome: str | None = None
    facts: tuple[Fact, ...] = ()


def facts_of(step: Step, act: Act) -> Iterator[Fact]:
    """What a step says happened, in order."""
    if act.task_id and act.outcome:
        yield Fact("TaskCompleted", {"task": act.task_id, "outcome": act.outcome})
    yield from (Fact("TaskWithdrawn", {"task": closed.id}) for closed in step.closed if closed.how == "withdrawn")
    yield from _sent(step)
    yield from _caught(step)
    yield from map(task_opened, step.opened)
    if step.ended:
        name = next((passed.name for passed in step.passed if passed.element == step.ended), "")
        yield Fact("CaseEnded", {"element": step.ended, "name": name})


def _sent(step: Step) -> Iterator[Fact]:
    for asked in step.asked:
        yield Fact("VerbAsked", {"verb": asked.verb, "element": asked.element, "name": asked.name})
    for thrown in step.thrown:
        yield Fact("MessageThrown", {"kind": thrown.kind, "message": thrown.name, "key": thrown.key})


def _caught(step: Step) -> Iterator[Fact]:
    for passed in step.passed:
        if passed.kind in ("boundaryEvent", "intermediateCatchEvent"):
            yield Fact("EventCaught", {"element": passed.element, "name": passed.name, "branch": passed.branch})


def task_opened(task: OpenTask) -> Fact:
    """That a task opened, for whom."""
    groups = [f"{group.post}@{group.unit}" for group in task.groups]
    facts = {"task": task.id, "step": task.step, "name": task.name, "groups": groups, "branch": task.branch}
    return Fact("TaskOpened", facts)


def linked_lines(key: Line, previous: bytes, act: Act, facts: Iterable[Fact]) -> tuple[list[Line], bytes]:
    """The rows of one revision, and the chain's new head; `key` holds county, case_id, revision and digest.

    A revision without facts adds no row and leaves the head where it was.
    """
    lines = [{**key, "line": number, **_told(fact, act), "link": None} for number, fact in enumerate(facts)]
    if not lines:
        return [], previous
    head = link(previous, key["revision"], lines)
    lines[-1]["link"] = head
    return lines, head


def _told(fact: Fact, act: Act) -> Line:
    return {"at": act.at, "by": act.by, "fact": fact.name, "facts": jsonable(fact.facts)}


def jsonable(value: Any) -> Any:
    """Process variables as JSON for people and forms; exact numbers and dates as text."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
