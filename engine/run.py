"""Running a case, as pure functions: (program, state, input, world) → Step. No database, no clock, no web.

A Step says everything that follows from one input: the new state, the tasks that opened and closed, what is due when,
what is awaited, which verbs were asked for, and whether the case ended. `engine.store.keep` writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Rejected
from engine.model.diagram import Element
from engine.model.retry_text import read_retry
from engine.spiff import holding
from engine.spiff.instance import Instance
from engine.spiff.messages import Named
from engine.spiff.program import Program
from engine.step import Asked, ClosedTask, Group, OpenTask, Passed, SpentStep, Step, Thrown, Timer, Wait, both
from engine.world import World

__all__ = [
    "AlreadyRunning", "Asked", "ClosedTask", "Group", "NoSuchStart", "NotAsked", "NotAwaited", "NotOpen", "NotRunning",
    "OpenTask", "Passed", "SeveralAwait", "SeveralRunning", "SpentStep", "State", "Step", "Thrown", "Timer", "Uncaught",
    "Wait",
    "add", "answer", "both", "complete", "deliver", "fail", "instances", "stands", "start", "tick", "trail", "withdraw",
]  # fmt: skip


class NotOpen(Rejected):
    """The task is not open (any more)."""

    code = "not_open"
    message = "这一步已经办理过，或者已不需要办理。"
    advice = "请回到待办列表，以最新的情况为准。"


class NotAwaited(Rejected):
    """The case does not wait for this message."""

    code = "not_awaited"
    message = "事项当前没有在等待“{message}”。"
    advice = "请核对事项的办理进度。"


class SeveralAwait(Rejected):
    """Several places of the case wait for this message, and only one may receive it."""

    code = "several_await"
    message = "事项中有 {count} 处在等待“{message}”，无法确定交给哪一处。"
    advice = "请流程管理员为等待的消息写明关联键（correlation_key）。"


class NoSuchStart(Rejected):
    """The process cannot be started like this."""

    code = "no_such_start_event"
    message = "流程“{process}”没有名为“{by}”的开始事件，或没有普通的开始事件。"
    advice = "请流程管理员核对流程图的开始事件。"


class NotAsked(Rejected):
    """No service task waits for this answer (any more)."""

    code = "not_asked"
    message = "流程已不再等待这项动作的结果。"
    advice = "无需处理：流程已经走到别处。"


class Uncaught(Rejected):
    """The verb failed with an error that no boundary event of the diagram catches."""

    code = "uncaught"
    message = "动作报出错误“{error}”，流程图中没有边界事件接收它。"
    advice = "请流程管理员在该服务任务上画出接收此错误的边界事件。"


class NotRunning(Rejected):
    """There is no such running instance of a multi-instance activity."""

    code = "not_running"
    message = "“{element}”没有正在进行的这一项，不能增加或撤回。"
    advice = "请以最新的办理进度为准。"


class SeveralRunning(Rejected):
    """The activity runs several times at once, so it is not clear which is meant."""

    code = "several_running"
    message = "“{element}”同时有几处在进行，无法确定是哪一处。"
    advice = "请指明所在的分支。"


class AlreadyRunning(Rejected):
    """An instance for this item is running already."""

    code = "already_running"
    message = "“{element}”已经有这一项在进行，不能重复增加。"
    advice = "请以最新的办理进度为准。"


State = bytes | Instance
"""Where a case stands: its bytes, or the live instance that the last Step left (used once, then it is spent)."""


def start(
    program: Program,
    process: str,
    values: Mapping[str, object],
    world: World,
    *,
    by: str = "",
    payload: Mapping[str, object] | None = None,
) -> Step:
    """Start a case of `process` with its first process variables; raises NoSuchStart, DiagramFault.

    `by`: the id of the message or signal start event that happened; "" for the plain one. Of its `payload` only what
    the start event names as output parameters enters the process.
    """
    instance = Instance.begin(program, process, world, values, by, payload or {})
    if instance is None:
        raise NoSuchStart(process=process, by=by)
    return _step(instance)


def complete(
    program: Program, state: State, task_id: str, answers: Mapping[str, object], outcome: str, world: World
) -> Step:
    """Complete an open user task with its form's answers and the outcome chosen; raises NotOpen, DiagramFault."""
    instance = _instance(program, state, world)
    if not instance.is_open(task_id):
        raise NotOpen
    instance.complete(task_id, {**answers, "outcome": outcome})
    return _step(instance)


def answer(program: Program, state: State, key: str, values: Mapping[str, object], world: World) -> Step:
    """The verb asked for under `key` is done; raises NotAsked, DiagramFault.

    `values` is what it gives back: seen by the service task's output parameters, and by nothing else.
    """
    instance = _instance(program, state, world)
    if not instance.answer(key, values):
        raise NotAsked
    return _step(instance)


def fail(program: Program, state: State, key: str, error: str, world: World) -> Step:
    """The verb asked for under `key` raised a declared business error: the nearest boundary event for its code reacts.

    Raises NotAsked, and Uncaught when the diagram has no such boundary event; the case stays as it was.
    """
    instance = _instance(program, state, world)
    caught = instance.fail(key, error)
    if caught is None:
        raise NotAsked
    if not caught:
        raise Uncaught(error=error)
    return _step(instance)


def deliver(
    program: Program,
    state: State,
    name: str,
    payload: Mapping[str, object],
    world: World,
    *,
    key: str = "",
    kind: str = "message",
) -> Step:
    """Deliver a message (to exactly one place) or a signal (to all) that the case waits for under this key.

    Of the payload only what the receiving element names as output parameters enters the process. Raises NotAwaited,
    SeveralAwait, DiagramFault.
    """
    instance = _instance(program, state, world)
    count = sum(wait[:3] == (kind, name, key) for wait in instance.waits())
    if not count:
        raise NotAwaited(message=name)
    if count > 1 and kind == "message":
        raise SeveralAwait(message=name, count=count)
    instance.deliver(kind, name, key, payload)
    return _step(instance)


def add(program: Program, state: State, element: str, item: object, world: World, *, within: str = "") -> Step:
    """One more instance, for `item`, of the running multi-instance activity `element` in the branch `within`.

    It begins at once, or after the others when they come in turn. Raises NotRunning, SeveralRunning, AlreadyRunning,
    DiagramFault.
    """
    instance = _instance(program, state, world)
    if not instance.add(_running(instance, element, within), item):
        raise AlreadyRunning(element=element)
    return _step(instance)


def withdraw(program: Program, state: State, element: str, item: object, world: World, *, within: str = "") -> Step:
    """Cancel the running instance of `item`: its open tasks are withdrawn, and the activity counts without it.

    When it was the last, the activity is done. Raises NotRunning, SeveralRunning, DiagramFault.
    """
    instance = _instance(program, state, world)
    if not instance.withdraw(_running(instance, element, within), item):
        raise NotRunning(element=element)
    return _step(instance)


def tick(program: Program, state: State, world: World) -> Step:
    """Let every timer that is due by `world.now` fire; nothing due changes nothing."""
    return _step(_instance(program, state, world))


def stands(program: Program, state: State, world: World) -> Step:
    """What stands in a case, as a Step in which nothing moves: no timer fires, due or not."""
    return _told(_instance(program, state, world))


def instances(program: Program, state: bytes, element: str, world: World) -> list[dict[str, object]]:
    """The variables of every instance of the multi-instance activities `element` that run, wherever they are drawn.

    Each has its item under the name the diagram gives it, and besides what the instance works with where it stands; one
    that ended has what it left to be collected. Those withdrawn are left out. Nothing moves.
    """
    return Instance.restore(program, state, world).instances(element)


def recount(program: Program, state: State, world: World) -> tuple[Step, tuple[str, ...]]:
    """Count again until when the case's timers wait, by the calendar of `world`; the ids of the elements that moved."""
    instance = _instance(program, state, world)
    moved = tuple(instance.recount())
    return _step(instance), moved


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


def _running(instance: Instance, element: str, within: str) -> Any:
    running = instance.repeating(element, within)
    if not running:
        raise NotRunning(element=element)
    if len(running) > 1:
        raise SeveralRunning(element=element)
    return running[0]


def _step(instance: Instance) -> Step:
    instance.advance()
    return _told(instance)


def _told(instance: Instance) -> Step:
    before, now = instance.before, instance.standing()
    timers, waited = tuple(Timer(*timer) for timer in now.timers), frozenset(before.timers)
    may_await = instance.workflow.home[0] in instance.program.awaiting
    return Step(
        opened=tuple(_opened(task, instance) for key, task in now.open.items() if key not in before.open),
        closed=tuple(_closed(key, task, instance) for key, task in before.open.items() if key not in now.open),
        open_ids=frozenset(now.open),
        timers=timers,
        fresh_timers=tuple(timer for timer, told in zip(timers, now.timers, strict=True) if told not in waited),
        awaited=tuple(Wait(*wait) for wait in instance.waits()) if may_await else (),
        may_await=may_await,
        asked=tuple(_asked(*asked) for asked in instance.workflow.asked if asked[0] in now.asking),
        asking=now.asking,
        unasked=before.asking - now.asking,
        thrown=tuple(_thrown(*thrown) for thrown in instance.workflow.thrown),
        passed=tuple(
            Passed(element.id, element.name, element.kind, process, branch)
            for element, process, branch in instance.workflow.passed
        ),
        went=tuple(instance.workflow.went),
        ended=instance.ended(),
        live=instance,
        turn=instance.turn,
    )


def _closed(key: str, task: Any, instance: Instance) -> ClosedTask:
    how = "completed" if key == instance.completed_id else "withdrawn"
    return ClosedTask(key, how, instance.element(task).is_optional)


def _asked(key: str, element: Element, inputs: Mapping[str, object]) -> Asked:
    retry = read_retry(element.retry) if element.retry else None
    return Asked(key, element.attributes.get("topic", ""), element.id, element.name, inputs, retry)


def _thrown(task_id: str, what: Named, key: str, element: Element, values: Mapping[str, object]) -> Thrown:
    return Thrown(f"{task_id}:{element.id}", what.kind, what.name, key, element.id, values)


def _opened(task: Any, instance: Instance) -> OpenTask:
    element = instance.element(task)
    groups = tuple(Group(post, unit) for post, unit in holding.groups(task))
    due, warn, clock = holding.clocks(task, groups[0].unit if groups else "")
    process, branch = instance.place(task)
    return OpenTask(
        id=instance.key(task),
        step=element.id,
        name=element.name,
        process=process,
        branch=branch,
        groups=groups,
        form=element.attributes.get("formKey", element.id),
        other_than=_names(element.properties.get("other_than", "")),
        due=due,
        warn=warn,
        clock=clock,
        values=instance.values(task),
        is_optional=element.is_optional,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
