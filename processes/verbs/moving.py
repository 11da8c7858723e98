"""What a verb that moves its own case is given, and what it is about: an activity and an item of its list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.run import AlreadyRunning, NotRunning, SeveralRunning
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from engine.step import Asked, Step
from engine.world import World
from processes.verbs.asking import BusinessError, misused


@dataclass(frozen=True)
class Moving:
    """One asking of a move: the case is alive, and nothing but the case is there to change."""

    program: Program
    live: Instance
    asked: Asked
    world: World


@dataclass(frozen=True)
class Move:
    """A verb that moves its own case and writes no rows, so that a story does it as a site does."""

    act: Callable[[Moving], Step]
    errors: frozenset[str] = frozenset()


class Change(Protocol):
    """One instance more or less: `engine.run.add`, `engine.run.withdraw`."""

    def __call__(
        self, program: Program, state: Instance, element: str, item: object, world: World, *, within: str
    ) -> Step:
        """What that led to; raises NotRunning, SeveralRunning, AlreadyRunning, DiagramFault."""


def change(moving: Moving, apply: Change) -> Step:
    """One instance more or less of the activity and for the item that the inputs name.

    Inputs: `activity`, the id of a multi-instance activity; `item`, the value of its collection; `within`, the branch
    in which it runs ("" is the main process), the service task's own when it is not given. What the engine refuses is
    a business error; raises VerbMisused for inputs that name nothing.
    """
    activity, item = moving.asked.inputs.get("activity"), moving.asked.inputs.get("item")
    within = moving.asked.inputs.get("within", moving.live.branch(moving.asked.key))
    if not isinstance(activity, str) or activity not in _repeated(moving.program):
        raise misused(moving.asked, "activity 应为流程图中逐个办理（多实例）的活动的编号")
    if item is None or not isinstance(within, str):
        raise misused(moving.asked, "item 应为列表中的一项，within 应为分支的编号")
    try:
        return apply(moving.program, moving.live, activity, item, moving.world, within=within)
    except (NotRunning, SeveralRunning, AlreadyRunning) as refused:
        raise BusinessError(refused.code, refused.sentence) from refused


def _repeated(program: Program) -> frozenset[str]:
    """The ids of all multi-instance activities that the folder draws."""
    elements = (element for process in program.definition.processes for element in process.elements)
    return frozenset(element.id for element in elements if element.multi_instance)
