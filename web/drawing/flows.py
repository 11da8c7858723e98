"""Draws what connects: sequence flows, message flows, associations (BPMN 2.0.2, clauses 7.4 and 8.4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from lxml import etree

from web.drawing.picture import ACTIVITIES, SUB_PROCESSES, Edge, Element, Picture, Point
from web.drawing.svg import make

_BEND = 8.0
_ARROW = 9.0
_DASHES = {"messageFlow": "7 4", "association": "1.5 4"}
_DATA = frozenset(["dataInputAssociation", "dataOutputAssociation"])


def draw_edge(edge: Edge, picture: Picture) -> list[etree._Element]:
    """The line with its corners, its arrow head and the signs at its foot."""
    points, element = _without_repeats(edge.points), edge.element
    if len(points) < 2:
        return []
    dashes = _DASHES.get("association" if element.kind in _DATA else element.kind)
    line = make("path", "flow" if dashes is None else "flow loose", d=_path(points), stroke_linejoin="round")
    if dashes:
        line.set("stroke-dasharray", dashes)
        line.set("stroke-linecap", "round")
    return [line, *_heads(points, element), *_foot(points, element, picture)]


def _without_repeats(points: Sequence[Point]) -> list[Point]:
    return [points[0], *(here for before, here in pairwise(points) if here != before)]


def _path(points: Sequence[Point]) -> str:
    """Straight runs joined by round bends, never rounder than half a run."""
    steps = [f"M{points[0].x:g},{points[0].y:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        bend = min(_BEND, _distance(before, corner) / 2, _distance(corner, after) / 2)
        into, out = _towards(corner, before, bend), _towards(corner, after, bend)
        steps.append(f"L{into.x:.2f},{into.y:.2f}Q{corner.x:g},{corner.y:g} {out.x:.2f},{out.y:.2f}")
    return "".join([*steps, f"L{points[-1].x:g},{points[-1].y:g}"])


def _heads(points: Sequence[Point], element: Element) -> list[etree._Element]:
    tip, before = points[-1], points[-2]
    if element.kind == "sequenceFlow":
        return [make("path", "arrow", d=_head(tip, before) + "z", stroke_linejoin="round")]
    if element.kind == "messageFlow":
        return [make("path", "arrow open", d=_head(tip, before) + "z", stroke_linejoin="round")]
    heads = [(tip, before)] if element.kind in _DATA or element.direction in ("One", "Both") else []
    heads += [(points[0], points[1])] if element.direction == "Both" else []
    return [make("path", "flow loose", d=_head(end, inner), stroke_linejoin="round") for end, inner in heads]


def _head(tip: Point, before: Point) -> str:
    back, side = _towards(tip, before, _ARROW), _across(tip, before, _ARROW * 0.42)
    return (
        f"M{back.x + side.x:.2f},{back.y + side.y:.2f}L{tip.x:g},{tip.y:g}L{back.x - side.x:.2f},{back.y - side.y:.2f}"
    )


def _foot(points: Sequence[Point], element: Element, picture: Picture) -> list[etree._Element]:
    """The stroke of a default flow, the diamond of a conditional one that leaves an activity, the dot of a message."""
    start, following = points[0], points[1]
    if element.kind == "messageFlow":
        return [make("circle", "arrow open", cx=start.x, cy=start.y, r=3.5)]
    if element.kind != "sequenceFlow":
        return []
    if element.condition == "default":
        return [make("path", "flow", d=_slash(start, following))]
    source = picture.elements.get(element.source or "")
    from_activity = source is not None and source.kind in ACTIVITIES | SUB_PROCESSES
    return [_diamond(start, following)] if element.condition and from_activity else []


def _slash(start: Point, following: Point) -> str:
    middle, side = _towards(start, following, 9), _across(start, following, 4.5)
    along = _towards(Point(0, 0), Point(following.x - start.x, following.y - start.y), 3)
    a = Point(middle.x + side.x + along.x, middle.y + side.y + along.y)
    b = Point(middle.x - side.x - along.x, middle.y - side.y - along.y)
    return f"M{a.x:.2f},{a.y:.2f}L{b.x:.2f},{b.y:.2f}"


def _diamond(start: Point, following: Point) -> etree._Element:
    middle, far, side = _towards(start, following, 7), _towards(start, following, 14), _across(start, following, 4.5)
    corners = [start, Point(middle.x + side.x, middle.y + side.y), far, Point(middle.x - side.x, middle.y - side.y)]
    return make("path", "arrow open", d="M" + "L".join(f"{c.x:.2f},{c.y:.2f}" for c in corners) + "z")


def _distance(a: Point, b: Point) -> float:
    return hypot(b.x - a.x, b.y - a.y)


def _towards(start: Point, goal: Point, by: float) -> Point:
    """The point so many px from start on the way to goal."""
    share = by / (_distance(start, goal) or 1)
    return Point(start.x + (goal.x - start.x) * share, start.y + (goal.y - start.y) * share)


def _across(start: Point, goal: Point, by: float) -> Point:
    """A step of so many px at a right angle to the way."""
    share = by / (_distance(start, goal) or 1)
    return Point(-(goal.y - start.y) * share, (goal.x - start.x) * share)
