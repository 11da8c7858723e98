"""Gateways as BPMN says: joins that count one round at a time, and conditions that are true, false or a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway, ParallelGateway
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.util.task import TaskState

from engine.spiff.expressions import decide
from engine.values import differ


class Condition(Operator):
    """A FEEL condition on a flow that leaves a gateway."""

    def _matches(self, task: Any) -> bool:
        return decide(self.args[0], task)


class _Conditional:
    """Puts our condition in place of the library's, whose result may be anything."""

    def connect_outgoing_if(self, condition: str, task_spec: Any) -> None:
        self.connect_if(Condition(condition), task_spec)  # type: ignore[attr-defined]  # the gateway mixed in has it


class StrictExclusiveGateway(_Conditional, ExclusiveGateway):
    """Takes the first flow, in the order of the file, whose condition is true; else the default."""


class _Rounds:
    """Arrivals at a join, one round at a time, and the data they bring together."""

    def _joined(self, my_task: Any) -> dict[str, object]:
        """What a branch changed since it parted from the others wins over their stale copies."""
        joined: dict[str, object] = {}
        seen: set[Any] = set()
        for arrival in self._arrivals(my_task, self._round(my_task)):
            line = list(_line(arrival.parent))
            base: dict[str, object] = next((task.data for task in line if task in seen), {})
            branch = line[0].data
            joined |= {key: value for key, value in branch.items() if key not in base or differ(base[key], value)}
            seen.update(line)
        return joined

    def _arrivals(self, my_task: Any, mine: Any) -> Iterator[Any]:
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task.parent.state == TaskState.COMPLETED and self._round(task) is mine:
                yield task

    def _round(self, task: Any) -> Any:
        ancestor = task.parent
        while ancestor is not None and ancestor.task_spec is not self:
            ancestor = ancestor.parent
        return ancestor


class StrictInclusiveGateway(_Rounds, _Conditional, InclusiveGateway):
    """Takes every flow whose condition is true; else the default."""

    def _run_hook(self, my_task: Any) -> bool:
        """Join the branches' data and choose; the library's merge would let stale copies win, and change shared values."""
        my_task.data = self._joined(my_task)
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("No conditions satisfied on gateway", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class RoundParallelGateway(_Rounds, ParallelGateway):
    """A parallel join that stays right inside a rework loop.

    The library counts arrivals of earlier rounds too, so from the second round on it fires before all branches are in
    (spiffworkflow.md §2.1). Here an arrival counts only for its own round: the round is the nearest earlier firing of
    this same join. Round one waits for the inputs that can be reached from the start without passing the join, later
    rounds for those that can be reached from the join.
    """

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        mine = self._round(my_task)
        arrived = {task.parent.task_spec.name for task in self._arrivals(my_task, mine)}
        missing = set(self._inputs) - arrived
        if missing:
            missing &= self._reach(self._wf_spec.start.name if mine is None else self.name)
        return not missing

    def _run_hook(self, my_task: Any) -> bool:
        """Join the branches' data."""
        my_task.data = self._joined(my_task)
        return True

    def _reach(self, start: str) -> set[str]:
        seen, todo = set(), [start]
        while todo:
            for name in self._wf_spec.task_specs[todo.pop()]._outputs:
                if name != self.name and name not in seen:
                    seen.add(name)
                    todo.append(name)
        return seen


class EndOfProcess(_Rounds, _EndJoin):
    """Where a process has ended: once no token is left, with what its branches changed."""

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        return not any(
            task._state & TaskState.DEFINITE_MASK and task is not my_task and task.parent is not my_task
            for task in my_task.workflow.tasks.values()
        )

    def _run_hook(self, my_task: Any) -> bool:
        """Join the branches' data."""
        my_task.data = self._joined(my_task)
        my_task.workflow.data.update(my_task.data)
        return True


def _line(task: Any) -> Iterator[Any]:
    while task is not None:
        yield task
        task = task.parent
