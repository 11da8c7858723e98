"""Messages: what comes from outside is handed to the node that waits for it, and becomes process variables there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent


class Message(MessageEventDefinition):
    """A message by its name. The library's own payload goes nowhere unless the diagram has the library's extensions."""

    def throw(self, my_task: Any) -> None:
        """Sent inside a case it only says that it came; process variables stay where they are."""
        my_task.workflow.top_workflow.catch(BpmnEvent(self, payload={}))


class FirstEventGateway(EventBasedGateway):
    """An event-based gateway that forgets, once it has chosen, what it chose by: objects that no codec knows."""

    def _run_hook(self, my_task: Any) -> bool:
        chosen: bool = super()._run_hook(my_task)
        my_task.internal_data.pop("seen_events", None)
        return chosen


def awaited_messages(tasks: Any) -> Iterator[Message]:
    """The messages that waiting tasks wait for, those behind event-based gateways included."""
    for task in tasks:
        definition = task.task_spec.event_definition
        several = isinstance(definition, MultipleEventDefinition)
        yield from (
            each for each in (definition.event_definitions if several else [definition]) if isinstance(each, Message)
        )
