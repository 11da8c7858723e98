"""Draws what only informs: data objects, data stores and text annotations (BPMN 2.0.2, clauses 10.4 and 7.4)."""

from __future__ import annotations

from lxml import etree

from web.drawing.icons import marker_icon
from web.drawing.picture import Point, Shape
from web.drawing.svg import leading, make
from web.drawing.text import cut, wrap

_SIZE = 12


def draw_data(shape: Shape) -> list[etree._Element]:
    """A sheet with a folded corner; several sheets carry the three bars."""
    box, fold = shape.box, min(12.0, shape.box.width / 3)
    outline = f"M{box.x:g},{box.y:g}H{box.right - fold:g}l{fold:g},{fold:g}V{box.bottom:g}H{box.x:g}z"
    corner = f"M{box.right - fold:g},{box.y:g}v{fold:g}h{fold:g}"
    parts = [make("path", "body", d=outline, stroke_linejoin="round"), make("path", "ring", d=corner)]
    if shape.element.collection:
        parts.append(marker_icon("parallel", Point(box.centre.x, box.bottom - 9)))
    return parts


def draw_store(shape: Shape) -> list[etree._Element]:
    """A drum."""
    box, rx, ry = shape.box, shape.box.width / 2, min(8.0, shape.box.height / 5)
    top = box.y + ry
    arc = f"a{rx:g},{ry:g} 0 0"
    drum = f"M{box.x:g},{top:g}{arc} 1 {box.width:g},0V{box.bottom - ry:g}{arc} 1 -{box.width:g},0z"
    rim = f"M{box.x:g},{top:g}{arc} 0 {box.width:g},0"
    return [make("path", "body", d=drum), make("path", "ring", d=rim)]


def draw_annotation(shape: Shape) -> list[etree._Element]:
    """An open bracket and its text, set left."""
    box = shape.box
    bracket = make("path", "ring", d=f"M{box.x + 10:g},{box.y:g}H{box.x:g}V{box.bottom:g}H{box.x + 10:g}")
    lines = cut(wrap(shape.element.name, box.width - 14, _SIZE), int(box.height // leading(_SIZE)))
    text = make("text", "label note", font_size=_SIZE)
    for number, line in enumerate(lines):
        y = box.centre.y + (number - (len(lines) - 1) / 2) * leading(_SIZE) + _SIZE * 0.36
        span = make("tspan", x=float(box.x + 8), y=float(y))
        span.text = line
        text.append(span)
    return [bracket, text]
