"""Messages and signals: under which name and key a case waits for one, and which ones leave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Element
from engine.spiff.data import bring
from engine.spiff.expressions import DiagramFault, evaluate, name_of

KEYS, LONGEST_KEY = "keys", 200


@dataclass(frozen=True)
class Named:
    """What a catching event waits for: a message or signal by its name, and the FEEL text of its correlation key."""

    kind: str
    name: str
    key: str

    def arm(self, task: Any) -> str:
        """The correlation key, from the variables the token came with."""
        return correlation_key(self.key, task)


def named(element: Element) -> Named | None:
    """The message or signal an element waits for or sends; None when it does neither."""
    found = next((event for event in element.events if event.kind in ("message", "signal")), None)
    return Named(found.kind, found.name, element.correlation_key) if found else None


def correlation_key(text: str, task: Any) -> str:
    """The key as text: words as they are, numbers plainly (7, not 7.0); "" when no key is asked for."""
    if not text:
        return ""
    value = task.workflow.script_engine.evaluate(task, text)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
        raise DiagramFault(where=name_of(task), why=f"关联键“{text}”应得出文字或数字，实际是“{value}”")
    key = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
    if len(key) > LONGEST_KEY:
        raise DiagramFault(where=name_of(task), why=f"关联键“{text}”的值超过 {LONGEST_KEY} 个字")
    return key


def waiting(case: Any) -> Iterator[tuple[Any, Element, Named, str]]:
    """(task, element, what, key) of every message and signal the case waits for, behind event gateways too."""
    for task in list(case.event_manager.tasks.values()):
        for id_, (element, trigger) in task.task_spec.triggers.items():
            if isinstance(trigger, Named):
                yield task, element, trigger, task.notes[KEYS][id_]


def receive(case: Any, kind: str, name: str, key: str, payload: dict[str, object]) -> None:
    """Hand a message or signal to all that wait for it under this key.

    What one of them interrupts does not get it any more.
    """
    found = [each for each in waiting(case) if (each[2].kind, each[2].name, each[3]) == (kind, name, key)]
    for task, element, _, _ in found:
        if task.has_state(TaskState.WAITING):
            task.task_spec.happen(task, element.id, brought(element, payload, task))


def send(what: Named, element: Element, task: Any) -> None:
    """Let a message or signal leave the case; its input parameters are what it carries.

    A signal is caught at once by all that wait for it in this case; to tell other cases is the host's work.
    """
    case, where = task.workflow.top_workflow, name_of(task)
    payload = {name: evaluate(text, task.data, world=case.world, where=where) for name, text in element.inputs.items()}
    key = correlation_key(what.key, task)
    case.thrown.append((task.id, what, key, element, payload))
    if what.kind == "signal":
        receive(case, what.kind, what.name, key, payload)


def brought(element: Element, payload: dict[str, object], task: Any) -> dict[str, object]:
    """What of a payload becomes variables: the output parameters of the element that receives it, and nothing else.

    Data objects that the event reads are read now: it may have waited long, and others have written meanwhile.
    """
    bring(task.task_spec.reads, task)
    values, world, where = {**task.data, **payload}, task.workflow.top_workflow.world, element.name or element.id
    return {name: evaluate(text, values, world=world, where=where) for name, text in element.outputs.items()}
