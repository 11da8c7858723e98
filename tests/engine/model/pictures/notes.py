"""Sets notes beside the places of a diagram, each on a straight pole above or below its place, and crossing little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from lxml import etree

from tests.engine.model.pictures.colours import SIGNS
from web.drawing.labels import label_of_edge, label_of_shape
from web.drawing.picture import Box, Edge, Picture, Point
from web.drawing.reading import BPMNDI, DC, DI, MODEL, read_picture
from web.drawing.svg import leading
from web.drawing.text import width_of, wrap

MARKED = "note_"  # how the ids of notes begin that begin with a sign
_SIZE, _WIDEST, _BRACKET, _GAP = 12, 340.0, 18.0, 22.0


@dataclass(frozen=True)
class _Note:
    """What is said, and the pole's foot: the point of the place that it starts from; None belongs to no place."""

    text: str
    foot: Point | None
    above: bool

    @property
    def width(self) -> float:
        return max(width_of(line, _SIZE) for line in self._lines) + _BRACKET + 4

    @property
    def height(self) -> float:
        return len(self._lines) * leading(_SIZE) + 4

    @property
    def _lines(self) -> list[str]:
        return wrap(self.text, _WIDEST - _BRACKET, _SIZE)


def with_notes(sample: bytes, notes: Mapping[str, str]) -> bytes:
    """The diagram with a text annotation at each of these places, tied to it where it has a shape or an edge."""
    picture = read_picture(sample)
    root = etree.fromstring(sample)
    set_up = [_set_up(picture, place, text) for place, text in notes.items()]
    for above in (True, False):
        wanted = [note for found in set_up for note in found if note.above is above]
        for number, (note, box) in enumerate(_placed(wanted, picture)):
            kind = MARKED if note.text[0] in SIGNS.values() else "aside_"
            _annotate(root, f"{kind}{'above' if above else 'below'}_{number}", note, box)
    return etree.tostring(root)


def _set_up(picture: Picture, place: str, text: str) -> list[_Note]:
    """One note at every shape or edge of the place: an id used twice has two."""
    boxes = [shape.box for shape in picture.shapes if shape.element.id == place]
    boxes += [Box(*_middle(edge), 0, 0) for edge in picture.edges if edge.element.id == place]
    return [_on_pole(picture, box, text) for box in boxes] or [_Note(text, None, above=True)]


def _middle(edge: Edge) -> tuple[float, float]:
    start, end = max(pairwise(edge.points), key=lambda run: hypot(run[1].x - run[0].x, run[1].y - run[0].y))
    return (start.x + end.x) / 2, (start.y + end.y) / 2


def _on_pole(picture: Picture, box: Box, text: str) -> _Note:
    """From the middle of the place or from its rim, up or down: where the least stands in the way."""
    solid = [*_solid(picture, box)]
    ways = [(x, above) for x in _feet(box) for above in (True, False)]
    x, above = min(ways, key=lambda way: sum(weight for other, weight in solid if _crosses(*way, box, other)))
    on_rim = box.width and x != box.centre.x
    return _Note(text, Point(x, box.centre.y if on_rim else box.y if above else box.bottom), above)


def _feet(box: Box) -> tuple[float, ...]:
    """Where a pole may stand, best first; only what is round and small has rims to stand on."""
    return (box.centre.x, box.right, box.x) if 0 < box.width < 40 else (box.centre.x,)


def _crosses(x: float, above: bool, box: Box, other: Box) -> bool:
    return other.x <= x <= other.right and (other.y < box.y if above else other.bottom > box.bottom)


def _solid(picture: Picture, box: Box) -> Iterator[tuple[Box, int]]:
    """What a pole should not cross, and how bad it is: names and shapes that do not hold the place, runs of edges."""
    yield from ((label, 3) for label in _labels(picture))
    yield from ((shape.box, 3) for shape in picture.shapes if not _holds(shape.box, box))
    for one, other in (run for edge in picture.edges for run in pairwise(edge.points)):
        left, top = min(one.x, other.x), min(one.y, other.y)
        yield Box(left, top, abs(one.x - other.x), abs(one.y - other.y)), 1


def _labels(picture: Picture) -> list[Box]:
    found = [label_of_shape(shape) for shape in picture.shapes] + [label_of_edge(edge) for edge in picture.edges]
    return [label[1] for label in found if label]


def _holds(outer: Box, inner: Box) -> bool:
    return outer.x <= inner.x and outer.y <= inner.y and outer.right >= inner.right and outer.bottom >= inner.bottom


def _placed(notes: list[_Note], picture: Picture) -> Iterator[tuple[_Note, Box]]:
    """Flags on their poles: from the right, each as near to the drawing as its right neighbours leave room for."""
    top, left, bottom = _edges(picture)
    done: list[Box] = []
    for note in sorted(notes, key=lambda note: -(note.foot.x if note.foot else left)):
        x = note.foot.x if note.foot else left
        beside = [box for box in done if box.x < x + note.width + 8]
        if note.above:
            end = min([box.y for box in beside] + [top + 8]) - 8
            box = Box(x, end - note.height, note.width, note.height)
        else:
            start = max([box.bottom for box in beside] + [bottom - 8]) + 8
            box = Box(x, start, note.width, note.height)
        done.append(box)
        yield note, box


def _edges(picture: Picture) -> tuple[float, float, float]:
    """Above which, from which, and below which there is only paper."""
    boxes = [shape.box for shape in picture.shapes] + _labels(picture)
    points = [point for edge in picture.edges for point in edge.points]
    top = min([box.y for box in boxes] + [point.y for point in points])
    bottom = max([box.bottom for box in boxes] + [point.y for point in points])
    return top - _GAP, min(box.x for box in boxes), bottom + _GAP


def _annotate(root: etree._Element, identity: str, note: _Note, box: Box) -> None:
    process, plane = root.find(f"{MODEL}process"), root.find(f".//{BPMNDI}BPMNPlane")
    assert process is not None and plane is not None
    etree.SubElement(etree.SubElement(process, f"{MODEL}textAnnotation", id=identity), f"{MODEL}text").text = note.text
    shape = etree.SubElement(plane, f"{BPMNDI}BPMNShape", bpmnElement=identity)
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(shape, f"{DC}Bounds", {side: f"{value:g}" for side, value in sides.items()})
    if note.foot:
        etree.SubElement(process, f"{MODEL}association", id=f"{identity}_pole")
        edge = etree.SubElement(plane, f"{BPMNDI}BPMNEdge", bpmnElement=f"{identity}_pole")
        for y in (note.foot.y, box.bottom if note.above else box.y):
            etree.SubElement(edge, f"{DI}waypoint", x=f"{note.foot.x:g}", y=f"{y:g}")
