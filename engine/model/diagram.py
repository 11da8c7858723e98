"""What one .bpmn file says, in BPMN's own words and as frozen values; Camunda 7's attributes ride along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset(
    {"task", "userTask", "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask"}
)
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
DECIDING_GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway"})
GATEWAYS = DECIDING_GATEWAYS | {"parallelGateway", "eventBasedGateway", "complexGateway"}
CATCHING_EVENTS = frozenset({"intermediateCatchEvent", "boundaryEvent"})
EVENTS = CATCHING_EVENTS | {"startEvent", "endEvent", "intermediateThrowEvent"}
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
MUST_UNDERSTAND = "extension mustUnderstand"
"""Stands among a diagram's parts for an extension that says whoever does not know it must not run the diagram."""


@dataclass(frozen=True, slots=True)
class Timer:
    """`kind` is timeDate, timeDuration or timeCycle; `text` is what stands in the diagram, ISO 8601 or FEEL."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws. `kind` is BPMN's word without its ending: timer, message, signal, error,
    escalation, terminate, conditional, link, compensate, cancel. `name` and `code` are those of the thing `reference`
    points to.
    """

    kind: str
    reference: str = ""
    name: str = ""
    code: str = ""
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """How often an activity runs: once for each item of `collection` (FEEL), seen by it as `element_variable`.

    What each instance leaves in its own `output_element` is in the list `output_collection` when all is done.
    """

    sequential: bool
    collection: str
    element_variable: str
    completion_condition: str
    cardinality: str
    behavior: str = ""
    output_collection: str = ""
    output_element: str = ""


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """An activity repeated while `condition` (FEEL) holds, at most `maximum` times (as written; may be empty).

    `test_before`: the condition is also asked before the first time.
    """

    maximum: str
    condition: str
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class Passing:
    """One camunda:in or camunda:out of a call activity: `source` names a variable, `expression` is FEEL instead."""

    target: str
    source: str = ""
    expression: str = ""
    everything: bool = False


@dataclass(frozen=True)
class Element:
    """One flow node. `kind` is BPMN's tag (userTask, subProcess …); `scope` the enclosing sub-process's id, if any.

    `attributes` are the camunda: attributes without prefix, `extensions` the tags inside bpmn:extensionElements.
    `inputs` and `outputs` are name → FEEL; `reads` and `writes` the data objects its data associations name; `retry`
    says how a failed verb is tried again; `parts` are the BPMN tags drawn inside it, those of inner flow nodes aside;
    `marks` BPMN's own attributes as written.
    """

    id: str
    name: str
    kind: str
    scope: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    ins: tuple[Passing, ...] = ()
    outs: tuple[Passing, ...] = ()
    extensions: frozenset[str] = frozenset()
    events: tuple[EventDefinition, ...] = ()
    multi_instance: MultiInstance | None = None
    loop: StandardLoop | None = None
    attached_to: str | None = None
    cancel_activity: bool = True
    triggered_by_event: bool = False
    for_compensation: bool = False
    default: str | None = None
    called_element: str = ""
    documentation: str = ""
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    retry: str = ""
    parts: frozenset[str] = frozenset()
    marks: Mapping[str, str] = field(default_factory=dict)

    def has_event(self, kind: str) -> bool:
        """Whether one of its event definitions is of this kind."""
        return any(event.kind == kind for event in self.events)

    @property
    def event_reference(self) -> str:
        """The name of the message, signal, error or escalation it waits for or throws; empty when there is none."""
        return next((event.name for event in self.events if event.name), "")

    @property
    def is_optional(self) -> bool:
        """An event that a person may bring about, by filling in its form: an optional task (decision 0028)."""
        return self.kind in CATCHING_EVENTS and "formKey" in self.attributes and self.has_event("message")

    @property
    def is_for_people(self) -> bool:
        """Done by a person: a user task, or an optional one."""
        return self.kind == "userTask" or self.is_optional

    @property
    def correlation_key(self) -> str:
        """The FEEL text of the key by which a message finds its receiver; empty when the element names none."""
        return self.properties.get("correlation_key", "").strip()


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow. `condition` is FEEL, None when there is none; `language` is what the editor noted for it."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None = None
    scope: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane and the ids of the flow nodes drawn in it."""

    id: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True)
class Process:
    """One process: all its elements and flows, those inside sub-processes too, in the file's order.

    `data_objects` are (id, scope); `parts` the BPMN tags drawn directly in the process.
    """

    id: str
    name: str
    executable: bool
    elements: tuple[Element, ...] = ()
    flows: tuple[Flow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    extensions: frozenset[str] = frozenset()
    documentation: str = ""
    data_objects: tuple[tuple[str, str | None], ...] = ()
    parts: frozenset[str] = frozenset()

    @cached_property
    def by_id(self) -> Mapping[str, Element]:
        """Elements by id; of two with the same id the later one."""
        return {element.id: element for element in self.elements}

    @property
    def scopes(self) -> tuple[str | None, ...]:
        """The process itself (None) and the id of every sub-process: each is a graph of its own."""
        ids = (element.id for element in self.elements if element.kind in SUB_PROCESSES)
        return tuple(dict.fromkeys((None, *ids)))

    def find(self, element_id: str | None) -> Element | None:
        """The element with this id, or None."""
        return self.by_id.get(element_id) if element_id else None

    def inside(self, scope: str | None) -> tuple[Element, ...]:
        """The elements directly inside one scope."""
        return self._by_scope.get(scope, ())

    def within(self, scope: str | None) -> tuple[Element, ...]:
        """The elements inside one scope however deep; sub-processes that share an id are gone through once."""
        found: list[Element] = []
        waiting, seen = [scope], {scope}
        while waiting:
            for element in self.inside(waiting.pop()):
                found.append(element)
                if element.kind in SUB_PROCESSES and element.id not in seen:
                    seen.add(element.id)
                    waiting.append(element.id)
        return tuple(found)

    @cached_property
    def _by_scope(self) -> Mapping[str | None, tuple[Element, ...]]:
        scopes: dict[str | None, list[Element]] = {}
        for element in self.elements:
            scopes.setdefault(element.scope, []).append(element)
        return {scope: tuple(elements) for scope, elements in scopes.items()}

    def lane_of(self, element_id: str) -> Lane | None:
        """The innermost lane the element is drawn in, or None."""
        return next((lane for lane in reversed(self.lanes) if element_id in lane.elements), None)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a shape is drawn, in the diagram's pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Participant:
    """A pool of the collaboration; `process` is empty for a pool that is drawn closed."""

    id: str
    name: str
    process: str


@dataclass(frozen=True)
class Diagram:
    """One .bpmn file. `shapes` and `edges` are its drawing by element id; `ids` every id in it, twins included; `parts`
    the BPMN tags beside its processes, those inside collaborations included.
    """

    file: str
    processes: tuple[Process, ...] = ()
    participants: tuple[Participant, ...] = ()
    shapes: Mapping[str, Bounds] = field(default_factory=dict)
    edges: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The elements of all its processes."""
        return tuple(element for process in self.processes for element in process.elements)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows of all its processes."""
        return tuple(flow for process in self.processes for flow in process.flows)
