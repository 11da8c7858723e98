"""Reads one flow node: its BPMN parts and what Camunda's modeler wrote beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from lxml import etree

from engine.model import tags
from engine.model.diagram import SUB_PROCESSES, Element, EventDefinition, MultiInstance, Passing, StandardLoop, Timer
from engine.model.tags import BPMN, CAMUNDA

References: TypeAlias = Mapping[str, tuple[str, str]]  # id → (name, code) of messages, signals, errors …

NOT_FLOW_NODES = frozenset(
    {
        "documentation", "extensionElements", "auditing", "monitoring", "incoming", "outgoing", "property",
        "ioSpecification", "dataInputAssociation", "dataOutputAssociation", "resourceRole", "performer",
        "humanPerformer", "potentialOwner", "supports", "correlationSubscription", "laneSet", "sequenceFlow",
        "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "completionCondition",
        "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group",
    }
)  # fmt: skip


def references_of(root: etree._Element) -> References:
    """The messages, signals, errors and escalations that the file declares, and the references to its data objects."""
    declared = {
        node.get("id", ""): (node.get("name", ""), node.get("errorCode") or node.get("escalationCode") or "")
        for node in tags.children(root)
        if tags.local_name(node) in {"message", "signal", "error", "escalation"}
    }
    objects = {
        node.get("id", ""): (node.get("dataObjectRef", ""), "") for node in root.iter(f"{BPMN}dataObjectReference")
    }
    return declared | objects


def elements_of(node: etree._Element, scope: str | None, references: References) -> Iterator[Element]:
    """The flow nodes in a process or sub-process, a sub-process before what is inside it.

    A tag that BPMN has but we do not know comes out as an element too, so that the linter can refuse it by name.
    """
    return (_element_of(child, inside, references) for child, inside in flow_nodes_of(node, scope))


def flow_nodes_of(node: etree._Element, scope: str | None) -> Iterator[tuple[etree._Element, str | None]]:
    """The XML nodes that are flow nodes, each with the sub-process it is in; not read yet, so cheap to count."""
    for child in tags.children(node):
        kind = tags.local_name(child)
        if kind in NOT_FLOW_NODES:
            continue
        yield child, scope
        if kind in SUB_PROCESSES:
            yield from flow_nodes_of(child, child.get("id", ""))


def properties_of(node: etree._Element) -> dict[str, str]:
    """The camunda:property values of a node, by name."""
    found = node.iterfind(f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property")
    return {item.get("name", ""): item.get("value", "") for item in found}


def extensions_of(node: etree._Element) -> frozenset[str]:
    """The tags of everything inside the node's extensionElements."""
    extensions = node.find(f"{BPMN}extensionElements")
    return frozenset() if extensions is None else frozenset(map(tags.local_name, extensions.iterdescendants("{*}*")))


def _element_of(node: etree._Element, scope: str | None, references: References) -> Element:
    return Element(
        id=node.get("id", ""),
        name=" ".join(node.get("name", "").split()),
        kind=tags.local_name(node),
        scope=scope,
        attributes=tags.camunda_attributes(node),
        properties=properties_of(node),
        inputs=_parameters(node, "inputParameter"),
        outputs=_parameters(node, "outputParameter"),
        ins=_passings(node, "in"),
        outs=_passings(node, "out"),
        extensions=extensions_of(node),
        events=tuple(_events(node, references)),
        multi_instance=_multi_instance(node),
        loop=_loop(node),
        attached_to=node.get("attachedToRef"),
        cancel_activity=tags.flag(node, "cancelActivity", default=True),
        triggered_by_event=tags.flag(node, "triggeredByEvent", default=False),
        for_compensation=tags.flag(node, "isForCompensation", default=False),
        default=node.get("default"),
        called_element=node.get("calledElement", "").strip(),
        documentation=tags.child_text(node, "documentation"),
        reads=_data(node, "dataInputAssociation", "sourceRef", references),
        writes=_data(node, "dataOutputAssociation", "targetRef", references),
        retry=tags.text_of(node.find(f"{BPMN}extensionElements/{CAMUNDA}failedJobRetryTimeCycle")),
        parts=frozenset(parts_of(node)),
        marks={str(key): str(value) for key, value in node.attrib.items() if not str(key).startswith("{")},
    )


def parts_of(node: etree._Element) -> Iterator[str]:
    """The BPMN tags inside a node; what stands in the flow nodes of a sub-process is theirs."""
    for child in tags.children(node):
        tag = tags.local_name(child)
        yield tag
        if tag in NOT_FLOW_NODES or tag.endswith("EventDefinition"):
            yield from parts_of(child)


def _data(node: etree._Element, association: str, end: str, references: References) -> tuple[str, ...]:
    """The data objects that the associations of one direction name; a reference stands for its object."""
    named = (tags.text_of(found) for found in node.iterfind(f"{BPMN}{association}/{BPMN}{end}"))
    return tuple(references.get(name, (name, ""))[0] for name in named)


def _parameters(node: etree._Element, tag: str) -> dict[str, str]:
    found = node.iterfind(f"{BPMN}extensionElements/{CAMUNDA}inputOutput/{CAMUNDA}{tag}")
    return {item.get("name", ""): tags.text_of(item) for item in found}


def _passings(node: etree._Element, tag: str) -> tuple[Passing, ...]:
    return tuple(
        Passing(
            target=item.get("target", ""),
            source=item.get("source", ""),
            expression=item.get("sourceExpression", ""),
            everything=item.get("variables") == "all",
        )
        for item in node.iterfind(f"{BPMN}extensionElements/{CAMUNDA}{tag}")
    )


def _events(node: etree._Element, references: References) -> Iterator[EventDefinition]:
    for child in tags.children(node):
        if tags.local_name(child).endswith("EventDefinition"):
            yield _event_of(child, references)
    if tags.local_name(node) in {"sendTask", "receiveTask"} and node.get("messageRef"):
        yield _referring("message", node.get("messageRef", ""), references)


def _event_of(node: etree._Element, references: References) -> EventDefinition:
    kind = tags.local_name(node).removesuffix("EventDefinition")
    if kind == "timer":
        times = [child for child in tags.children(node) if tags.local_name(child).startswith("time")]
        return EventDefinition(kind, timer=Timer(tags.local_name(times[0]), tags.text_of(times[0])) if times else None)
    return _referring(kind, node.get(f"{kind}Ref", ""), references)


def _referring(kind: str, reference: str, references: References) -> EventDefinition:
    name, code = references.get(reference, ("", ""))
    return EventDefinition(kind, reference, name, code)


def _multi_instance(node: etree._Element) -> MultiInstance | None:
    """Camunda's collection and elementVariable, or BPMN's loopDataInputRef and inputDataItem; BPMN's output."""
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    given = tags.camunda_attributes(loop)
    return MultiInstance(
        sequential=tags.flag(loop, "isSequential", default=False),
        collection=given.get("collection") or tags.child_text(loop, "loopDataInputRef"),
        element_variable=given.get("elementVariable") or _item(loop, "inputDataItem"),
        completion_condition=tags.child_text(loop, "completionCondition"),
        cardinality=tags.child_text(loop, "loopCardinality"),
        behavior=loop.get("behavior", ""),
        output_collection=tags.child_text(loop, "loopDataOutputRef"),
        output_element=_item(loop, "outputDataItem"),
    )


def _item(loop: etree._Element, tag: str) -> str:
    item = loop.find(f"{BPMN}{tag}")
    return "" if item is None else item.get("name", "").strip()


def _loop(node: etree._Element) -> StandardLoop | None:
    loop = node.find(f"{BPMN}standardLoopCharacteristics")
    if loop is None:
        return None
    before = tags.flag(loop, "testBefore", default=False)
    return StandardLoop(loop.get("loopMaximum", ""), tags.child_text(loop, "loopCondition"), before)
