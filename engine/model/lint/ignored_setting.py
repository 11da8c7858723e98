"""A setting that nobody reads looks as if it did something."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Passing

READ = {
    "userTask": frozenset({"candidateGroups", "dueDate", "followUpDate", "formKey"}),
    "serviceTask": frozenset({"type", "topic"}),
    "businessRuleTask": frozenset({"decisionRef", "resultVariable", "mapDecisionResult"}),
    "startEvent": frozenset({"formKey"}),
}
OPTIONAL_TASK = frozenset({"candidateGroups", "formKey"})
HARMLESS = frozenset({"asyncBefore", "asyncAfter", "exclusive", "jobPriority", "taskPriority", "decisionRefBinding"})
UNREAD_TAGS = frozenset({"formData", "errorEventDefinition", "potentialStarter"})
"""Camunda's own, inside extensionElements: forms are files here, errors come from verbs."""
JUDGED_ELSEWHERE = frozenset({"class", "expression", "delegateExpression", "resource"})
SENDING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
RECEIVING = frozenset({"receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every camunda attribute and parameter stands where the engine reads it."""
    for element in diagram.elements:
        ignored = sorted(_ignored(element))
        if ignored:
            yield error(
                element,
                f"写了 {'、'.join(ignored)}，这里不会被读取。请删去，或写到起作用的地方。",
                f"has {', '.join(ignored)}, which nobody reads here; delete it or write it where it works.",
            )


def _ignored(element: Element) -> Iterator[str]:
    own = OPTIONAL_TASK if element.is_optional else READ.get(element.kind, frozenset())
    known = own | HARMLESS | JUDGED_ELSEWHERE
    yield from (f"camunda:{name}" for name in element.attributes if name not in known)
    yield from (f"camunda:{tag}" for tag in element.extensions & UNREAD_TAGS)
    if element.inputs and not _takes_inputs(element):
        yield "inputParameter"
    if element.outputs and not _gives_outputs(element):
        yield "outputParameter"
    if (element.ins or element.outs) and element.kind != "callActivity":
        yield "camunda:in/out"
    if not all(each.everything or (each.target and (each.source or each.expression)) for each in _passings(element)):
        yield "camunda:in/out（source/target）"
    if element.correlation_key and not _finds_by_key(element):
        yield "correlation_key"


def _takes_inputs(element: Element) -> bool:
    sends = element.kind in SENDING and (element.has_event("message") or element.has_event("signal"))
    return element.kind == "serviceTask" or sends


def _gives_outputs(element: Element) -> bool:
    receives = element.kind in RECEIVING and (element.has_event("message") or element.has_event("signal"))
    return element.kind in {"userTask", "serviceTask", "subProcess"} or receives


def _finds_by_key(element: Element) -> bool:
    return element.has_event("message") and element.kind != "startEvent" and not element.is_optional


def _passings(element: Element) -> tuple[Passing, ...]:
    return (*element.ins, *element.outs)
