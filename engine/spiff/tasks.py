"""What our tasks do when the token reaches them: ask for a verb, decide by table, call a process, once per item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.spiff.specs.defaults import (
    CallActivity,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    SubWorkflowTask,
)
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Passing
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.values import plain


class AskVerb(SpiffBpmnTask):
    """A service task: asks the host to do a named verb; the Step carries what was asked (engine.run.Asked)."""

    def _run_hook(self, my_task: Any) -> bool:
        inputs = {name: _value(text, my_task) for name, text in self.element.inputs.items()}
        my_task.workflow.top_workflow.asked.append((my_task.id, self.element, inputs))
        return True


class DecideRule(SpiffBpmnTask):
    """A business rule task: asks a decision table and keeps its answer in the result variable."""

    def _run_hook(self, my_task: Any) -> bool:
        asked = self.element.attributes
        decision = my_task.workflow.top_workflow.decisions[asked["decisionRef"]]
        try:
            hits = decision.decide(my_task.data)
        except Exception as error:  # whatever the table stumbles over, the person must read where
            raise DiagramFault(where=name_of(my_task), why=f"决策表“{decision.name}”：{error}") from error
        my_task.data[asked["resultVariable"]] = plain(self._shaped(hits, asked, my_task))
        return True

    @staticmethod
    def _shaped(hits: list[dict[str, object]], asked: Any, my_task: Any) -> object:
        shape = asked.get("mapDecisionResult", "resultList")
        if shape in ("resultList", "collectEntries"):
            return hits if shape == "resultList" else [next(iter(hit.values()), None) for hit in hits]
        if len(hits) != 1:
            raise DiagramFault(where=name_of(my_task), why=f"决策表应得出一个结果，实际得出 {len(hits)} 个")
        return hits[0] if shape == "singleResult" else next(iter(hits[0].values()), None)


class CallProcess(CallActivity):
    """A call activity: only what camunda:in and camunda:out name crosses the border."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Hand the named values to the called process."""
        subworkflow.task_tree.set_data(**_passed(self.element.ins, my_task, name_of(my_task)))

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Take the named values back."""
        my_task.data |= _passed(self.element.outs, subworkflow.last_task, name_of(my_task))


class EmbeddedProcess(SubWorkflowTask):
    """An embedded sub-process: it works on the variables around it, which are shared and not copied."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Hand all variables in."""
        subworkflow.task_tree.set_data(**my_task.data)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Take all variables back."""
        my_task.data = dict(subworkflow.last_task.data)


class _OncePerItem:
    """Multi-instance over a FEEL collection: each instance gets its item; nothing leaks back but a named output.

    The library refuses a second visit in a loop because the item variable still stands; here it never enters the
    parent, so every round starts clean.
    """

    def create_child(self, my_task: Any, item: Any, key_or_index: Any = None) -> None:
        """Start one instance with its item as its own variable."""
        child_spec = my_task.workflow.spec.task_specs[self.task_spec]  # type: ignore[attr-defined]  # the mixed-in class has it
        child = my_task._add_child(child_spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data["key_or_index"] = key_or_index
        if self.input_item is not None:  # type: ignore[attr-defined]
            self.input_item.set(child, item)  # type: ignore[attr-defined]
        child.task_spec._update(child)

    def check_completion_condition(self, my_task: Any) -> bool:
        """Whether the collection may stop early, as the last instance to end sees it."""
        condition, done = self.condition, my_task.internal_data["merged"]  # type: ignore[attr-defined]
        if not condition or not done:
            return False
        last = next(child for child in my_task.children if str(child.id) == done[-1])
        values = {**last.data, **self._counters(my_task, last)}
        stop = evaluate(condition, values, world=my_task.workflow.top_workflow.world, where=name_of(my_task))
        if not isinstance(stop, bool):
            raise DiagramFault(where=name_of(my_task), why=f"完成条件“{condition}”的结果不是“是”或“否”")
        return stop

    def _counters(self, my_task: Any, last: Any) -> dict[str, int]:
        """BPMN's own counters of a multi-instance activity."""
        begun, done = list(self._instances(my_task)), len(my_task.internal_data["merged"])  # type: ignore[attr-defined]
        return {
            "nrOfInstances": len(begun) + len(my_task.internal_data.get("remaining", ())),
            "nrOfActiveInstances": len(begun) - done,
            "nrOfCompletedInstances": done,
            "loopCounter": last.internal_data["key_or_index"],
        }


class EachAtOnce(_OncePerItem, ParallelMultiInstanceTask):
    """All instances at the same time."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Note that one instance ended; of its data only named outputs come back."""
        _note_merged(child)
        parent = child.parent
        if self.check_completion_condition(parent):
            for instance in list(self._instances(parent)):
                instance.cancel()
            parent._set_state(TaskState.READY)
        elif self.children_complete(parent):
            parent._set_state(TaskState.READY)


class EachInTurn(_OncePerItem, SequentialMultiInstanceTask):
    """One instance after the other."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Note that one instance ended and start the next."""
        _note_merged(child)
        parent = child.parent
        if self.children_complete(parent) or self.check_completion_condition(parent):
            parent._set_state(TaskState.READY)
        else:
            self.add_next_child(parent)


class Collection(TaskDataReference):
    """A multi-instance collection given as a FEEL expression over the process variables."""

    def exists(self, my_task: Any) -> bool:
        """Always: a collection that cannot be evaluated is a fault of its own."""
        return True

    def get(self, my_task: Any) -> list[object]:
        """The items; anything but a list is a fault, and so is an item that is null."""
        items = _value(self.bpmn_id, my_task)
        if not isinstance(items, list) or None in items:
            raise DiagramFault(where=name_of(my_task), why=f"“{self.bpmn_id}”不是列表，或有空项，无法逐个办理")
        return items


def _passed(passings: Iterable[Passing], task: Any, where: str) -> dict[str, object]:
    """The variables that cross a call's border: everything, one by name, or one by expression."""
    world = task.workflow.top_workflow.world
    values: dict[str, object] = {}
    for each in passings:
        text = each.expression or each.source
        values |= task.data if each.everything else {each.target: evaluate(text, task.data, world=world, where=where)}
    return values


def _note_merged(child: Any) -> None:
    element = child.task_spec.element
    named = {*element.outputs, *(each.target for each in element.outs)}
    child.parent.data |= {name: value for name, value in child.data.items() if name in named}
    child.parent.internal_data["merged"].append(str(child.id))


def _value(text: str, task: Any) -> object:
    return task.workflow.script_engine.evaluate(task, text)
