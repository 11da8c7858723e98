"""Names that stand outside their shape: of events, gateways, data and flows; placed by the file, else by rule."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

from lxml import etree

from web.drawing.picture import EVENTS, GATEWAYS, Box, Edge, Point, Shape
from web.drawing.svg import leading, lines_of_text
from web.drawing.text import width_of, wrap

SIZE = 12
_NARROWEST = 86.0
_OUTSIDE = EVENTS | GATEWAYS | {"dataObjectReference", "dataStoreReference", "group"}


def label_of_shape(shape: Shape) -> tuple[etree._Element, Box] | None:
    """The name under a small shape and the box it fills, or None when it has no name or wears it inside."""
    if not shape.element.name or shape.element.kind not in _OUTSIDE:
        return None
    if shape.label is not None:
        return _in_box(shape.element.name, shape.label)
    return _block(wrap(shape.element.name, _NARROWEST, SIZE), Point(shape.box.centre.x, shape.box.bottom + 4))


def label_of_edge(edge: Edge) -> tuple[etree._Element, Box] | None:
    """The name of a flow and the box it fills: where the file says, else above the middle of the longest run."""
    if not edge.element.name:
        return None
    if edge.label is not None:
        return _in_box(edge.element.name, edge.label)
    lines = wrap(edge.element.name, _NARROWEST, SIZE)
    start, end = max(pairwise(edge.points), key=lambda run: hypot(run[1].x - run[0].x, run[1].y - run[0].y))
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    height = len(lines) * leading(SIZE)
    if abs(end.x - start.x) >= abs(end.y - start.y):
        return _block(lines, Point(middle.x, middle.y - height - 3))
    widest = max(width_of(line, SIZE) for line in lines)
    return _block(lines, Point(middle.x + widest / 2 + 6, middle.y - height / 2))


def _in_box(name: str, box: Box) -> tuple[etree._Element, Box]:
    """Centred over the given box; never set narrower than seven characters, as editors give the box their own font."""
    lines = wrap(name, max(box.width + 2, _NARROWEST), SIZE)
    height = len(lines) * leading(SIZE)
    top = box.y if height > box.height else box.centre.y - height / 2
    return _block(lines, Point(box.centre.x, top))


def _block(lines: list[str], top: Point) -> tuple[etree._Element, Box]:
    height = len(lines) * leading(SIZE)
    width = max((width_of(line, SIZE) for line in lines), default=0)
    text = lines_of_text(lines, Point(top.x, top.y + height / 2), SIZE, "label halo")
    text.set("paint-order", "stroke")
    text.set("stroke-linejoin", "round")
    return text, Box(top.x - width / 2, top.y, width, height)
