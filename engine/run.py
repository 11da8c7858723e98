"""Running a case, as pure functions: (program, state, input, world) → Step. No database, no clock, no web.

A Step says everything that follows from one input: the new state, the tasks that opened and closed, what is due when,
what is awaited, which verbs were asked for, and whether the case ended. `engine.store.keep` writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.errors import Rejected
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from engine.time import Deadline
from engine.world import World


class NotOpen(Rejected):
    """The task is not open (any more)."""

    code = "not_open"
    message = "这一步已经办理过，或者已不需要办理。"
    advice = "请回到待办列表，以最新的情况为准。"


class NotAsked(Rejected):
    """No service task waits."""

    code = "not_asked"


class Uncaught(Rejected):
    """No boundary event catches this error."""

    code = "uncaught"


class NotAwaited(Rejected):
    """The case does not wait for this message."""

    code = "not_awaited"
    message = "事项当前没有在等待“{message}”。"
    advice = "请核对事项的办理进度。"


@dataclass(frozen=True)
class Group:
    """Who may hold a task: a post at a unit."""

    post: str
    unit: str


@dataclass(frozen=True)
class OpenTask:
    """A user task that opened in this step.

    `id` is stable for its life; `process` is where it is drawn and `branch` the call it belongs to ("" in the main
    process); `values` are the process variables its form may use.
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
    values: Mapping[str, object]


@dataclass(frozen=True)
class ClosedTask:
    """A user task that is no longer open: completed, or withdrawn because the diagram moved on without it."""

    id: str
    how: str


@dataclass(frozen=True)
class Timer:
    """A BPMN timer that waits: when it must be ticked."""

    task_id: str
    element: str
    due_at: datetime


@dataclass(frozen=True)
class Wait:
    """A message or signal that a token waits for."""

    kind: str
    name: str
    key: str
    element: str
    task_id: str


@dataclass(frozen=True)
class Thrown:
    """A message or signal that leaves the case."""

    id: str
    kind: str
    name: str
    key: str
    element: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Retry:
    """How often a verb is tried, and after what time."""

    times: int
    every: timedelta


@dataclass(frozen=True)
class Asked:
    """A verb a service task asked for, with its inputs; `key` makes it idempotent."""

    key: str
    verb: str
    element: str
    name: str
    inputs: Mapping[str, object]
    retry: Retry | None = None


@dataclass(frozen=True)
class Passed:
    """A flow node the case passed in this step (for the journal and the drawing)."""

    element: str
    name: str
    kind: str
    process: str
    branch: str


@dataclass(frozen=True)
class Step:
    """What one input led to. `open_ids` are all tasks open now; `ended` names the end event when the case ended.

    `may_await` is false for folders that draw no messages: then there are no waits to renew.
    """

    state: bytes
    opened: tuple[OpenTask, ...]
    closed: tuple[ClosedTask, ...]
    open_ids: frozenset[str]
    timers: tuple[Timer, ...]
    awaited: tuple[Wait, ...]
    may_await: bool
    asked: tuple[Asked, ...]
    passed: tuple[Passed, ...]
    ended: str | None
    thrown: tuple[Thrown, ...] = ()
    asking: frozenset[str] = frozenset()
    live: Instance | None = field(default=None, compare=False, repr=False)


def both(first: Step, second: Step) -> Step:
    """Two steps as one: what stands after both, and all that was asked and passed on the way."""
    born = {task.id for task in first.opened}
    return replace(
        second,
        opened=(*(task for task in first.opened if task.id in second.open_ids), *second.opened),
        closed=(*first.closed, *(closed for closed in second.closed if closed.id not in born)),
        thrown=(*first.thrown, *second.thrown),
        asked=(*first.asked, *second.asked),
        passed=(*first.passed, *second.passed),
    )


State = bytes | Instance
"""Where a case stands: its bytes, or the live instance that the last Step left (used once, then it is spent)."""


def start(program: Program, process: str, values: Mapping[str, object], world: World) -> Step:
    """Start a case of `process` with its first process variables."""
    instance = Instance.begin(program, process, world, values)
    instance.advance()
    return _step(instance)


def complete(
    program: Program, state: State, task_id: str, answers: Mapping[str, object], outcome: str, world: World
) -> Step:
    """Complete an open user task with its form's answers and the outcome chosen; raises NotOpen, DiagramFault."""
    instance = _instance(program, state, world)
    if not instance.is_open(task_id):
        raise NotOpen
    instance.complete(task_id, {**answers, "outcome": outcome})
    instance.advance()
    return _step(instance)


def resume(program: Program, state: State, world: World) -> Step:
    """What stands, without a move."""
    return _step(_instance(program, state, world))


def answer(program: Program, state: State, key: str, values: Mapping[str, object], world: World) -> Step:
    """STUB until the service task waits."""
    return resume(program, state, world)


def fail(program: Program, state: State, key: str, error: str, world: World) -> Step:
    """STUB until the service task waits."""
    raise Uncaught


def deliver(
    program: Program,
    state: State,
    message: str,
    payload: Mapping[str, object],
    world: World,
    *,
    key: str = "",
    kind: str = "message",
) -> Step:
    """Deliver a message the case waits for; its payload becomes process variables; raises NotAwaited."""
    instance = _instance(program, state, world)
    if not instance.deliver(message, payload):
        raise NotAwaited(message=message)
    instance.advance()
    return _step(instance)


def tick(program: Program, state: State, world: World) -> Step:
    """Let every timer that is due by `world.now` fire; nothing due changes nothing."""
    instance = _instance(program, state, world)
    instance.advance()
    return _step(instance)


def trail(program: Program, state: bytes, world: World) -> frozenset[tuple[str, str]]:
    """Which node of the main process led to which (source id, target id; "" before the start): for the drawing.

    What happened inside sub-processes that are finished is no longer told; their tasks' rows are.
    """
    return Instance.restore(program, state, world).trail()


def _instance(program: Program, state: State, world: World) -> Instance:
    if isinstance(state, bytes):
        return Instance.restore(program, state, world)
    state.wake(world)
    return state


def _step(instance: Instance) -> Step:
    program = instance.program
    tasks = instance.open_tasks()
    return Step(
        opened=tuple(_opened(task, instance) for key, task in tasks.items() if key not in instance.open_before),
        closed=tuple(
            ClosedTask(key, "completed" if key == instance.completed_id else "withdrawn")
            for key in instance.open_before
            if key not in tasks
        ),
        open_ids=frozenset(tasks),
        timers=tuple(Timer(*timer) for timer in instance.timers()),
        awaited=tuple(Wait("message", name, "", "", f"t{number}") for number, name in enumerate(instance.awaited())),
        may_await=program.awaits_messages,
        asked=tuple(
            Asked(f"{key}:{element.id}", element.attributes["topic"], element.id, element.name, inputs)
            for key, element, inputs in instance.workflow.asked
        ),
        passed=tuple(
            Passed(element.id, element.name, element.kind, process, branch)
            for element, process, branch in instance.passed()
        ),
        ended=instance.ended(),
        asking=frozenset(f"{key}:{element.id}" for key, element, _ in instance.workflow.asked),
        state=instance.dump(),
        live=instance,
    )


def _opened(task: object, instance: Instance) -> OpenTask:
    element = instance.element(task)
    due, warn = instance.clocks(task)
    process, branch = instance.place(task)
    return OpenTask(
        id=instance.key(task),
        step=element.id,
        name=element.name,
        process=process,
        branch=branch,
        groups=tuple(Group(post, unit) for post, unit in instance.groups(task)),
        form=element.attributes.get("formKey", element.id),
        other_than=_names(element.properties.get("other_than", "")),
        due=due,
        warn=warn,
        values=instance.values(task),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
