"""What BPMN 2.0 has: every element of its schema, every event in every place it may stand, and what is combined."""

from __future__ import annotations

from importlib.resources import files

from lxml import etree

_XSD = "{http://www.w3.org/2001/XMLSchema}"

NEVER_WRITTEN = frozenset(
    {"activity", "artifact", "baseElement", "baseElementWithMixedContent", "callableElement", "catchEvent",
     "choreographyActivity", "conversationNode", "dataAssociation", "event", "expression", "flowElement", "flowNode",
     "gateway", "implicitThrowEvent", "loopCharacteristics", "rootElement", "throwEvent"}
)  # fmt: skip
"""Abstract elements of the schema: other elements stand in their place."""

# BPMN 2.0, table 10.93; where a place is not named for a trigger, the standard does not have it there
_PLACES = {
    "none": "start, throw, end",
    "message": "start, event sub-process, catch, boundary, boundary beside, throw, end",
    "timer": "start, event sub-process, catch, boundary, boundary beside",
    "error": "event sub-process, boundary, end",
    "escalation": "event sub-process, boundary, boundary beside, throw, end",
    "cancel": "boundary, end",
    "compensate": "event sub-process, boundary, throw, end",
    "conditional": "start, event sub-process, catch, boundary, boundary beside",
    "link": "catch, throw",
    "signal": "start, event sub-process, catch, boundary, boundary beside, throw, end",
    "terminate": "end",
    "multiple": "start, event sub-process, catch, boundary, boundary beside, throw, end",
    "parallel multiple": "start, event sub-process, catch, boundary, boundary beside",
}

COMBINATIONS = (
    "exclusive gateway in a loop",
    "parallel gateway in a loop",
    "parallel gateway entered by its own loop",
    "inclusive gateway in a loop",
    "inclusive gateway beside a slow branch",
    "event-based gateway: message and timer",
    "event-based gateway: two timers",
    "event-based gateway: signal",
    "event-based gateway: two ways into an event",
    "event-based gateway: parallel",
    "event-based gateway: instantiating",
    "several flows out of a task",
    "condition on a flow out of a task",
    "gateway without default",
    "conditions that overlap",
    "variable written on two branches",
    "lanes, nested, and in sub-processes",
    "sub-process in a loop",
    "sub-processes nested 50 deep",
    "event sub-process",
    "600 consecutive nodes",
    "loop of 1,000 rounds",
    "call activity: variables in and out",
    "call activity: process calls itself",
    "call activity: endless calls",
    "multi-instance: parallel",
    "multi-instance: sequential",
    "multi-instance: empty list",
    "multi-instance: completion condition",
    "multi-instance: nested",
    "multi-instance: of a sub-process",
    "multi-instance: of a service task",
    "multi-instance: in a loop",
    "multi-instance: one more while it runs",
    "multi-instance: one less while it runs",
    "multi-instance: interrupting timer",
    "multi-instance: interrupting message",
    "multi-instance: interrupting error",
    "multi-instance: interrupting escalation",
    "multi-instance: interrupting signal",
    "multi-instance: every instance escalates",
    "multi-instance: reminders",
    "multi-instance: collected output",
    "multi-instance: collected output that nothing writes",
    "multi-instance: cardinality, behaviour",
    "standard loop: condition, maximum, test before",
    "standard loop without maximum",
    "boundary timer on sub-process and call",
    "boundary cycle: one reminder after downtime",
    "boundary cycle: work for people behind it",
    "cycle elsewhere",
    "boundary message, signal, escalation: every time",
    "boundary error without interrupting",
    "boundary event on a running service task",
    "error from a called process",
    "error of a verb",
    "error that nobody catches",
    "error beside another activity",
    "escalation that nobody catches",
    "terminate in a sub-process",
    "terminate in a called process",
    "terminate in an instance",
    "message with correlation key",
    "message event with a form: an optional task",
    "message for one of several instances",
    "message payload: output parameters only",
    "signal to all",
    "message or signal start that sends itself",
    "data object shared by branches",
    "data object read by an event that waits",
    "data object read before it is written",
    "condition that is null or an error",
    "retry of a verb",
    "script, listener, program class",
    "event definition by reference",
    "event definition beside a process",
    "receive task that starts a process",
    "several tokens at once into or out of an activity",
    "multi-instance and standard loop on one activity",
    "timer with two times",
    "data inputs and outputs of an event",
    "extension that must be understood",
    "several plain start events",
    "node that leads nowhere",
    "node that nothing leads to",
    "instant without its offset from UTC",
    "call activity: process that is not there",
)


def elements() -> list[str]:
    """Every element of BPMN's schema that can be written in a file, as the library ships it."""
    folder = files("SpiffWorkflow.bpmn.parser").joinpath("schema")
    roots = [etree.fromstring(folder.joinpath(name).read_bytes()) for name in ("BPMN20.xsd", "Semantic.xsd")]
    names = (str(node.get("name")) for root in roots for node in root.iterchildren(f"{_XSD}element"))
    return [name for name in names if name not in NEVER_WRITTEN]


def events() -> list[str]:
    """Every trigger in every place, such as `message boundary beside` (beside: it does not interrupt)."""
    return [f"{trigger} {place}" for trigger, places in _PLACES.items() for place in places.split(", ")]


def everything() -> list[str]:
    """All that needs a proof or a rule."""
    return [*elements(), *events(), *COMBINATIONS]
