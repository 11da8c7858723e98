"""Builds small BPMN texts for tests: the flows as lines of arrows, and only the nodes that need more than a name.

    a_diagram("start -> write -> checked; checked -> done if ok; checked -> write", exclusive("checked", "write"))

The condition of a line stands on its first arrow.

A name that no node describes is what its arrows say: nothing leads to it, a start event; nothing leads on, an end
event; else a user task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.model import Files
from engine.model.definition import define
from engine.spiff.program import Program

_SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
}
_REFERENCE = re.compile(r'(message|signal|error|escalation)Ref="(\w+)"')


@dataclass(frozen=True)
class Node:
    """A flow node: its tag, its attributes as written, and the XML inside it."""

    id: str
    tag: str
    attributes: str = ""
    inside: str = ""

    @property
    def xml(self) -> str:
        return f'<bpmn:{self.tag} id="{self.id}" name="{self.id}"{self.attributes}>{self.inside}</bpmn:{self.tag}>'


# -- whole diagrams


def a_diagram(flows: str, *nodes: Node, id: str = "main", heights: Mapping[str, int] | None = None) -> str:
    """One .bpmn file with one process; `heights` draws some nodes at these y-coordinates."""
    body = _graph(flows, nodes)
    declared = "".join(
        f'<bpmn:{kind} id="{name}" name="{name}" {kind}Code="{name}"/>'
        for kind, name in sorted(set(_REFERENCE.findall(body)))
    )
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {spaces} id="{id}_file" targetNamespace="urn:test">'
        f'{declared}<bpmn:process id="{id}" name="{id}" isExecutable="true">{body}</bpmn:process>'
        f"{_drawing(id, heights or {})}</bpmn:definitions>"
    )


def a_folder(*diagrams: str, **decisions: str) -> Files:
    """The diagrams (and decision tables by name) as a folder's files."""
    files = {f"{_process_id(text)}.bpmn": text.encode() for text in diagrams}
    return files | {f"decisions/{name}.dmn": text.encode() for name, text in decisions.items()}


def a_program(*diagrams: str, **decisions: str) -> Program:
    """The diagrams, compiled."""
    return Program(define(a_folder(*diagrams, **decisions)))


@cache
def drawn(flows: str, *nodes: Node) -> Program:
    """A program of one diagram."""
    return a_program(a_diagram(flows, *nodes))


# -- nodes


def user(
    id: str,
    *,
    groups: str = "clerk@office",
    due: str = "",
    warn: str = "",
    form: str = "",
    other_than: str = "",
    each: str = "",
    outputs: Mapping[str, str] | None = None,
) -> Node:
    """A user task; `outputs` are its output parameters, `each` a multi-instance loop (see `each_of`)."""
    given = {"candidateGroups": groups, "dueDate": due, "followUpDate": warn, "formKey": form}
    extensions = _parameters({}, outputs)
    extensions += _property("other_than", other_than)
    return Node(id, "userTask", _camunda(given), _extended(extensions) + each)


def service(
    id: str, verb: str, *, outputs: Mapping[str, str] | None = None, retry: str = "", each: str = "", **inputs: str
) -> Node:
    """A service task that asks for a verb."""
    extensions = _parameters(inputs, outputs)
    if retry:
        extensions += f"<camunda:failedJobRetryTimeCycle>{retry}</camunda:failedJobRetryTimeCycle>"
    return Node(id, "serviceTask", _camunda({"type": "external", "topic": verb}), _extended(extensions) + each)


def send(id: str, message: str, *, key: str = "", **inputs: str) -> Node:
    """A send task."""
    return Node(id, "sendTask", f' messageRef="{message}"', _extended(_parameters(inputs) + _key(key)))


def receive(id: str, message: str, *, key: str = "", outputs: Mapping[str, str] | None = None) -> Node:
    """A receive task."""
    extensions = _parameters({}, outputs) + _key(key)
    return Node(id, "receiveTask", f' messageRef="{message}"', _extended(extensions))


def rule(id: str, decision: str, result: str, shape: str = "") -> Node:
    """A business rule task."""
    given = {"decisionRef": decision, "resultVariable": result, "mapDecisionResult": shape}
    return Node(id, "businessRuleTask", _camunda(given))


def call(
    id: str,
    process: str,
    *,
    ins: Mapping[str, str] | None = None,
    outs: Mapping[str, str] | None = None,
    each: str = "",
) -> Node:
    """A call activity; `ins` and `outs` are target → FEEL."""
    passed = _passings("in", ins or {}) + _passings("out", outs or {})
    return Node(id, "callActivity", f' calledElement="{process}"', _extended(passed) + each)


def inside(id: str, flows: str, *nodes: Node, each: str = "", outputs: Mapping[str, str] | None = None) -> Node:
    """An embedded sub-process."""
    return Node(id, "subProcess", "", _extended(_parameters({}, outputs)) + each + _graph(flows, nodes))


def exclusive(id: str, default: str = "") -> Node:
    """An exclusive gateway whose default flow leads to `default`."""
    return Node(id, "exclusiveGateway", f' default="{id}_to_{default}"' if default else "")


def inclusive(id: str, default: str = "") -> Node:
    """An inclusive gateway."""
    return Node(id, "inclusiveGateway", f' default="{id}_to_{default}"' if default else "")


def parallel(*ids: str) -> tuple[Node, ...]:
    """Parallel gateways."""
    return tuple(Node(id, "parallelGateway") for id in ids)


def first_of(id: str) -> Node:
    """An event-based gateway."""
    return Node(id, "eventBasedGateway")


def script(id: str, code: str) -> Node:
    """A script task: never run here."""
    return Node(id, "scriptTask", ' scriptFormat="python"', f"<bpmn:script>{escape(code)}</bpmn:script>")


def begun(id: str, event: str, *, outputs: Mapping[str, str] | None = None) -> Node:
    """A start event that waits."""
    return Node(id, "startEvent", "", _extended(_parameters({}, outputs)) + event)


def catch(id: str, event: str, *, key: str = "", outputs: Mapping[str, str] | None = None) -> Node:
    """An intermediate event that waits."""
    return Node(id, "intermediateCatchEvent", "", _extended(_parameters({}, outputs) + _key(key)) + event)


def throw(id: str, event: str, *, key: str = "", **inputs: str) -> Node:
    """An intermediate event that is thrown."""
    return Node(id, "intermediateThrowEvent", "", _extended(_parameters(inputs) + _key(key)) + event)


def end(id: str, event: str = "", *, key: str = "", **inputs: str) -> Node:
    """An end event that says more than that it ends."""
    return Node(id, "endEvent", "", _extended(_parameters(inputs) + _key(key)) + event)


def boundary(
    id: str,
    on: str,
    event: str,
    *,
    interrupting: bool = True,
    key: str = "",
    groups: str = "",
    form: str = "",
    other_than: str = "",
    outputs: Mapping[str, str] | None = None,
) -> Node:
    """An event on the border of an activity; with a form it is an optional task of `groups`."""
    cancels = "" if interrupting else ' cancelActivity="false"'
    cancels += _camunda({"candidateGroups": groups, "formKey": form})
    extensions = _extended(_parameters({}, outputs) + _key(key) + _property("other_than", other_than))
    return Node(id, "boundaryEvent", f' attachedToRef="{on}"{cancels}', extensions + event)


# -- what stands in nodes


def after(text: str, kind: str = "timeDuration") -> str:
    """A timer; `kind` is timeDuration, timeDate or timeCycle."""
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>'
        "</bpmn:timerEventDefinition>"
    )


def at(text: str) -> str:
    """A timer for a moment."""
    return after(text, "timeDate")


def every(text: str) -> str:
    """A timer that comes again."""
    return after(text, "timeCycle")


def about(kind: str, name: str = "") -> str:
    """A message, error, escalation or terminate event; without a name it catches any."""
    reference = f' {kind}Ref="{name}"' if name else ""
    return f"<bpmn:{kind}EventDefinition{reference}/>"


def again(maximum: int, condition: str = "", *, test_before: bool = False) -> str:
    """A standard loop."""
    asked = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    before = ' testBefore="true"' if test_before else ""
    return (
        f'<bpmn:standardLoopCharacteristics loopMaximum="{maximum}"{before}>{asked}</bpmn:standardLoopCharacteristics>'
    )


def each_of(
    collection: str, item: str, *, in_turn: bool = False, until: str = "", gives: str = "", into: str = ""
) -> str:
    """A multi-instance loop over a FEEL list; what each instance `gives` is collected `into` a list."""
    condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    output = f"<bpmn:loopDataOutputRef>{into}</bpmn:loopDataOutputRef>" if into else ""
    output += f'<bpmn:outputDataItem id="each_{gives}" name="{gives}"/>' if gives else ""
    turn = ' isSequential="true"' if in_turn else ""
    return (
        f"<bpmn:multiInstanceLoopCharacteristics camunda:collection={quoteattr(collection)}"
        f' camunda:elementVariable="{item}"{turn}>{output}{condition}</bpmn:multiInstanceLoopCharacteristics>'
    )


# -- decision tables


def a_table(id: str, hit_policy: str, inputs: str, outputs: Iterable[str], *rules: tuple[str, ...]) -> str:
    """A decision table over one input; each rule is its test and its outputs."""
    heads = "".join(f'<output id="{name}_out" name="{name}"/>' for name in outputs)
    rows = "".join(
        f'<rule id="rule{number}"><inputEntry id="in{number}"><text>{escape(test)}</text></inputEntry>'
        + "".join(
            f'<outputEntry id="out{number}_{n}"><text>{escape(each)}</text></outputEntry>'
            for n, each in enumerate(rest)
        )
        + "</rule>"
        for number, (test, *rest) in enumerate(rules)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="urn:test">'
        f'<decision id="{id}" name="{id}"><variable name="{id}"/>'
        f'<decisionTable id="{id}_table" hitPolicy="{hit_policy}">'
        f'<input id="asked"><inputExpression id="asked_text"><text>{escape(inputs)}</text></inputExpression></input>'
        f"{heads}{rows}</decisionTable></decision></definitions>"
    )


# -- the pieces


def _graph(flows: str, nodes: Iterable[Node]) -> str:
    arrows = [arrow for line in re.split(r"[;\n]", flows) if line.strip() for arrow in _arrows(line)]
    described = {node.id: node for node in nodes}
    sources, targets = {arrow[0] for arrow in arrows}, {arrow[1] for arrow in arrows}
    names = dict.fromkeys([*(name for arrow in arrows for name in arrow[:2]), *described])
    drawn_nodes = (described.get(name) or _told_by_arrows(name, sources, targets) for name in names)
    return "".join(node.xml for node in drawn_nodes) + "".join(_flow(*arrow) for arrow in arrows)


def _arrows(line: str) -> list[tuple[str, str, str]]:
    chain, _, condition = line.partition(" if ")
    names = [name.strip() for name in chain.split("->")]
    conditions = [condition.strip(), *("" for _ in names)]
    return [(*ends, text) for ends, text in zip(pairwise(names), conditions, strict=False)]


def _told_by_arrows(name: str, sources: set[str], targets: set[str]) -> Node:
    if name not in targets:
        return Node(name, "startEvent")
    return user(name) if name in sources else Node(name, "endEvent")


def _flow(source: str, target: str, condition: str) -> str:
    text = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{text if condition else ''}</bpmn:sequenceFlow>"
    )


def _drawing(id: str, heights: Mapping[str, int]) -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{name}"><dc:Bounds x="0" y="{y}" width="9" height="9"/></bpmndi:BPMNShape>'
        for name, y in heights.items()
    )
    plane = f'<bpmndi:BPMNPlane id="{id}_plane" bpmnElement="{id}">{shapes}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="{id}_drawing">{plane}</bpmndi:BPMNDiagram>' if heights else ""


def _camunda(values: Mapping[str, str]) -> str:
    return "".join(f" camunda:{name}={quoteattr(value)}" for name, value in values.items() if value)


def _extended(text: str) -> str:
    return f"<bpmn:extensionElements>{text}</bpmn:extensionElements>" if text else ""


def _parameters(inputs: Mapping[str, str], outputs: Mapping[str, str] | None = None) -> str:
    written = "".join(
        f'<camunda:{way}Parameter name="{name}">{escape(text)}</camunda:{way}Parameter>'
        for way, values in (("input", inputs), ("output", outputs or {}))
        for name, text in values.items()
    )
    return f"<camunda:inputOutput>{written}</camunda:inputOutput>" if written else ""


def _key(text: str) -> str:
    return _property("correlation_key", text)


def _property(name: str, value: str) -> str:
    written = f'<camunda:property name="{name}" value={quoteattr(value)}/>'
    return f"<camunda:properties>{written}</camunda:properties>" if value else ""


def _passings(way: str, values: Mapping[str, str]) -> str:
    return "".join(
        f"<camunda:{way} sourceExpression={quoteattr(text)} target={quoteattr(name)}/>" for name, text in values.items()
    )


def _process_id(diagram: str) -> str:
    found = re.search(r'<bpmn:process id="(\w+)"', diagram)
    assert found is not None
    return found[1]
