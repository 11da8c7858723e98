"""The drawing: every element is there, says its state without colour, and obeys a strict content security policy."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from web.drawing import ElementState, draw

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = "local-name()='path' or local-name()='rect' or local-name()='circle'"


def drawn(diagram: bytes, **telling) -> etree._Element:
    return etree.fromstring(draw(diagram, **{"states": {}, "title": "吹哨流程", **telling}))


def element(svg: etree._Element, identity: str) -> etree._Element:
    [found] = svg.xpath(f"//*[@data-element='{identity}']")
    return found


def words(node: etree._Element) -> str:
    return "".join(node.itertext())


def shown_text(svg: etree._Element) -> str:
    return "".join(text for node in svg.iter(f"{SVG}text") for text in node.itertext())


def test_every_element_of_the_layout_is_drawn_once(sample):
    laid_out = re.findall(rb'bpmnElement="(\w+)"', sample)
    expected = {name.decode() for name in laid_out} - {"together"}
    svg = drawn(sample)
    found = svg.xpath("//@data-element")
    assert sorted(found) == sorted(expected)
    for name in found:
        assert element(svg, name).xpath(".//*[local-name()='path' or local-name()='rect' or local-name()='circle']"), (
            name
        )


def test_every_name_can_be_read_whole(sample):
    svg = drawn(sample)
    names = {name for name in re.findall(r'<\w+ id="\w+" name="([^"]+)"', sample.decode())}
    upright = str.maketrans("（）、", "︵︶︑")
    text = shown_text(svg)
    missing = [
        name
        for name in names
        if name.replace(" ", "") not in text.replace(" ", "") and name.translate(upright) not in text
    ]
    assert missing == []


def test_the_picture_holds_everything_with_a_margin(sample):
    svg = drawn(sample)
    x, y, width, height = map(float, svg.get("viewBox").split())
    assert (x, y) == (160 - 24, 40 - 24)
    assert (x + width, y + height) == (2560 + 24, 1060 + 24)
    assert (float(svg.get("width")), float(svg.get("height"))) == (width, height)


def test_a_label_that_sticks_out_widens_the_picture(diagram_of, shape_of):
    name = "名字比图形宽得多"
    svg = drawn(diagram_of(f'<startEvent id="start" name="{name}"/>', shape_of("start", 0, 0, 36, 36)))
    x, _, width, height = map(float, svg.get("viewBox").split())
    assert x == 18 - 6 * 12 / 2 - 24  # half of a line of six characters, left of the middle
    assert width == 6 * 12 + 48
    assert height > 36 + 2 * 12 + 48


def test_a_state_is_told_by_a_badge_and_in_words_not_by_colour_alone(sample):
    signs = set()
    for state, word in {"done": "已办", "now": "在办", "late": "超期", "mine": "轮到我", "waiting": "等待"}.items():
        svg = drawn(sample, states={"vet": ElementState(state, 3, "住建局、水务局办理中")})
        vet = element(svg, "vet")
        assert vet[0].tag == f"{SVG}title"
        assert vet[0].text == f"审核把关：{word}，3 次。住建局、水务局办理中"
        assert "×3" in words(vet)
        assert f"is-{state}" in vet.get("class").split()
        signs.add(tuple(vet.xpath(".//*[contains(@class, 'bpmn-sign')]/@d")))
    assert len(signs) == 5
    assert not drawn(sample).xpath("//*[contains(@class, 'bpmn-sign')]")


def test_a_badge_moves_off_the_corner_where_a_boundary_event_sits(diagram_of, shape_of):
    elements = (
        '<userTask id="t" name="报到"/><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition/></boundaryEvent>'
    )
    for corner, moved in ((170, True), (110, False)):
        layout = shape_of("t") + shape_of("b", corner, 82, 36, 36)
        svg = drawn(diagram_of(elements, layout), states={"t": ElementState("now")})
        [place] = element(svg, "t").xpath(".//*[contains(@class, 'bpmn-badge')]/../@transform")
        assert place == ("translate(197 177)" if moved else "translate(197 103)")


def test_unknown_states_are_refused_at_once():
    with pytest.raises(ValueError, match="no such state"):
        ElementState("finished")


def test_states_links_and_flows_of_unknown_elements_are_passed_over(sample):
    told = {"states": {"gone": ElementState("done")}, "links": {"gone": "/x"}, "flows_taken": ["gone"]}
    assert "gone" not in words(drawn(sample, **told))


def test_taken_flows_stand_out_and_lie_on_top(sample):
    svg = drawn(sample, flows_taken=["to_vet"], states={"vet": ElementState("now")})
    edges = [node.get("data-element") for node in svg.xpath("//*[contains(@class, 'bpmn-edge')][@data-element]")]
    assert edges[-1] == "to_vet"
    assert "is-taken" in element(svg, "to_vet").get("class")
    assert "is-taken" not in element(svg, "to_propose").get("class")


def test_a_link_wraps_its_element_and_makes_the_picture_a_group(sample):
    svg = drawn(sample, links={"vet": "/cases/1#vet"})
    anchor = element(svg, "vet").getparent()
    assert (anchor.tag, anchor.get("href"), anchor.get("aria-label")) == (f"{SVG}a", "/cases/1#vet", "审核把关")
    assert svg.get("role") == "group"
    assert drawn(sample).get("role") == "img"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "java\tscript:x", " javascript:x"]
)
def test_a_link_that_runs_a_script_is_refused(sample, link):
    with pytest.raises(ValueError, match="not a link"):
        draw(sample, states={}, title="x", links={"vet": link})


def test_nothing_in_the_drawing_needs_a_looser_security_policy(sample):
    svg = drawn(sample, states={"vet": ElementState("late", 2)}, links={"vet": "/x"}, flows_taken=["to_vet"])
    for node in svg.iter():
        assert node.tag in {SVG + tag for tag in ["svg", "g", "a", "title", "rect", "path", "circle", "text", "tspan"]}
        assert not [name for name in node.attrib if name in ("style", "id") or name.startswith("on")]


def test_hostile_names_and_words_stay_text(diagram_of, shape_of):
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x"
    diagram = diagram_of(f'<userTask id="t" name="{evil}"/>', shape_of("t"))
    svg = draw(diagram, states={"t": ElementState("now", 1, "</title><script>\x00\ud800")}, title="<b>\x08")
    assert "<script" not in svg
    assert "<b>" not in svg
    etree.fromstring(svg)


def test_the_title_is_what_a_screen_reader_hears(sample):
    svg = drawn(sample, title="吹哨 2026-001 的流程图")
    assert svg.get("aria-label") == svg[0].text == "吹哨 2026-001 的流程图"


@pytest.mark.parametrize(
    ("identity", "sign"),
    [("to_vet", 2), ("vetted_back", 3), ("vetted_forward", 2), ("to_stopped", 3), ("asks", 3), ("note_to_vetted", 1)],
)
def test_a_default_flow_has_a_slash_and_only_a_condition_at_an_activity_has_a_diamond(sample, identity, sign):
    parts = element(drawn(sample), identity).xpath("./*[local-name()!='title']")
    assert len(parts) == sign  # line, arrow head, and the sign at the foot


def test_an_event_that_does_not_interrupt_has_dashed_rings(sample):
    svg = drawn(sample)
    rings = ".//*[local-name()='circle'][@stroke-dasharray]"
    assert len(element(svg, "respond_warning").xpath(rings)) == 2
    assert element(svg, "respond_late").xpath(rings) == []


def test_a_thrown_event_is_solid_and_a_caught_one_is_an_outline(sample):
    svg = drawn(sample)
    assert element(svg, "published").xpath(".//*[@class='bpmn-solid']")
    assert not element(svg, "appeal").xpath(".//*[@class='bpmn-solid']")


def test_a_transaction_has_a_double_border(sample):
    sub_process = re.search(rb'<(\w+:)?subProcess id="(\w+)"', sample)
    name = sub_process[2].decode()
    transaction = sample.replace(b"subProcess", b"transaction")
    assert len(rims(drawn(sample), name)) + 1 == len(rims(drawn(transaction), name))


def rims(svg: etree._Element, name: str) -> list[etree._Element]:
    return element(svg, name).xpath("./*[local-name()='rect']")


def test_a_long_name_stands_below_the_icon_of_its_step(sample):
    name, old = re.search(rb'<userTask id="(\w+)" name="([^"]+)"', sample).groups()
    svg = drawn(sample.replace(b'name="' + old + b'"', 'name="{}"'.format("审核把关" * 50).encode()))
    step = element(svg, name.decode())
    top = float(step.find(f"{SVG}rect").get("y"))
    first = next(step.iter(f"{SVG}tspan"))
    assert float(first.get("y")) - 11 >= top + 20
