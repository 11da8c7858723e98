"""Puts the whole drawing together: what lies behind comes first, every element in a group of its own with its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from web.drawing.activities import draw_activity
from web.drawing.artifacts import draw_annotation, draw_data, draw_store
from web.drawing.containers import draw_container, draw_group
from web.drawing.events import draw_event
from web.drawing.flows import draw_edge
from web.drawing.gateways import draw_gateway
from web.drawing.labels import label_of_edge, label_of_shape
from web.drawing.paint import FONTS
from web.drawing.picture import (
    ACTIVITIES,
    CONTAINERS,
    EVENTS,
    GATEWAYS,
    SUB_PROCESSES,
    Box,
    Edge,
    Picture,
    Point,
    Shape,
)
from web.drawing.reading import read_picture
from web.drawing.states import ElementState, badge, sentence, tint
from web.drawing.svg import group, make, title
from web.drawing.text import printable

PADDING = 24.0

_DRAWERS: Mapping[str, Callable[[Shape], list[etree._Element]]] = {
    **dict.fromkeys(ACTIVITIES | SUB_PROCESSES, draw_activity),
    **dict.fromkeys(EVENTS, draw_event),
    **dict.fromkeys(GATEWAYS, draw_gateway),
    **dict.fromkeys(CONTAINERS, draw_container),
    "group": draw_group,
    "textAnnotation": draw_annotation,
    "dataObjectReference": draw_data,
    "dataStoreReference": draw_store,
}


@dataclass(frozen=True)
class _Telling:
    """What to tell beside the diagram; `rims` are the boundary events, `named` fills with the boxes of names."""

    states: Mapping[str, ElementState]
    links: Mapping[str, str]
    taken: Collection[str]
    rims: Collection[Box]
    named: list[Box] = field(default_factory=list)


def draw(
    diagram_xml: bytes,
    *,
    states: Mapping[str, ElementState],
    title: str,
    links: Mapping[str, str] | None = None,
    flows_taken: Collection[str] = (),
) -> str:
    """The diagram as one `<svg>` for putting into a page, without styles, scripts or ids.

    `states`, `links` (addresses) and `flows_taken` go by element id; ids the diagram does not know are passed over.
    Raises DiagramNotDrawable for a bad file and ValueError for a link that is neither a path nor http(s).
    """
    picture = read_picture(diagram_xml)
    safe = {key: _safe(link) for key, link in (links or {}).items()}
    rims = [shape.box for shape in picture.shapes if shape.element.kind == "boundaryEvent"]
    telling = _Telling(states, safe, frozenset(flows_taken), rims)
    layers = list(_layers(picture, telling))
    sheet = _sheet(_extent(picture, telling.named), title, telling)
    sheet.extend(layers)
    return etree.tostring(sheet, encoding="unicode")


def _safe(link: str) -> str:
    if urlsplit(link).scheme not in ("", "http", "https"):
        raise ValueError(f"not a link for a page: {link!r}")
    return link


def _sheet(extent: Box, words: str, telling: _Telling) -> etree._Element:
    """The svg itself. A picture with links in it is a group to a screen reader, for an img would hide them."""
    sheet = make(
        "svg",
        viewBox=f"{extent.x:g} {extent.y:g} {extent.width:g} {extent.height:g}",
        width=extent.width,
        height=extent.height,
        role="group" if telling.links else "img",
        aria_label=printable(words),
        font_family=FONTS,
        class_="bpmn is-tracked" if telling.states else "bpmn",
    )
    sheet.append(title(words))
    return sheet


def _extent(picture: Picture, labels: list[Box]) -> Box:
    """All that was drawn, and a margin."""
    boxes = [shape.box for shape in picture.shapes] + labels
    points = [point for edge in picture.edges for point in edge.points]
    left = min([box.x for box in boxes] + [point.x for point in points]) - PADDING
    top = min([box.y for box in boxes] + [point.y for point in points]) - PADDING
    right = max([box.right for box in boxes] + [point.x for point in points]) + PADDING
    bottom = max([box.bottom for box in boxes] + [point.y for point in points]) + PADDING
    return Box(round(left), round(top), round(right - left), round(bottom - top))


def _layers(picture: Picture, telling: _Telling) -> Iterator[etree._Element]:
    """Back to front: pools, lanes, open sub-processes (the larger first), flows, shapes, boundary events, names."""
    shapes = sorted((shape for shape in picture.shapes if shape.element.kind in _DRAWERS), key=_depth)
    areas = [shape for shape in shapes if _is_area(shape)]
    nodes = [shape for shape in shapes if not _is_area(shape)]
    yield from (_drawn_shape(shape, telling) for shape in areas)
    edges = sorted(picture.edges, key=lambda edge: edge.element.id in telling.taken)
    yield from (_drawn_edge(edge, picture, telling) for edge in edges)
    yield from (_drawn_shape(shape, telling) for shape in nodes)
    yield from _names(nodes, edges, telling)


def _is_area(shape: Shape) -> bool:
    kind = shape.element.kind
    return kind in CONTAINERS or kind == "group" or (kind in SUB_PROCESSES and shape.expanded)


def _depth(shape: Shape) -> tuple[int, float]:
    kind = shape.element.kind
    order = 0 if kind == "participant" else 1 if kind == "lane" else 3 if kind == "boundaryEvent" else 2
    return order, -shape.box.width * shape.box.height


def _drawn_shape(shape: Shape, telling: _Telling) -> etree._Element:
    element = shape.element
    state = telling.states.get(element.id)
    words = sentence(element.name or element.id, state)
    parts = _DRAWERS[element.kind](shape)
    if state:
        tint(parts[0], state)
        parts.append(badge(state, _corner(shape, telling)))
    drawn = group(title(words), *parts, data_element=element.id, class_=_classes(shape, state))
    return _linked(drawn, telling.links.get(element.id), words)


def _classes(shape: Shape, state: ElementState | None) -> str:
    if shape.element.kind in CONTAINERS or shape.element.kind in ("group", "textAnnotation"):
        return "bpmn-place"
    return f"bpmn-step is-{state.state}" if state else "bpmn-step"


def _corner(shape: Shape, telling: _Telling) -> Point:
    """Where the badge sits: the upper right corner, or the next one that no boundary event covers."""
    box = shape.box.shrunk(3)
    corners = [Point(box.right, box.y), Point(box.right, box.bottom), Point(box.x, box.y), Point(box.x, box.bottom)]
    others = [rim for rim in telling.rims if rim != shape.box]
    return next((corner for corner in corners if not any(_near(corner, rim) for rim in others)), corners[0])


def _near(corner: Point, rim: Box) -> bool:
    grown = rim.shrunk(-8)
    return grown.x < corner.x < grown.right and grown.y < corner.y < grown.bottom


def _linked(drawn: etree._Element, link: str | None, words: str) -> etree._Element:
    if link is None:
        return drawn
    anchor = make("a", href=link, aria_label=printable(words))
    anchor.append(drawn)
    return anchor


def _drawn_edge(edge: Edge, picture: Picture, telling: _Telling) -> etree._Element:
    words = [title(edge.element.name)] if edge.element.name else []
    return group(*words, *draw_edge(edge, picture), data_element=edge.element.id, class_=_edge_classes(edge, telling))


def _edge_classes(edge: Edge, telling: _Telling) -> str:
    return "bpmn-edge is-taken" if edge.element.id in telling.taken else "bpmn-edge"


def _names(nodes: list[Shape], edges: list[Edge], telling: _Telling) -> Iterator[etree._Element]:
    """The names outside, on top of all lines, each with its element's state."""
    placed = [(label_of_shape(shape), _classes(shape, telling.states.get(shape.element.id))) for shape in nodes]
    placed += [(label_of_edge(edge), _edge_classes(edge, telling)) for edge in edges]
    for label, classes in placed:
        if label is not None:
            text, box = label
            telling.named.append(box)
            yield group(text, class_=classes)
