"""Errors and escalations: they rise from where they are thrown to the nearest boundary event that catches them.

BPMN 2.0, 10.5.6 and 13.5.4: from a thrown event to the border of its scope, and on from scope to scope, calls included.
One boundary event reacts, one that names the code before one that catches all. The library instead looks for any
waiting event in the scope, so that an activity which runs beside the thrower could be interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.expressions import DiagramFault, name_of


@dataclass(frozen=True)
class Raised:
    """An error or escalation by its code; when it is caught, no code means any."""

    kind: str
    code: str

    def catches(self, thrown: Raised) -> bool:
        """Whether a boundary event for this reacts to what was thrown."""
        return self.kind == thrown.kind and self.code in ("", thrown.code)


def rise(thrown: Raised, scope: Any, thrower: Any) -> None:
    """Throw from inside a scope; an error that nobody catches is a fault, an escalation goes unheard."""
    if not caught_around(thrown, _owner(scope)) and thrown.kind == "error":
        raise DiagramFault(where=name_of(thrower), why=f"错误“{thrown.code}”没有边界事件接收")


def caught_around(thrown: Raised, activity: Any) -> bool:
    """Let the nearest boundary event on the activity, or on a scope around it, react; False when none does."""
    while activity is not None:
        catching = sorted(_armed_for(thrown, activity), key=lambda task: _trigger(task).code == "")
        if catching:
            catching[0].task_spec.happen(catching[0], next(iter(catching[0].task_spec.triggers)), {})
            return True
        activity = _owner(activity.workflow)
    return False


def _owner(scope: Any) -> Any:
    """The activity a scope belongs to; None for the main process."""
    return scope.owner if scope.parent_task_id else None


def _armed_for(thrown: Raised, activity: Any) -> Iterator[Any]:
    """The armed boundary events of an activity that catch this; those of an instance sit on its repetition."""
    while activity.triggered:
        activity = activity.parent
    for task in activity.parent.children:
        trigger = _trigger(task)
        if isinstance(trigger, Raised) and task.has_state(TaskState.WAITING) and trigger.catches(thrown):
            yield task


def _trigger(task: Any) -> Any:
    triggers = getattr(task.task_spec, "triggers", {})
    return next((trigger for _, trigger in triggers.values()), None)
