"""Draws events (BPMN 2.0.2, clause 10.5): one thin ring to start, two between, a thick one to end."""

from __future__ import annotations

from lxml import etree

from web.drawing.icons import event_icon
from web.drawing.picture import Shape
from web.drawing.svg import make

_THROWN = frozenset(["endEvent", "intermediateThrowEvent"])
_DOUBLE = frozenset(["intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
_DASHES = "4 2.5"


def draw_event(shape: Shape) -> list[etree._Element]:
    """The parts of an event, back to front; a non-interrupting one has dashed rings."""
    element, centre = shape.element, shape.box.centre
    radius = min(shape.box.width, shape.box.height) / 2
    dashed = {} if element.interrupting else {"stroke_dasharray": _DASHES}
    role = "body strong" if element.kind == "endEvent" else "body"
    parts = [make("circle", role, cx=centre.x, cy=centre.y, r=radius, **dashed)]
    if element.kind in _DOUBLE:
        parts.append(make("circle", "ring", cx=centre.x, cy=centre.y, r=max(radius - 3.5, 0), **dashed))
    icon = event_icon(element.event, centre, thrown=element.kind in _THROWN) if element.event else None
    return parts if icon is None else [*parts, icon]
