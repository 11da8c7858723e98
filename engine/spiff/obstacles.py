"""What of a running case stands in the way of moving it to another version of its diagrams.

What a case has reached must be there, of the same kind and in the same surroundings, or it would wait for ever, or lose
work that a department has done (spiffworkflow.md §5 says which changes do that in the library).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import ACTIVITIES, Element
from engine.spiff.build import split_before
from engine.spiff.events import CatchEvent
from engine.spiff.gateways import Join, ParallelGateway, paths
from engine.spiff.program import Program
from engine.spiff.repetition import EachAtOnce, EachInTurn
from engine.spiff.scopes import CallProcess, SubProcess
from engine.spiff.workflow import CaseWorkflow

_STANDS = TaskState.NOT_FINISHED_MASK


@dataclass(frozen=True, order=True)
class Obstacle:
    """An element (id, and its name on the diagram) and why the case cannot move because of it, in Chinese."""

    element: str
    name: str
    why: str


def obstacles(case: CaseWorkflow, new: Program) -> Iterator[Obstacle]:
    """Everything in what the case has reached that the other version would lose, move or strand."""
    found = [obstacle for tree in case.trees() for obstacle in _in_tree(tree, new)]
    yield from found
    reached, told = {*case.trail.names()} - {*_drawn(new)}, {each.element for each in found}
    for element_id, element in _drawn(case.program).items():
        if element_id in reached - told and element.kind in ACTIVITIES:
            yield Obstacle(element_id, element.name or element_id, "已经办过，新版本里没有了")


def stranded(case: CaseWorkflow) -> Iterator[Obstacle]:
    """Joins that would wait for ever: for a branch by which no token of the case can come any more."""
    for tree in case.trees():
        for join in tree.spec.task_specs.values():
            if isinstance(join, Join) and _starves(join, tree):
                yield _obstacle(join, "要等的分支在新版本里变了，已经走过的分支补不上，会一直等下去")


def _in_tree(tree: Any, new: Program) -> Iterator[Obstacle]:
    spec = new.specs.get(tree.spec.name)
    if spec is None:
        yield _obstacle(tree.owner.task_spec if tree.parent_task_id else tree.spec, "所在的流程在新版本里没有了")
        return
    for token in tree.tasks.values():
        yield from _about(token, spec.task_specs.get(token.task_spec.name), spec)


def _about(token: Any, other: Any, spec: Any) -> Iterator[Obstacle]:
    stands = bool(token._state & _STANDS)
    if other is None:
        yield _obstacle(token.task_spec, "正在办理，新版本里没有了" if stands else "已经办过，新版本里没有了")
    elif _kind(other) != _kind(token.task_spec):
        yield _obstacle(token.task_spec, "在新版本里变成了另一种步骤")
    elif stands:
        yield from _about_standing(token, other, spec)


def _about_standing(token: Any, other: Any, spec: Any) -> Iterator[Obstacle]:
    here = token.task_spec
    if isinstance(here, CatchEvent) and _awaited(here) != _awaited(other):
        yield _obstacle(here, "正在计时或等待，新版本改了它等的是什么，已经开始的时限会变")
    if isinstance(here, SubProcess | CallProcess) and here.spec != other.spec:
        yield _obstacle(here, "里面正在办理，新版本换了里面的流程，已办的工作会丢失")
    if isinstance(here, EachAtOnce | EachInTurn) and _items(here) != _items(other):
        yield _obstacle(here, "正在逐个办理，新版本改了名单，已办的工作会丢失")
    if isinstance(here, EachAtOnce | EachInTurn) and _collects_anew(here, other):
        yield _obstacle(here, "正在逐个办理，新版本改了向每一份收集的结果，已办的几份里没有")
    if here.asks and _verb(here) != _verb(other):
        yield _obstacle(here, "正在由系统办理，新版本改了它要做的动作")
    if (here.reads, here.writes) != (other.reads, other.writes):
        yield _obstacle(here, "正在办理，新版本改了它读写的数据对象")
    if _border(here, token.workflow.spec) != _border(other, spec):
        yield _obstacle(here, "正在办理，新版本增减了它边上的事件")


def _kind(spec: Any) -> tuple[type, str]:
    element: Element | None = getattr(spec, "element", None)
    return type(spec), element.kind if element else ""


def _awaited(spec: CatchEvent) -> object:
    """What it waits for, by element: an event-based gateway does so for those behind it."""
    return {id_: trigger for id_, (_, trigger) in spec.triggers.items()}, getattr(spec, "interrupting", None)


def _items(spec: Any) -> tuple[str, str]:
    several = spec.element.multi_instance
    return several.collection, several.element_variable


def _collects_anew(here: Any, other: Any) -> bool:
    """Whether the other version collects what instances begun in this one were not told to leave."""
    before, after = here.element.multi_instance, other.element.multi_instance
    return bool(after.output_collection) and after.output_element != before.output_element


def _verb(spec: Any) -> str | None:
    topic: str | None = spec.element.attributes.get("topic")
    return topic


def _border(spec: Any, scope: Any) -> frozenset[str]:
    split = scope.task_specs.get(split_before(spec.name))
    return frozenset(split._outputs) if split is not None else frozenset()


def _starves(join: Join, tree: Any) -> bool:
    """Whether a token waits there on a flow that is no more, or the next round lacks one that is ahead of no token."""
    arrived, elsewhere = set[str](), set[str]()
    for token in tree.tasks.values():
        if token._state & _STANDS and token.task_spec is join:
            arrived.add(token.parent.task_spec.name)
        elif token._state & _STANDS:
            elsewhere |= paths(tree.spec.task_specs, token.task_spec.name, without={join.name})
    inputs = set(join._inputs)
    if not arrived <= inputs:
        return True
    comes = bool(arrived or inputs & elsewhere)
    return comes and isinstance(join, ParallelGateway) and not join.awaits(tree) <= arrived | elsewhere


def _drawn(program: Program) -> dict[str, Element]:
    return {element.id: element for process in program.definition.processes for element in process.elements}


def _obstacle(spec: Any, why: str) -> Obstacle:
    element: Element | None = getattr(spec, "element", None)
    drawn = element.id if element else spec.name.partition(".")[0]
    return Obstacle(drawn, (element.name if element else "") or getattr(spec, "bpmn_name", None) or drawn, why)
