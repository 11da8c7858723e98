"""What tasks do when the token reaches them: wait for a person, ask for a verb, decide by table."""

from __future__ import annotations

from typing import Any

from engine.spiff.expressions import DiagramFault, name_of
from engine.spiff.node import Node
from engine.values import plain


class UserTask(Node):
    """Waits for a person."""

    def __init__(self, wf_spec: Any, name: str, **given: Any) -> None:
        """A task the library does not run by itself."""
        super().__init__(wf_spec, name, manual=True, **given)


class AskVerb(Node):
    """A service task: asks the host for a named verb and waits for its answer (engine.run.Asked, answer, fail)."""

    asks = True

    def _run_hook(self, my_task: Any) -> None:
        inputs = {name: _value(text, my_task) for name, text in self.element.inputs.items()}
        my_task.workflow.top_workflow.asked.append((asking_key(my_task), self.element, inputs))


def asking_key(task: Any) -> str:
    """Names one asking of a verb for ever."""
    return f"{task.id}:{task.task_spec.element.id}"


class DecideRule(Node):
    """A business rule task: asks a decision table and keeps its answer in the result variable."""

    def _run_hook(self, my_task: Any) -> bool:
        asked = self.element.attributes
        try:
            decision = my_task.workflow.top_workflow.decisions[asked.get("decisionRef")]
        except KeyError as error:
            raise DiagramFault(where=name_of(my_task), why=f"没有名为“{asked.get('decisionRef')}”的决策") from error
        try:
            hits = decision.decide(my_task.data)
        except Exception as error:  # whatever the table stumbles over, the person must read where
            raise DiagramFault(where=name_of(my_task), why=f"决策表“{decision.name}”：{error}") from error
        my_task.data[asked.get("resultVariable", self.element.id)] = plain(self._shaped(hits, asked, my_task))
        return True

    @staticmethod
    def _shaped(hits: list[dict[str, object]], asked: Any, my_task: Any) -> object:
        shape = asked.get("mapDecisionResult", "resultList")
        if shape in ("resultList", "collectEntries"):
            return hits if shape == "resultList" else [next(iter(hit.values()), None) for hit in hits]
        if len(hits) != 1:
            raise DiagramFault(where=name_of(my_task), why=f"决策表应得出一个结果，实际得出 {len(hits)} 个")
        return hits[0] if shape == "singleResult" else next(iter(hits[0].values()), None)


def _value(text: str, task: Any) -> object:
    return task.workflow.script_engine.evaluate(task, text)
