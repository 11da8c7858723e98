"""Draws gateways (BPMN 2.0.2, clause 10.6): a diamond and the sign of its kind."""

from __future__ import annotations

from lxml import etree

from web.drawing.picture import Point, Shape
from web.drawing.svg import make

_CROSS = "M-6.5,-6.5l13,13M-6.5,6.5l13,-13"
_PLUS = "M0,-9.5v19M-9.5,0h19"


def draw_gateway(shape: Shape) -> list[etree._Element]:
    """The parts of a gateway, back to front."""
    box, centre = shape.box, shape.box.centre
    diamond = f"M{centre.x:g},{box.y:g}L{box.right:g},{centre.y:g}L{centre.x:g},{box.bottom:g}L{box.x:g},{centre.y:g}z"
    return [make("path", "body", d=diamond, stroke_linejoin="round"), *_sign(shape.element.kind, centre)]


def _sign(kind: str, at: Point) -> list[etree._Element]:
    middle = {"transform": f"translate({at.x:g} {at.y:g})"}
    if kind == "inclusiveGateway":
        return [make("circle", "glyph thick", r=9, **middle)]
    if kind == "eventBasedGateway":
        pentagon = make("path", "glyph", d="M0,-7l6.5,5l-2.5,7.5h-8l-2.5,-7.5z", **middle)
        return [make("circle", "ring", r=12.5, **middle), make("circle", "ring", r=10, **middle), pentagon]
    paths = {"exclusiveGateway": _CROSS, "parallelGateway": _PLUS, "complexGateway": _CROSS + _PLUS}
    return [make("path", "glyph thick", d=paths[kind], **middle)]
