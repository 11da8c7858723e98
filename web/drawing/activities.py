"""Draws tasks, call activities and sub-processes (BPMN 2.0.2, clause 10.3)."""

from __future__ import annotations

from lxml import etree

from web.drawing.icons import marker_icon, task_icon
from web.drawing.picture import SUB_PROCESSES, Box, Point, Shape
from web.drawing.svg import leading, lines_of_text, make
from web.drawing.text import cut, wrap

ROUND = 8
_SIZES = (13, 12, 11)


def draw_activity(shape: Shape) -> list[etree._Element]:
    """The parts of an activity, back to front."""
    parts = [_body(shape), *_rim(shape), *_markers(shape)]
    if _is_open(shape):
        return [*parts, *_heading(shape)]
    icon = task_icon(shape.element.kind, Point(shape.box.x + 14, shape.box.y + 14))
    return [*parts, *([] if icon is None else [icon]), *_name(shape, has_icon=icon is not None)]


def _is_open(shape: Shape) -> bool:
    return shape.element.kind in SUB_PROCESSES and shape.expanded


def _body(shape: Shape) -> etree._Element:
    role = "body strong" if shape.element.kind == "callActivity" else "body area" if _is_open(shape) else "body"
    box = shape.box
    return make("rect", role, x=box.x, y=box.y, width=box.width, height=box.height, rx=ROUND)


def _rim(shape: Shape) -> list[etree._Element]:
    """A transaction has a double border."""
    if shape.element.kind != "transaction":
        return []
    box = shape.box.shrunk(3.5)
    return [make("rect", "ring", x=box.x, y=box.y, width=box.width, height=box.height, rx=ROUND - 3)]


def _markers(shape: Shape) -> list[etree._Element]:
    names = _marker_names(shape)
    left = shape.box.centre.x - (len(names) - 1) * 9
    return [marker_icon(name, Point(left + 18 * place, shape.box.bottom - 11)) for place, name in enumerate(names)]


def _marker_names(shape: Shape) -> list[str]:
    element = shape.element
    names = [element.loop] if element.loop else []
    if element.kind == "adHocSubProcess":
        names.append("adHocSubProcess")
    if element.kind in SUB_PROCESSES and not shape.expanded:
        names.append("collapsed")
    return names


def _heading(shape: Shape) -> list[etree._Element]:
    """An open sub-process wears its name at the top."""
    if not shape.element.name:
        return []
    lines = cut(wrap(shape.element.name, shape.box.width - 24, 13), 1)
    return [lines_of_text(lines, Point(shape.box.centre.x, shape.box.y + 15), 13)]


def _name(shape: Shape, *, has_icon: bool) -> list[etree._Element]:
    if not shape.element.name:
        return []
    box = _room(shape)
    size, lines = _fit(shape.element.name, box)
    centre = shape.box.centre if not _marker_names(shape) else box.centre
    if has_icon and centre.y - len(lines) * leading(size) / 2 < shape.box.y + 23:
        centre = _below_icon(shape, len(lines) * leading(size))
    return [lines_of_text(lines, centre, size)]


def _room(shape: Shape) -> Box:
    """Where the name may stand: the inside, less the strip of the markers."""
    inside = shape.box.shrunk(6)
    strip = 14 if _marker_names(shape) else 0
    return Box(inside.x, inside.y, inside.width, max(inside.height - strip, 0))


def _fit(name: str, room: Box) -> tuple[int, list[str]]:
    """The largest size at which the whole name fits below the icon, else the smallest, cut."""
    for size in _SIZES:
        lines = wrap(name, room.width, size)
        if len(lines) * leading(size) <= room.height - (14 if len(lines) > 2 else 0):
            return size, lines
    return size, cut(lines, int((room.height - 14) // leading(size)))


def _below_icon(shape: Shape, height: float) -> Point:
    room = _room(shape)
    highest, lowest = shape.box.y + 23 + height / 2, room.bottom + 3 - height / 2
    return Point(shape.box.centre.x, min(max(highest, room.centre.y), lowest))
