"""What one input of a case led to: tasks that opened and closed, what is due, awaited, asked for, sent and passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from engine.model.retry_text import Retry
from engine.spiff.instance import Instance
from engine.time import Clock, Deadline


class Group(NamedTuple):
    """Who may hold a task: a post at a unit."""

    post: str
    unit: str


@dataclass(frozen=True)
class OpenTask:
    """A user task that opened in this step.

    `is_optional`: nobody need do it; it stands for an event that a person may bring about (decision 0028). `id` is
    stable for its life; `process` is where it is drawn and `branch` the call it belongs to ("" in the main
    process); `values` are the process variables its form may use; `clock` is what `due` follows from.
    """

    id: str
    step: str
    name: str
    process: str
    branch: str
    groups: tuple[Group, ...]
    form: str
    other_than: tuple[str, ...]
    due: Deadline | None
    warn: Deadline | None
    clock: Clock | None
    values: Mapping[str, object]
    is_optional: bool = False


class ClosedTask(NamedTuple):
    """A user task that is no longer open: completed, or withdrawn because the diagram moved on without it."""

    id: str
    how: str
    is_optional: bool = False


class Timer(NamedTuple):
    """A BPMN timer that waits: when it must be ticked."""

    task_id: str
    element: str
    due_at: datetime


@dataclass(frozen=True)
class Asked:
    """A verb a service task asked for, with its inputs; the task waits until `answer` or `fail` with this `key`.

    `retry`: how to try again when the verb breaks, as the step says (camunda:failedJobRetryTimeCycle); None: as always.
    """

    key: str
    verb: str
    element: str
    name: str
    inputs: Mapping[str, object]
    retry: Retry | None


class Wait(NamedTuple):
    """A message or signal (`kind`) the case waits for, at `element`; `key` is "" when the element asks for none."""

    kind: str
    name: str
    key: str
    element: str
    task_id: str


@dataclass(frozen=True)
class Thrown:
    """A message or signal that leaves the case. `id` names it for ever; `values` are its input parameters.

    A signal has been caught by this case already; other cases are the host's to tell.
    """

    id: str
    kind: str
    name: str
    key: str
    element: str
    values: Mapping[str, object]


class Passed(NamedTuple):
    """A flow node the case passed in this step (for the journal and the drawing)."""

    element: str
    name: str
    kind: str
    process: str
    branch: str


@dataclass(frozen=True)
class Step:
    """What one input led to. `open_ids` are all tasks open now; `ended` names the end event when the case ended.

    `timers` are all that wait, `fresh_timers` those that did not before. `asked` are the verbs newly asked for,
    `asking` the keys of all service tasks that wait now, `unasked` of those that waited before and no longer do.
    `went` are the flows it took: (process, source id, target id); the source is "" where a process begins.
    `may_await` is false for processes that draw no messages: then there are no waits to renew.
    """

    opened: tuple[OpenTask, ...]
    closed: tuple[ClosedTask, ...]
    open_ids: frozenset[str]
    timers: tuple[Timer, ...]
    fresh_timers: tuple[Timer, ...]
    awaited: tuple[Wait, ...]
    may_await: bool
    asked: tuple[Asked, ...]
    asking: frozenset[str]
    unasked: frozenset[str]
    thrown: tuple[Thrown, ...]
    passed: tuple[Passed, ...]
    went: tuple[tuple[str, str, str], ...]
    ended: str | None
    live: Instance = field(compare=False, repr=False)
    turn: int = field(compare=False, repr=False)

    @property
    def moved(self) -> bool:
        """Whether anything came of the input at all."""
        return any((self.opened, self.closed, self.fresh_timers, self.asked, self.unasked, self.thrown, self.passed))

    @cached_property
    def state(self) -> bytes:
        """The case as bytes, made when first asked for; raises SpentStep once the live case has gone on without it."""
        if self.live.turn != self.turn:
            raise SpentStep
        return self.live.dump()


class SpentStep(RuntimeError):
    """The bytes of a step were asked for after its live case had taken the next one."""


def both(first: Step, second: Step) -> Step:
    """Two steps as one: what stands after both, and all that was asked, sent and passed on the way."""
    born = {task.id for task in first.opened}
    return replace(
        second,
        opened=(*(task for task in first.opened if task.id in second.open_ids), *second.opened),
        closed=(*first.closed, *(closed for closed in second.closed if closed.id not in born)),
        fresh_timers=tuple(timer for timer in (*first.fresh_timers, *second.fresh_timers) if timer in second.timers),
        asked=(*first.asked, *second.asked),
        unasked=first.unasked | second.unasked - {asked.key for asked in first.asked},
        thrown=(*first.thrown, *second.thrown),
        passed=(*first.passed, *second.passed),
        went=(*first.went, *second.went),
    )
