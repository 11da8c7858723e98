"""Hanging a running case on another version of its diagrams: its rows name nodes, and are read with the other's.

Nothing is predicted (decision 0012), so what lies ahead of a case is the new drawing and nothing else. What the case
can forget (decision 0021) it forgets first, so that only what it still needs has to be found there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from SpiffWorkflow.util.task import TaskState

from engine.spiff import codec
from engine.spiff.history import forget_history
from engine.spiff.instance import Instance
from engine.spiff.obstacles import Obstacle, obstacles, stranded
from engine.spiff.program import Program
from engine.spiff.workflow import CaseWorkflow
from engine.world import World


@dataclass(frozen=True)
class Place:
    """Where a case stands: the element in its drawn process, and the names of the variables there."""

    process: str
    element: str
    names: frozenset[str]


def in_the_way(old: Program, state: bytes, new: Program, world: World) -> list[Obstacle]:
    """What keeps the case from moving as far as the drawing goes; nothing when it can."""
    case = _without_history(old, state, world)
    found = set(obstacles(case, new))
    if not found:
        found = set(stranded(codec.load(codec.dump(case), new, world))) - set(stranded(case))
    return sorted(found)


def move(old: Program, state: bytes, new: Program, world: World) -> Instance:
    """The case on the other version; only for a case that nothing is in the way of."""
    return Instance.restore(new, codec.dump(_without_history(old, state, world)), world)


def places(program: Program, state: bytes, world: World) -> Iterator[Place]:
    """Everywhere the case stands, except on embedded sub-processes: their insides say it more closely."""
    instance = Instance.restore(program, state, world)
    case = instance.workflow
    for token in case.tokens.values():
        inner = case.subprocesses.get(token.id)
        if not token._state & TaskState.NOT_FINISHED_MASK or not hasattr(token.task_spec, "element"):
            continue
        if inner is None or inner.spec.name not in program.embedded:
            yield Place(instance.place(token)[0], token.task_spec.element.id, frozenset(token.carried))


def _without_history(program: Program, state: bytes, world: World) -> CaseWorkflow:
    case = codec.load(state, program, world)
    for tree in case.trees():
        forget_history(tree)
    return case
