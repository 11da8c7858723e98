"""Events that wait and events that are thrown; on a border they interrupt the activity, or come again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Element
from engine.spiff.expressions import DiagramFault, name_of
from engine.spiff.messages import KEYS, Named, send
from engine.spiff.node import Node
from engine.spiff.rising import Raised, rise
from engine.spiff.scopes import cancel_all
from engine.spiff.timers import Clock, due_again


@dataclass(frozen=True)
class ByPerson:
    """A person brings it about, by filling in the form of an optional task (decision 0028)."""


Trigger = Clock | Named | Raised | ByPerson

_HAPPENED, _DUE, _SINCE = "happened", "due", "since"


class CatchEvent(CatchingEvent, Node):
    """Waits for a timer, message or signal. `triggers` are by element: its own, or those behind an event gateway.

    Without triggers it lets the token pass: what it stands for has happened already.
    """

    def __init__(self, wf_spec: Any, name: str, **given: Any) -> None:
        """Nothing to wait for yet."""
        super().__init__(wf_spec, name, None, **given)
        self.triggers: dict[str, tuple[Element, Trigger]] = {}

    @property
    def is_optional(self) -> bool:
        """Whether it waits for a person."""
        return any(isinstance(trigger, ByPerson) for _, trigger in self.triggers.values())

    def _update_hook(self, my_task: Any) -> bool:
        Node._update_hook(self, my_task)
        if not self.triggers or _HAPPENED in my_task.internal_data:
            return True
        if not my_task.has_state(TaskState.WAITING):
            self.wait(my_task)
        return False

    def wait(self, my_task: Any) -> None:
        """Fix until when and under which key the token waits, from the variables it came with."""
        for id_, (_, trigger) in self.triggers.items():
            if isinstance(trigger, Clock):
                _arm(trigger, id_, my_task)
            elif isinstance(trigger, Named):
                my_task.internal_data.setdefault(KEYS, {})[id_] = trigger.arm(my_task)
        my_task._set_state(TaskState.WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)

    def happen(self, my_task: Any, element_id: str, outputs: dict[str, object]) -> None:
        """What the token waited for came, with these variables."""
        my_task.internal_data[_HAPPENED] = element_id
        my_task.data = my_task.data | outputs
        my_task._ready()

    def _run_hook(self, my_task: Any) -> bool:
        return True

    def _on_cancel(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)


class EventGateway(CatchEvent):
    """Waits for all the events behind it; the token goes on at the one that comes first."""

    def _next(self, my_task: Any) -> list[Any]:
        if not self.triggers:
            raise DiagramFault(where=name_of(my_task), why="网关后面没有可以等待的事件")
        return [self._wf_spec.task_specs[my_task.internal_data[_HAPPENED]]]


class Split(Node):
    """Stands before an activity with boundary events: the activity and its armed events are its children."""


class BoundaryEvent(CatchEvent):
    """An event on the border of an activity."""

    interrupting = True

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        if self.interrupting:
            for sibling in my_task.parent.children:
                if sibling is not my_task and (not _is_boundary(sibling) or _is_armed(sibling)):
                    sibling.cancel()
        else:
            self._arm_again(my_task)

    def _arm_again(self, my_task: Any) -> None:
        """It may come any number of times while the activity is open; a timer only if it is a cycle."""
        element_id, (_, trigger) = next(iter(self.triggers.items()))
        again = None
        if isinstance(trigger, Clock):
            now = my_task.workflow.top_workflow.world.now
            again = due_again(my_task.internal_data[_DUE][element_id], now, my_task)
            if again is None:
                return
        armed = my_task.parent._add_child(self, TaskState.FUTURE)
        armed.triggered = True
        if again is not None:
            armed.internal_data[_DUE] = {element_id: again}
        armed.task_spec._update(armed)


class ThrowEvent(Node):
    """An intermediate throw event, a send task, or an end event: it sends, raises, or does nothing but be passed."""

    what: Named | Raised | None = None

    def _run_hook(self, my_task: Any) -> bool:
        if isinstance(self.what, Named):
            send(self.what, self.element, my_task)
        elif self.what is not None:
            rise(self.what, my_task.workflow, my_task)
        return True


class TerminateEvent(Node):
    """A terminate end event: everything else in its scope ends with it."""

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)
        cancel_all(my_task.workflow)
        my_task.workflow.completed = True


def disarm(workflow: Any, task: Any) -> None:
    """An activity that is done takes its armed boundary events along."""
    for sibling in task.parent.children:
        if _is_boundary(sibling) and _is_armed(sibling):
            sibling.cancel()


def _arm(clock: Clock, id_: str, my_task: Any) -> None:
    my_task.internal_data.setdefault(_DUE, {}).setdefault(id_, clock.arm(my_task))
    if clock.is_reckoned:
        my_task.internal_data.setdefault(_SINCE, my_task.workflow.top_workflow.world.now.isoformat())


def recount_dues(my_task: Any) -> Iterator[str]:
    """Count again, by the calendar of this step's world, until when a token waits; the elements whose time moved.

    Only what FEEL said is counted again (`limit("respond")`), from the moment at which the token began to wait.
    """
    since, case = my_task.internal_data.get(_SINCE), my_task.workflow.top_workflow
    if since is None:
        return
    world = case.world
    case.world = replace(world, now=datetime.fromisoformat(since))
    for id_, (_, trigger) in my_task.task_spec.triggers.items():
        if isinstance(trigger, Clock) and trigger.is_reckoned:
            due, dues = trigger.arm(my_task), dues_of(my_task)
            if dues.get(id_) != due:
                dues[id_] = due
                yield id_
    case.world = world


def dues_of(task: Any) -> dict[str, Any]:
    """What the timers a token waits for keep, by element."""
    dues: dict[str, Any] = task.notes.get(_DUE, {})
    return dues


def _is_boundary(task: Any) -> bool:
    return isinstance(task.task_spec, BoundaryEvent)


def _is_armed(task: Any) -> bool:
    return bool(task._state == TaskState.WAITING)
