"""What of a running case stands in the way of moving it to another version of its diagrams.

What a case has reached must be there, of the same kind and in the same surroundings, or the engine would skip a step,
wait for ever, or lose work that a department has done (spiffworkflow.md §5 says which changes do that).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Element
from engine.spiff.gateways import RoundParallelGateway
from engine.spiff.program import Program
from engine.spiff.workflow import CaseWorkflow

ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
AHEAD = TaskState.FUTURE | TaskState.PREDICTED_MASK


@dataclass(frozen=True, order=True)
class Obstacle:
    """An element (id, and its name on the diagram) and why the case cannot move because of it, in Chinese."""

    element: str
    name: str
    why: str


def obstacles(case: CaseWorkflow, new: Program) -> Iterator[Obstacle]:
    """Everything in what the case has reached that the other version would lose, move or strand."""
    for tree in case.trees():
        spec = new.specs.get(tree.spec.name)
        if spec is None:
            owner = case.find_task(tree.parent_task_id) if tree is not case else None
            yield _obstacle(owner.task_spec if owner else tree.spec, "所在的流程在新版本里没有了")
            continue
        for task in tree.tasks.values():
            if not task.has_state(AHEAD):
                yield from _about(task, spec.task_specs.get(task.task_spec.name), spec)


def stranded(case: CaseWorkflow) -> Iterator[Obstacle]:
    """Parallel joins that would wait for ever: for a branch that no token of the case can come through any more."""
    for tree in case.trees():
        active = {task.task_spec.name for task in tree.tasks.values() if task.has_state(ACTIVE)}
        for join in tree.spec.task_specs.values():
            if isinstance(join, RoundParallelGateway) and len(join._inputs) > 1 and _starves(join, tree, active):
                yield _obstacle(join, "要等的分支在新版本里变了，已经走过的分支补不上，会一直等下去")


def _about(task: Any, other: Any, spec: Any) -> Iterator[Obstacle]:
    active = task.has_state(ACTIVE)
    if other is None:
        yield _obstacle(task.task_spec, "正在办理，新版本里没有了" if active else "已经办过，新版本里没有了")
    elif _kind(other) != _kind(task.task_spec):
        yield _obstacle(task.task_spec, "在新版本里变成了另一种步骤")
    elif active:
        yield from _about_active(task, other, spec)


def _about_active(task: Any, other: Any, spec: Any) -> Iterator[Obstacle]:
    here = task.task_spec
    if isinstance(here, CatchingEvent) and _awaited(here) != _awaited(other):
        yield _obstacle(here, "正在计时或等待，新版本改了它等的是什么，已经开始的时限会变")
    if isinstance(here, SubWorkflowTask) and here.spec != other.spec:
        yield _obstacle(here, "里面正在办理，新版本换了里面的流程，已办的工作会丢失")
    if isinstance(here, MultiInstanceTask) and _repeated(here) != _repeated(other):
        yield _obstacle(here, "正在逐个办理，新版本改了名单，已办的工作会丢失")
    if _border(here, task.workflow.spec) != _border(other, spec):
        yield _obstacle(here, "正在办理，新版本增减了它边上的事件")


def _kind(spec: Any) -> tuple[type, str]:
    element: Element | None = getattr(spec, "element", None)
    return type(spec), element.kind if element else ""


def _awaited(spec: Any) -> tuple[object, ...]:
    """What a catching event, or an event-based gateway for those behind it, waits for."""
    caught: list[Element] = [each.element for each in (spec.outputs if isinstance(spec, EventBasedGateway) else [spec])]
    waits = [(each.events, each.properties.get("correlation_key")) for each in caught]
    return (*waits, getattr(spec, "cancel_activity", None))


def _repeated(spec: Any) -> tuple[str, str]:
    several = spec.element.multi_instance
    return several.collection, several.element_variable


def _border(spec: Any, process: Any) -> frozenset[str]:
    split = process.task_specs.get(f"{spec.name}.BoundaryEventSplit")
    return frozenset(split._outputs) if split is not None else frozenset()


def _starves(join: RoundParallelGateway, tree: Any, active: set[str]) -> bool:
    """Whether the round that this join gathers, or will gather next, lacks an input that is not ahead of any token."""
    ahead = _reach(tree.spec, active - {join.name})
    waiting = [task for task in tree.tasks.values() if task.task_spec is join and task.has_state(ACTIVE)]
    if not waiting and join.name not in ahead:
        return False
    mine = join._round(waiting[0]) if waiting else _last_round(join, tree)
    arrived = {task.parent.task_spec.name for task in join._arrivals(waiting[0], mine)} if waiting else set()
    demanded = join._reach(tree.spec.start.name if mine is None else join.name)
    return bool((set(join._inputs) - arrived) & demanded - ahead)


def _last_round(join: RoundParallelGateway, tree: Any) -> Any:
    fired = (task for task in tree.tasks.values() if task.task_spec is join and task.has_state(TaskState.COMPLETED))
    return next(fired, None)


def _reach(spec: Any, origins: Iterable[str]) -> set[str]:
    todo = list(origins)
    seen = set(todo)
    while todo:
        for name in spec.task_specs[todo.pop()]._outputs:
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return seen


def _obstacle(spec: Any, why: str) -> Obstacle:
    element: Element | None = getattr(spec, "element", None)
    drawn = element.id if element else spec.name.partition(".")[0]
    return Obstacle(drawn, (element.name if element else "") or getattr(spec, "bpmn_name", None) or drawn, why)
