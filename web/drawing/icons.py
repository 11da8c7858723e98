"""The small signs inside BPMN shapes, drawn for this service around the middle of a 16 px square."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin

from lxml import etree

from web.drawing.picture import Point
from web.drawing.svg import group, make

# name → parts: (role, path). "glyph" is a stroke, "solid" is filled, "gap" is cut out of a solid.
_TASKS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "userTask": (
        ("glyph", "M-3,-3.5a3,3 0 1 1 6,0a3,3 0 1 1 -6,0z"),
        ("glyph", "M-6,6.5v-1.5a4.5,4.5 0 0 1 4.5,-4.5h3a4.5,4.5 0 0 1 4.5,4.5v1.5z"),
    ),
    "manualTask": (
        ("glyph", "M-6.5,1.5v-3.5q0,-3 3,-3h3l-2.5,2.5M-1,-2.5h6.5a1.1,1.1 0 0 1 0,2.4h-4"),
        ("glyph", "M5.5,-0.1h0.6a1.1,1.1 0 0 1 0,2.4h-4.6"),
        ("glyph", "M1.5,2.3h3.6a1.1,1.1 0 0 1 0,2.4h-4.6h3a1,1 0 0 1 0,2.1h-6q-4,0 -4,-5.3"),
    ),
    "sendTask": (("solid", "M-7,-5h14v10h-14z"), ("gap line", "M-7,-5l7,6l7,-6")),
    "receiveTask": (("glyph", "M-7,-5h14v10h-14zM-7,-5l7,6l7,-6"),),
    "businessRuleTask": (
        ("glyph", "M-7,-5.5h14v11h-14zM-7,2h14M-2.5,-2v7.5"),
        ("solid", "M-7,-5.5h14v3.5h-14z"),
    ),
    "scriptTask": (("glyph", "M-3,-6.5h8q-4,3 -1,6.5t-1,6.5h-8q4,-3 1,-6.5t1,-6.5zM-1.5,-3h4M-1,0h4M0,3h4"),),
}


def _gear() -> str:
    """A toothed wheel with a hole."""
    teeth, rim = 8, []
    for step in range(teeth * 4):
        radius = 6.8 if step % 4 in (0, 1) else 5.0
        angle = 2 * pi * (step - 0.5) / (teeth * 4)
        rim.append(f"{radius * cos(angle):.2f},{radius * sin(angle):.2f}")
    return f"M{'L'.join(rim)}zM-2.2,0a2.2,2.2 0 1 1 4.4,0a2.2,2.2 0 1 1 -4.4,0z"


def _clock() -> str:
    ticks = "".join(
        f"M{7.2 * sin(pi * hour / 6):.2f},{-7.2 * cos(pi * hour / 6):.2f}"
        f"L{8.6 * sin(pi * hour / 6):.2f},{-8.6 * cos(pi * hour / 6):.2f}"
        for hour in range(0, 12, 3)
    )
    return f"M-8.6,0a8.6,8.6 0 1 1 17.2,0a8.6,8.6 0 1 1 -17.2,0z{ticks}M0,-5v5h3.8"


_ENVELOPE = "M-7.5,-5.5h15v11h-15zM-7.5,-5.5l7.5,6.5l7.5,-6.5"
# event definition → outline; a thrown event is the same, filled
_EVENTS: Mapping[str, str] = {
    "timer": _clock(),
    "message": _ENVELOPE,
    "error": "M-7,7l4,-13l5.5,6.5l4,-8l-3.5,13l-5.5,-6.5z",
    "escalation": "M0,-8l6,14l-6,-6l-6,6z",
    "signal": "M0,-8l8,13.5h-16z",
    "conditional": "M-6.5,-8h13v16h-13zM-4,-4.5h8M-4,-1.5h8M-4,1.5h8M-4,4.5h8",
    "compensate": "M0,-6v12l-8,-6zM8,-6v12l-8,-6z",
    "cancel": "M-7,-4.5l2.5,-2.5l4.5,4.5l4.5,-4.5l2.5,2.5l-4.5,4.5l4.5,4.5l-2.5,2.5l-4.5,-4.5l-4.5,4.5l-2.5,-2.5z",
    "link": "M-8,-3.5h8v-4l8,7.5l-8,7.5v-4h-8z",
    "multiple": "M0,-8l8,6l-3,9.5h-10l-3,-9.5z",
}
_MARKERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "parallel": (("glyph thick", "M-4,-5v10M0,-5v10M4,-5v10"),),
    "sequential": (("glyph thick", "M-5,-4h10M-5,0h10M-5,4h10"),),
    "loop": (("glyph", "M-3,4.5a5,5 0 1 1 5,0.6M-6.5,4.8h3.7v-3.7"),),
    "collapsed": (("glyph", "M-6,-6h12v12h-12zM0,-3.5v7M-3.5,0h7"),),
    "adHocSubProcess": (("glyph thick", "M-6,1.5q3,-5 6,-1.5t6,-1.5"),),
}


def task_icon(kind: str, at: Point) -> etree._Element | None:
    """The sign of a kind of task, or None for the kinds that have none."""
    if kind == "serviceTask":
        return _placed((("glyph", _gear()),), at)
    return _placed(_TASKS[kind], at) if kind in _TASKS else None


def event_icon(event: str, at: Point, *, thrown: bool) -> etree._Element | None:
    """The sign inside an event: an outline when it is caught, solid when it is thrown."""
    if event == "terminate":
        return make("circle", "solid", cx=at.x, cy=at.y, r=10)
    if event not in _EVENTS:
        return None
    if thrown and event == "message":
        return _placed((("solid", "M-7.5,-5.5h15v11h-15z"), ("gap line", "M-7.5,-5.5l7.5,6.5l7.5,-6.5")), at)
    return _placed((("solid" if thrown else "glyph", _EVENTS[event]),), at)


def marker_icon(marker: str, at: Point) -> etree._Element:
    """The sign at the lower edge of an activity: loop, parallel, sequential, collapsed."""
    return _placed(_MARKERS[marker], at)


def _placed(parts: tuple[tuple[str, str], ...], at: Point) -> etree._Element:
    drawn = [make("path", role, d=path) for role, path in parts]
    return group(*drawn, transform=f"translate({at.x:g} {at.y:g})")
