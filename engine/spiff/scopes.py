"""Sub-processes and called processes: scopes with tokens of their own, which begin and end with an activity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Passing
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.spiff.node import Node

DEEPEST, MOST_SCOPES = 100, 5_000

_BEGINS = "begins"


class _Scope(SubWorkflowTask, Node):
    """An activity with a tree of tokens of its own."""

    def start_workflow(self, my_task: Any) -> None:
        """Begin the tree; calls that go too deep, or multiply without end, are a fault before memory is gone."""
        top = my_task.workflow.top_workflow
        if self.spec not in top.subprocess_specs:
            raise DiagramFault(where=name_of(my_task), why=f"没有名为“{self.spec}”的流程")
        if my_task.workflow.depth >= DEEPEST or len(top.subprocesses) >= MOST_SCOPES:
            raise DiagramFault(
                where=name_of(my_task), why=f"调用超过 {DEEPEST} 层或 {MOST_SCOPES} 个，流程可能在无尽地调用自己"
            )
        tree = top.create_subprocess(my_task, self.spec)
        tree.completed_event.connect(self._on_subworkflow_completed, my_task)
        tree.task_tree.data = self._given(my_task)
        tree.task_tree.run()

    def _on_subworkflow_completed(self, tree: Any, my_task: Any) -> None:
        """Take back what the tree gives; an activity that was interrupted from inside stays as it is."""
        if not my_task.has_state(TaskState.FINISHED_MASK):
            my_task.data = self._taken_back(my_task, tree.last_task.data)
            my_task._set_state(TaskState.READY)

    def _on_cancel(self, my_task: Any) -> None:
        tree = my_task.workflow.top_workflow.subprocesses.get(my_task.id)
        if tree is not None:
            break_off(tree)

    def _given(self, my_task: Any) -> dict[str, object]:
        """The variables the tree begins with."""
        return dict(my_task.data)

    def _taken_back(self, my_task: Any, last: dict[str, object]) -> dict[str, object]:
        """The variables the activity ends with."""
        raise NotImplementedError


class SubProcess(_Scope):
    """An embedded sub-process: it sees and changes the variables of the process around it.

    Its output parameters are evaluated when it is done; of an instance of several only they come back.
    """

    def _taken_back(self, my_task: Any, last: dict[str, object]) -> dict[str, object]:
        world, where = my_task.workflow.top_workflow.world, name_of(my_task)
        outputs = self.element.outputs.items()
        return last | {name: evaluate(text, last, world=world, where=where) for name, text in outputs}


class CallProcess(_Scope):
    """A call activity: only what camunda:in and camunda:out name crosses the border."""

    def _given(self, my_task: Any) -> dict[str, object]:
        return _passed(self.element.ins, my_task, my_task.data)

    def _taken_back(self, my_task: Any, last: dict[str, object]) -> dict[str, object]:
        return my_task.data | _passed(self.element.outs, my_task, last)


class Start(Node):
    """The library's node before the start events: one of them gets the token."""

    def begin_by(self, my_task: Any, element_id: str) -> bool:
        """Choose the start event: the one of this id, or for "" the plain one, or else the only one; False if none."""
        starts = [spec.element for spec in self.outputs]
        plain = [start for start in starts if not start.events] or (starts if len(starts) == 1 else [])
        chosen = [start for start in starts if start.id == element_id] if element_id else plain
        if chosen:
            my_task.internal_data[_BEGINS] = chosen[0].id
        return bool(chosen)

    def _next(self, my_task: Any) -> list[Any]:
        if _BEGINS not in my_task.internal_data and not self.begin_by(my_task, ""):
            raise DiagramFault(where=my_task.workflow.spec.name, why="没有普通的开始事件，无法调用")
        return [self._wf_spec.task_specs[my_task.internal_data[_BEGINS]]]


class End(Node):
    """The library's last node: reaching it completes the tree."""


def break_off(tree: Any) -> None:
    """Cancel everything unfinished in a tree and in the trees inside."""
    tree.success, tree.completed = False, True
    cancel_all(tree)


def cancel_all(tree: Any) -> None:
    """Cancel every unfinished task of a tree."""
    for task in list(tree.tasks.values()):
        if task.id in tree.tasks and not task.has_state(TaskState.FINISHED_MASK):
            task.cancel()


def _passed(passings: Iterable[Passing], task: Any, values: dict[str, Any]) -> dict[str, object]:
    """The variables that cross a call's border: everything, one by name, or one by expression."""
    world, where = task.workflow.top_workflow.world, name_of(task)
    passed: dict[str, object] = {}
    for each in passings:
        text = each.expression or each.source
        passed |= values if each.everything else {each.target: evaluate(text, values, world=world, where=where)}
    return passed
