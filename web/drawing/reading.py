"""Reads a BPMN file and its diagram interchange (BPMN 2.0.2, clause 12) from bytes nobody has checked yet."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from lxml import etree

from web.drawing.errors import DiagramNotDrawable
from web.drawing.picture import Box, Edge, Element, Picture, Point, Shape
from web.drawing.text import printable

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"

MOST_BYTES = 5 * 1024 * 1024
MOST_ELEMENTS = 5_000
LONGEST_NAME = 300
FARTHEST = 100_000.0


def read_picture(diagram_xml: bytes) -> Picture:
    """The elements and layout of a BPMN file.

    Raises DiagramNotDrawable for all but well-formed BPMN with a layout, without a DOCTYPE and of bearable size.
    """
    root = _parse(diagram_xml)
    elements = {element.id: element for element in _elements(root)}
    plane = root.find(f"{BPMNDI}BPMNDiagram/{BPMNDI}BPMNPlane")
    if plane is None:
        raise DiagramNotDrawable(reason="文件里没有图形位置信息")
    shapes = tuple(_shape(node, elements) for node in plane.iterfind(f"{BPMNDI}BPMNShape") if _known(node, elements))
    edges = tuple(_edge(node, elements) for node in plane.iterfind(f"{BPMNDI}BPMNEdge") if _known(node, elements))
    if not shapes:
        raise DiagramNotDrawable(reason="画布上没有任何图形")
    return Picture(elements, shapes, edges)


def _parse(diagram_xml: bytes) -> etree._Element:
    if len(diagram_xml) > MOST_BYTES:
        raise DiagramNotDrawable(reason="文件超过 5 MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(diagram_xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DiagramNotDrawable(reason="文件不是完好的 XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DiagramNotDrawable(reason="文件带有 DOCTYPE 声明，出于安全不予读取")
    if root.tag != f"{MODEL}definitions":
        raise DiagramNotDrawable(reason="文件不是 BPMN 2.0 流程图")
    return root


def _elements(root: etree._Element) -> Iterator[Element]:
    nodes = [node for node in root.iter(f"{MODEL}*") if node.get("id")]
    if len(nodes) > MOST_ELEMENTS:
        raise DiagramNotDrawable(reason=f"元素超过 {MOST_ELEMENTS} 个")
    defaults = {node.get("default") for node in nodes}
    lanes = _lanes(root)
    for node in nodes:
        yield _element(node, lanes, is_default=node.get("id") in defaults)


def _lanes(root: etree._Element) -> dict[str, str]:
    """Element id → id of the innermost lane that lists it."""
    return {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in root.iter(f"{MODEL}lane")
        for reference in lane.iterfind(f"{MODEL}flowNodeRef")
    }


def _element(node: etree._Element, lanes: dict[str, str], *, is_default: bool) -> Element:
    identity = node.get("id", "")
    return Element(
        id=identity,
        kind=_tag(node),
        name=printable(node.get("name") or node.findtext(f"{MODEL}text") or "")[:LONGEST_NAME],
        parent=_parent(node),
        lane=lanes.get(identity),
        event=_event(node),
        interrupting=node.get("cancelActivity", node.get("isInterrupting", "true")) != "false",
        loop=_loop(node),
        attached_to=_local(node.get("attachedToRef")),
        collection=node.get("isCollection") == "true",
        source=_local(node.get("sourceRef") or node.findtext(f"{MODEL}sourceRef")),
        target=_local(node.get("targetRef") or node.findtext(f"{MODEL}targetRef")),
        condition=_condition(node, is_default=is_default),
        direction=node.get("associationDirection"),
    )


def _parent(node: etree._Element) -> str | None:
    parent = node.getparent()
    return parent.get("id") if parent is not None else None


def _event(node: etree._Element) -> str | None:
    kinds = [_tag(child).removesuffix("EventDefinition") for child in node if _tag(child).endswith("EventDefinition")]
    return "multiple" if len(kinds) > 1 else next(iter(kinds), None)


def _loop(node: etree._Element) -> str | None:
    several = node.find(f"{MODEL}multiInstanceLoopCharacteristics")
    if several is not None:
        return "sequential" if several.get("isSequential") == "true" else "parallel"
    return "loop" if node.find(f"{MODEL}standardLoopCharacteristics") is not None else None


def _condition(node: etree._Element, *, is_default: bool) -> str | None:
    if is_default:
        return "default"
    return "conditional" if node.find(f"{MODEL}conditionExpression") is not None else None


def _known(node: etree._Element, elements: dict[str, Element]) -> bool:
    return _local(node.get("bpmnElement")) in elements


def _shape(node: etree._Element, elements: dict[str, Element]) -> Shape:
    element = elements[_local(node.get("bpmnElement")) or ""]
    return Shape(
        element,
        _box(node.find(f"{DC}Bounds"), element),
        _label(node, element),
        horizontal=node.get("isHorizontal", "true") == "true",
        expanded=node.get("isExpanded", "true") == "true",
    )


def _edge(node: etree._Element, elements: dict[str, Element]) -> Edge:
    element = elements[_local(node.get("bpmnElement")) or ""]
    points = tuple(
        Point(_number(point.get("x"), element), _number(point.get("y"), element))
        for point in node.iterfind(f"{DI}waypoint")
    )
    if len(points) < 2:
        raise DiagramNotDrawable(reason=f"连线 {element.id} 少于两个点")
    return Edge(element, points, _label(node, element))


def _label(node: etree._Element, element: Element) -> Box | None:
    bounds = node.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")
    return None if bounds is None else _box(bounds, element)


def _box(bounds: etree._Element | None, element: Element) -> Box:
    if bounds is None:
        raise DiagramNotDrawable(reason=f"图形 {element.id} 没有位置")
    box = Box(*(_number(bounds.get(side), element) for side in ("x", "y", "width", "height")))
    if box.width < 0 or box.height < 0:
        raise DiagramNotDrawable(reason=f"图形 {element.id} 的大小为负数")
    return box


def _number(text: str | None, element: Element) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = float("nan")
    if not isfinite(number) or abs(number) > FARTHEST:
        raise DiagramNotDrawable(reason=f"图形 {element.id} 的位置不是合理的数字")
    return number


def _tag(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _local(name: str | None) -> str | None:
    """The id in a QName: a prefix, when given, only says which file's namespace it is."""
    return name.strip().rpartition(":")[2] if name else None
