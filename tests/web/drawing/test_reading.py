"""Files nobody has checked: each gets a clear refusal, none a crash, a hang or a look at our disk."""

from __future__ import annotations

import pytest

from web.drawing import DiagramNotDrawable, draw
from web.drawing.reading import MOST_BYTES, MOST_ELEMENTS, read_picture

BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def refusal(diagram: bytes) -> str:
    with pytest.raises(DiagramNotDrawable) as caught:
        draw(diagram, states={}, title="x")
    return caught.value.sentence


@pytest.mark.parametrize("junk", [b"", b"hello", b"<definitions>", b"\xff\xfe\x00", b"\x00" * 100, b"PK\x03\x04"])
def test_what_is_no_xml_is_refused(junk):
    assert "XML" in refusal(junk)


def test_xml_of_another_kind_is_refused():
    assert "BPMN" in refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>")


@pytest.mark.parametrize("doctype", ["<!DOCTYPE d>", BOMB, '<!DOCTYPE d SYSTEM "file:///etc/passwd">'])
def test_a_doctype_is_refused(diagram_of, shape_of, doctype):
    assert "DOCTYPE" in refusal(diagram_of('<userTask id="t"/>', shape_of("t"), before=doctype))


def test_a_diagram_without_layout_is_refused(diagram_of):
    assert "没有任何图形" in refusal(diagram_of('<userTask id="t"/>', ""))
    without_plane = diagram_of('<userTask id="t"/>', "").replace(b"BPMNPlane", b"Plain")
    assert "没有图形位置" in refusal(without_plane)


@pytest.mark.parametrize("number", ["", "abc", "nan", "inf", "-inf", "1e300", "100001"])
def test_a_place_that_is_no_sensible_number_is_refused(diagram_of, shape_of, number):
    assert "图形 t 的位置" in refusal(diagram_of('<userTask id="t"/>', shape_of("t", x=number)))


def test_a_shape_of_negative_size_is_refused(diagram_of, shape_of):
    assert "负数" in refusal(diagram_of('<userTask id="t"/>', shape_of("t", width=-1)))


def test_a_shape_without_bounds_is_refused(diagram_of):
    assert "没有位置" in refusal(diagram_of('<userTask id="t"/>', '<bpmndi:BPMNShape id="s" bpmnElement="t"/>'))


def test_a_flow_with_one_point_is_refused(diagram_of, shape_of):
    elements = '<userTask id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="t"/>'
    edge = '<bpmndi:BPMNEdge id="e" bpmnElement="f"><di:waypoint x="1" y="1"/></bpmndi:BPMNEdge>'
    assert "少于两个点" in refusal(diagram_of(elements, shape_of("t") + edge))


def test_a_flow_whose_points_all_coincide_draws_nothing_and_breaks_nothing(diagram_of, shape_of):
    elements = '<userTask id="t"/><sequenceFlow id="f" name="同意" sourceRef="t" targetRef="t"/>'
    points = '<di:waypoint x="1" y="1"/>' * 3
    edge = f'<bpmndi:BPMNEdge id="e" bpmnElement="f">{points}</bpmndi:BPMNEdge>'
    assert "data-element" in draw(diagram_of(elements, shape_of("t") + edge), states={}, title="x")


@pytest.mark.parametrize("size", [0, 1, 5])
@pytest.mark.parametrize("kind", ["userTask", "subProcess", "callActivity", "startEvent", "exclusiveGateway", "task"])
def test_the_tiniest_shapes_are_drawn(diagram_of, shape_of, kind, size):
    diagram = diagram_of(f'<{kind} id="t" name="一个很长的名字，放不进去"/>', shape_of("t", width=size, height=size))
    assert 'data-element="t"' in draw(diagram, states={}, title="x")


def test_too_large_a_file_and_too_many_elements_are_refused(diagram_of, shape_of):
    assert "5 MB" in refusal(b" " * (MOST_BYTES + 1))
    many = "".join(f'<task id="t{number}"/>' for number in range(MOST_ELEMENTS))
    assert str(MOST_ELEMENTS) in refusal(diagram_of(many, shape_of("t1")))


def test_a_name_of_a_million_commas_is_drawn_at_once(diagram_of, shape_of):
    svg = draw(diagram_of(f'<task id="t" name="{"，" * 1_000_000}"/>', shape_of("t")), states={}, title="x")
    assert len(svg) < 10_000


def test_layout_of_elements_that_do_not_exist_is_passed_over(diagram_of, shape_of):
    picture = read_picture(diagram_of('<task id="t"/>', shape_of("t") + shape_of("ghost")))
    assert [shape.element.id for shape in picture.shapes] == ["t"]


def test_prefixes_in_references_do_not_matter(diagram_of, shape_of):
    picture = read_picture(diagram_of('<task id="t"/>', shape_of("t").replace('"t"', '"tns:t"')))
    assert [shape.element.id for shape in picture.shapes] == ["t"]
