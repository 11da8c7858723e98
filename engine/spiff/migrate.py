"""Hanging a running case on another version of its diagrams: what is done and open stays, what lies ahead is new.

The codec names task specs, so the same rows mean the other version's specs. What the library predicts of the way ahead
is dropped before and predicted anew after: it walks by its predictions, and would skip a step that they do not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.spiff import codec
from engine.spiff.instance import Instance
from engine.spiff.obstacles import ACTIVE, AHEAD, Obstacle, obstacles, stranded
from engine.spiff.program import Program
from engine.spiff.workflow import CaseWorkflow
from engine.world import World


@dataclass(frozen=True)
class Token:
    """Where a case stands: the element in its drawn process, and the names of the variables there."""

    process: str
    element: str
    names: frozenset[str]


def in_the_way(old: Program, state: bytes, new: Program, world: World) -> list[Obstacle]:
    """What keeps the case from moving as far as the drawing goes; nothing when it can."""
    case = codec.load(state, old, world)
    found = set(obstacles(case, new))
    if not found:
        found = set(stranded(_hung(state, old, new, world))) - set(stranded(case))
    return sorted(found)


def move(old: Program, state: bytes, new: Program, world: World) -> Instance:
    """The case on the other version; only for a case that nothing is in the way of."""
    return Instance.restore(new, codec.dump(_hung(state, old, new, world)), world)


def tokens(program: Program, state: bytes, world: World) -> Iterator[Token]:
    """Everywhere the case stands, except on embedded sub-processes: their insides say it more closely."""
    instance = Instance.restore(program, state, world)
    for tree in instance.workflow.trees():
        for task in tree.tasks.values():
            inner = instance.workflow.subprocesses.get(task.id)
            if not task.has_state(ACTIVE) or not hasattr(task.task_spec, "element"):
                continue
            if inner is None or inner.spec.name not in program.embedded:
                yield Token(instance.place(task)[0], task.task_spec.element.id, frozenset(task.data))


def _hung(state: bytes, old: Program, new: Program, world: World) -> CaseWorkflow:
    case = codec.load(state, old, world)
    for tree in case.trees():
        _forget_ahead(tree)
    moved = codec.load(codec.dump(case), new, world)
    for tree in moved.trees():
        for task in [task for task in tree.tasks.values() if task.has_state(ACTIVE)]:
            _look_ahead(task)
    return moved


def _forget_ahead(tree: Any) -> None:
    for task in [task for task in tree.tasks.values() if task.has_state(AHEAD)]:
        if task.id in tree.tasks:
            tree._remove_task(task.id)


def _look_ahead(task: Any) -> None:
    """Predict what follows; what follows a boundary event may never come, and an inclusive join must know that."""
    task.task_spec._predict_hook(task)
    for child in [child for child in task.children if child.has_state(AHEAD)]:
        if isinstance(task.task_spec, BoundaryEvent):
            child._set_state(TaskState.MAYBE)
        child.task_spec._predict(child, mask=AHEAD)
