"""A diagram comes out as it was drawn: BPMN's own parts and what the modeler wrote beside them."""

from __future__ import annotations

import pytest

from engine.model import Diagram, Element, load_diagrams
from engine.model.diagram import Bounds, EventDefinition, Flow, MultiInstance, Passing, Process, StandardLoop, Timer

HEAD = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">"""


def read(body: str) -> Diagram:
    diagrams, findings = load_diagrams({"p.bpmn": f"{HEAD}{body}</bpmn:definitions>".encode()})
    assert findings == []
    return diagrams["p.bpmn"]


def process(body: str, before: str = "") -> Process:
    return read(f'{before}<bpmn:process id="p" name="流程" isExecutable="true">{body}</bpmn:process>').processes[0]


def element(body: str, before: str = "") -> Element:
    return process(body, before).elements[0]


def extended(body: str) -> str:
    return f"<bpmn:extensionElements>{body}</bpmn:extensionElements>"


def test_a_process_has_its_name_flag_lanes_and_properties() -> None:
    found = process(
        "<bpmn:documentation>说明</bpmn:documentation>"
        + extended('<camunda:properties><camunda:property name="kind" value="平哨"/></camunda:properties>')
        + '<bpmn:laneSet id="ls"><bpmn:lane id="town" name="乡镇">'
        + "<bpmn:flowNodeRef> vet </bpmn:flowNodeRef></bpmn:lane>"
        + '</bpmn:laneSet><bpmn:userTask id="vet"/>'
    )
    assert (found.id, found.name, found.executable, found.documentation) == ("p", "流程", True, "说明")
    assert found.properties == {"kind": "平哨"}
    lane = found.lane_of("vet")
    assert lane is not None
    assert lane.name == "乡镇"
    assert found.lane_of("nobody") is None


def test_a_process_is_not_executable_unless_it_says_so() -> None:
    assert not read('<bpmn:process id="p"/>').processes[0].executable


def test_a_user_task_keeps_what_the_modeler_wrote_beside_it() -> None:
    task = element(
        '<bpmn:userTask id="vet" name="审核&#10;  把关" camunda:formKey="vet" camunda:dueDate="vet">'
        + extended(
            '<camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter>'
            '<camunda:outputParameter name="vetting"> outcome </camunda:outputParameter></camunda:inputOutput>'
            '<camunda:properties><camunda:property name="other_than" value="propose"/></camunda:properties>'
        )
        + "</bpmn:userTask>"
    )
    assert (task.kind, task.name) == ("userTask", "审核 把关")
    assert task.attributes == {"formKey": "vet", "dueDate": "vet"}
    assert task.inputs == {"a": "1"}
    assert task.outputs == {"vetting": "outcome"}
    assert task.properties == {"other_than": "propose"}


def test_a_call_says_what_crosses_its_border() -> None:
    call = element(
        '<bpmn:callActivity id="report_in" calledElement=" report_in ">'
        + extended(
            '<camunda:in source="a" target="b"/><camunda:in sourceExpression="c.d" target="e"/>'
            '<camunda:in variables="all"/><camunda:out source="f" target="g"/>'
        )
        + "</bpmn:callActivity>"
    )
    assert call.called_element == "report_in"
    assert call.ins == (Passing("b", source="a"), Passing("e", expression="c.d"), Passing("", everything=True))
    assert call.outs == (Passing("g", source="f"),)


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        (
            '<bpmn:multiInstanceLoopCharacteristics camunda:collection="units" camunda:elementVariable="unit">'
            "<bpmn:completionCondition>done</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>",
            MultiInstance(False, "units", "unit", "done", ""),
        ),
        (
            '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
            "<bpmn:loopDataInputRef>units</bpmn:loopDataInputRef>"
            '<bpmn:inputDataItem id="i" name="unit"/></bpmn:multiInstanceLoopCharacteristics>',
            MultiInstance(True, "units", "unit", "", ""),
        ),
        (
            '<bpmn:multiInstanceLoopCharacteristics camunda:collection="units" camunda:elementVariable="unit">'
            "<bpmn:loopDataOutputRef> answers </bpmn:loopDataOutputRef>"
            '<bpmn:outputDataItem id="o" name="answer"/></bpmn:multiInstanceLoopCharacteristics>',
            MultiInstance(False, "units", "unit", "", "", output_collection="answers", output_element="answer"),
        ),
    ],
)
def test_a_collection_is_read_from_either_way_of_writing_it(loop: str, expected: MultiInstance) -> None:
    assert element(f'<bpmn:userTask id="vet">{loop}</bpmn:userTask>').multi_instance == expected


def test_a_standard_loop_keeps_its_maximum_as_written() -> None:
    tag = "bpmn:standardLoopCharacteristics"
    loop = f'<{tag} loopMaximum="5"><bpmn:loopCondition>x</bpmn:loopCondition></{tag}>'
    assert element(f'<bpmn:userTask id="vet">{loop}</bpmn:userTask>').loop == StandardLoop("5", "x")


def test_a_boundary_timer_knows_its_host_and_whether_it_interrupts() -> None:
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration> P2D </bpmn:timeDuration></bpmn:timerEventDefinition>"
    event = element(
        f'<bpmn:boundaryEvent id="late" attachedToRef="vet" cancelActivity="false">{timer}</bpmn:boundaryEvent>'
    )
    assert (event.attached_to, event.cancel_activity) == ("vet", False)
    assert event.events == (EventDefinition("timer", timer=Timer("timeDuration", "P2D")),)


def test_an_event_knows_the_name_and_code_of_what_it_refers_to() -> None:
    before = '<bpmn:message id="m" name="reply"/><bpmn:error id="x" name="fault" errorCode="E1"/>'
    message = '<bpmn:messageEventDefinition messageRef="m"/>'
    error = '<bpmn:errorEventDefinition errorRef="x"/>'
    caught = element(f'<bpmn:intermediateCatchEvent id="wait">{message}</bpmn:intermediateCatchEvent>', before)
    assert caught.event_reference == "reply"
    thrown = element(f'<bpmn:endEvent id="end">{error}</bpmn:endEvent>', before)
    assert thrown.events == (EventDefinition("error", "x", "fault", "E1"),)
    assert element('<bpmn:receiveTask id="wait" messageRef="m"/>', before).event_reference == "reply"


def test_what_is_inside_a_sub_process_knows_its_scope() -> None:
    found = process(
        '<bpmn:subProcess id="work"><bpmn:userTask id="vet"/><bpmn:subProcess id="deep"><bpmn:userTask id="rate"/>'
        '<bpmn:sequenceFlow id="f" sourceRef="rate" targetRef="rate"/></bpmn:subProcess></bpmn:subProcess>'
    )
    assert {each.id: each.scope for each in found.elements} == {
        "work": None,
        "vet": "work",
        "deep": "work",
        "rate": "deep",
    }
    assert found.flows == (Flow("f", "", "rate", "rate", None, "deep"),)
    assert found.scopes == (None, "work", "deep")
    assert {each.id for each in found.within("work")} == {"vet", "deep", "rate"}


def test_sub_processes_that_share_an_id_are_gone_through_once() -> None:
    found = process('<bpmn:subProcess id="a"><bpmn:subProcess id="a"/></bpmn:subProcess>')
    assert len(found.within(None)) == 2


def test_a_condition_keeps_its_text_and_language() -> None:
    flow = process(
        '<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:conditionExpression language="groovy">'
        "<![CDATA[ a < b ]]></bpmn:conditionExpression></bpmn:sequenceFlow>"
    ).flows[0]
    assert (flow.condition, flow.language) == ("a < b", "groovy")


def test_data_objects_and_notes_are_not_steps() -> None:
    body = (
        '<bpmn:dataObject id="d"/><bpmn:textAnnotation id="t"/><bpmn:association id="x" sourceRef="a" targetRef="t"/>'
    )
    assert process(body).elements == ()


def test_a_tag_nobody_knows_comes_out_by_its_name() -> None:
    assert element('<bpmn:somersault id="x"/>').kind == "somersault"


def test_the_drawing_is_read_and_nonsense_in_it_does_no_harm() -> None:
    diagram = read(
        '<bpmn:process id="p"/><bpmndi:BPMNDiagram><bpmndi:BPMNPlane>'
        '<bpmndi:BPMNShape bpmnElement="a"><dc:Bounds x="1.5" y="nan" width="1e99" height="wide"/></bpmndi:BPMNShape>'
        '<bpmndi:BPMNEdge bpmnElement="f"><di:waypoint x="1" y="2"/><di:waypoint x="3" y="4"/></bpmndi:BPMNEdge>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    assert diagram.shapes == {"a": Bounds(1.5, 0.0, 0.0, 0.0)}
    assert diagram.edges == {"f": ((1.0, 2.0), (3.0, 4.0))}


def test_only_diagrams_are_read() -> None:
    assert load_diagrams({"guide.md": b"not xml", "decisions/a.dmn": b"not xml"}) == ({}, [])
