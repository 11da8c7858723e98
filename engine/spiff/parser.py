"""Our parser on SpiffBpmnParser: same BPMN, but our task classes, our timers, and flows in the order of the file.

What people wrote into a node (`camunda:` attributes, inputs, outputs) is read once, by engine.model; each task spec
just gets its Element.
"""

from __future__ import annotations

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import EventBasedGatewayParser, EventDefinitionParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser, SubprocessParser
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import SpiffTaskParser

from engine.spiff.gateways import EndOfProcess, RoundParallelGateway, StrictExclusiveGateway, StrictInclusiveGateway
from engine.spiff.messages import FirstEventGateway, Message
from engine.spiff.tasks import AskVerb, CallProcess, Collection, DecideRule, EachAtOnce, EachInTurn, EmbeddedProcess
from engine.spiff.timers import CycleTimer, DueTimer

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
_LOOP = "./bpmn:multiInstanceLoopCharacteristics"


class _FileOrder:
    """Outgoing flows in the order of the file.

    The library sorts them by the height of the shapes they lead to, so that moving a shape in the picture could change
    which branch is taken (spiffworkflow.md §2.1).
    """

    def get_position(self, node: Any = None) -> dict[str, float]:
        """The same place for every node, so that the library's stable sort keeps the order of the file."""
        return {"x": 0.0, "y": 0.0}


class _Collected:
    """Multi-instance as Camunda's editor writes it: camunda:collection (FEEL) and camunda:elementVariable."""

    def _add_multiinstance_task(self, loop: Any) -> None:
        parser: Any = self
        original = parser.spec.task_specs.pop(parser.task.name)
        kind = EachInTurn if loop.get("isSequential") == "true" else EachAtOnce
        variable = loop.get(f"{CAMUNDA}elementVariable")
        condition = parser.xpath(f"{_LOOP}/bpmn:completionCondition")
        parser.task = kind(
            parser.spec,
            original.name,
            task_spec="",
            data_input=Collection(loop.get(f"{CAMUNDA}collection") or ""),
            input_item=TaskDataReference(variable) if variable else None,
            condition=condition[0].text if condition else None,
            description="Multiinstance",
            bpmn_name=original.bpmn_name,
        )
        parser._copy_task_attrs(original, loop)
        # connected here, not at run time: a case may be restored in a process that never started one
        original.completed_event.connect(parser.task.merge_child)


class TaskNode(_Collected, _FileOrder, SpiffTaskParser):
    """Any task."""


class RuleNode(TaskNode):
    """A business rule task."""

    @staticmethod
    def get_decision_ref(node: Any) -> str | None:
        """The table it asks; the library gathers these names while it parses."""
        name: str | None = node.get(f"{CAMUNDA}decisionRef")
        return name


class CallNode(TaskNode):
    """A call activity."""

    def create_task(self) -> Any:
        """The spec that calls the named process."""
        called = SubprocessParser.get_call_activity_spec(self)
        return self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=called, **self.bpmn_attributes)


class SubProcessNode(TaskNode):
    """An embedded sub-process."""

    def create_task(self) -> Any:
        """The spec that runs the embedded steps."""
        inner = SubprocessParser.get_subprocess_spec(self)
        return self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=inner, **self.bpmn_attributes)


class GatewayNode(_FileOrder, GatewayParser):
    """A gateway without conditions."""


class ConditionalGatewayNode(_FileOrder, ConditionalGatewayParser):
    """A gateway with conditions."""


class _OwnEvents(_FileOrder):
    """Timers that take their time from the world of the step, and messages whose payload becomes variables."""

    def parse_message_event(self, event: Any) -> Any:
        """Our definition in place of the library's."""
        return Message(EventDefinitionParser.parse_message_event(self, event).name)

    def parse_timer_event(self, event: Any) -> Any:
        """Our definition in place of the library's."""
        definition = EventDefinitionParser.parse_timer_event(self, event)
        kind = CycleTimer if isinstance(definition, CycleTimerEventDefinition) else DueTimer
        return kind(definition.name, definition.expression, description=definition.description)


class EventGatewayNode(_OwnEvents, EventBasedGatewayParser):
    """An event-based gateway."""


class CountyParser(SpiffBpmnParser):
    """Parses the diagrams of one folder."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012  # the library declares and reads it as a plain class attribute
        **{
            tag: (type(f"Own{parser.__name__}", (_OwnEvents, parser), {}), spec)
            for tag, (parser, spec) in SpiffBpmnParser.OVERRIDE_PARSER_CLASSES.items()
            if issubclass(parser, EventDefinitionParser)
        },
        **{
            full_tag(tag): (TaskNode, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag(tag)][1])
            for tag in ("task", "userTask", "manualTask")
        },
        full_tag("userTask"): (TaskNode, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag("userTask")][1]),
        full_tag("serviceTask"): (TaskNode, AskVerb),
        full_tag("businessRuleTask"): (RuleNode, DecideRule),
        full_tag("callActivity"): (CallNode, CallProcess),
        full_tag("subProcess"): (SubProcessNode, EmbeddedProcess),
        full_tag("eventBasedGateway"): (EventGatewayNode, FirstEventGateway),
        full_tag("parallelGateway"): (GatewayNode, RoundParallelGateway),
        full_tag("exclusiveGateway"): (ConditionalGatewayNode, StrictExclusiveGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayNode, StrictInclusiveGateway),
    }


def parse(trees: dict[str, etree._Element]) -> dict[str, Any]:
    """Parse safe XML trees (file name → root) into process specs by process id, embedded sub-processes included."""
    parser = CountyParser()
    for file, root in trees.items():
        parser.add_bpmn_xml(root, filename=file)
    specs: dict[str, Any] = parser.find_all_specs()
    for spec in specs.values():
        spec.end.__class__ = EndOfProcess  # the library makes its own with every process and asks no one
    return specs
