"""Draws pools and lanes, with their names set from top to bottom as Chinese is read, and groups."""

from __future__ import annotations

from lxml import etree

from web.drawing.picture import Box, Point, Shape
from web.drawing.svg import lines_of_text, make
from web.drawing.text import columns, cut, width_of, wrap

HEADER = 30
_SIZE = 13


def draw_container(shape: Shape) -> list[etree._Element]:
    """A pool or lane: its outline, its header strip and its name."""
    box = shape.box
    is_pool = shape.element.kind == "participant"
    header = box if is_pool and not shape.expanded else _header(shape)
    outline = make("rect", "container", x=box.x, y=box.y, width=box.width, height=box.height, rx=4 if is_pool else 0)
    strip = make("path", "head", d=_strip(header, rounded=is_pool, across=shape.horizontal))
    return [outline, strip, *_name(shape, header)]


def draw_group(shape: Shape) -> list[etree._Element]:
    """A group: a dash-dotted frame that means nothing to the engine."""
    box = shape.box
    return [
        make("rect", "ring", x=box.x, y=box.y, width=box.width, height=box.height, rx=10, stroke_dasharray="8 4 1.5 4")
    ]


def _header(shape: Shape) -> Box:
    box = shape.box
    if shape.horizontal:
        return Box(box.x, box.y, min(HEADER, box.width), box.height)
    return Box(box.x, box.y, box.width, min(HEADER, box.height))


def _strip(box: Box, *, rounded: bool, across: bool) -> str:
    """The header's outline: round only where the pool is round."""
    r = 4 if rounded else 0
    if across:
        return f"M{box.right:g},{box.y:g}H{box.x + r:g}q-{r},0 -{r},{r}V{box.bottom - r:g}q0,{r} {r},{r}H{box.right:g}z"
    return f"M{box.x:g},{box.bottom:g}V{box.y + r:g}q0,-{r} {r},-{r}H{box.right - r:g}q{r},0 {r},{r}V{box.bottom:g}z"


def _name(shape: Shape, header: Box) -> list[etree._Element]:
    name = shape.element.name
    if not name:
        return []
    if not shape.horizontal or header.width > header.height:
        return [lines_of_text(cut(wrap(name, header.width - 12, _SIZE), 2), header.centre, _SIZE)]
    stood = columns(name, header.height - 12, _SIZE)
    if len(stood) <= 2 and all(width_of(cell, _SIZE) <= 20 for column in stood for cell in column):
        return _columns(stood, header)
    return [_turned(name, header)]


def _columns(stood: list[list[str]], header: Box) -> list[etree._Element]:
    """Characters upright, one below the other; a second column stands left of the first."""
    size = _SIZE if len(stood) == 1 else _SIZE - 1
    pitch = size * 1.15
    parts = []
    for number, column in enumerate(stood):
        x = header.centre.x + ((len(stood) - 1) / 2 - number) * (size + 1)
        top = header.centre.y - (len(column) - 1) * pitch / 2
        parts += [lines_of_text([cell], Point(x, top + place * pitch), size) for place, cell in enumerate(column)]
    return parts


def _turned(name: str, header: Box) -> etree._Element:
    """A name too long or too Latin to stand upright lies on its side."""
    lines = cut(wrap(name, header.height - 12, _SIZE - 1), 2)
    text = lines_of_text(lines, header.centre, _SIZE - 1)
    text.set("transform", f"rotate(-90 {header.centre.x:g} {header.centre.y:g})")
    return text
