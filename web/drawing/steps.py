"""The diagram as a list of steps in the order they happen: the same story for ears, for print and for small screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from web.drawing.picture import ACTIVITIES, EVENTS, SUB_PROCESSES, Element, Picture
from web.drawing.reading import read_picture
from web.drawing.states import ElementState, words_of

_ALWAYS = ACTIVITIES | SUB_PROCESSES


@dataclass(frozen=True)
class Step:
    """One line of the list.

    `state` is one of the five states or "todo", `words` says it in Chinese; `lane` is the name of the lane ("" for
    none), `depth` counts the sub-processes around the step.
    """

    id: str
    name: str
    kind: str
    lane: str
    depth: int
    state: str
    words: str

    @property
    def sentence(self) -> str:
        """The whole line: “分析研判（吹哨办）：在办。还剩 3 小时”."""
        place = f"{self.name}（{self.lane}）" if self.lane else self.name
        return f"{place}：{self.words}"


def steps_as_text(diagram: bytes, states: Mapping[str, ElementState]) -> list[Step]:
    """Every activity, every named event and whatever has a state, in flow order, sub-process steps after their own.

    `diagram` is the BPMN file, `states` go by element id. Raises DiagramNotDrawable for a bad file.
    """
    picture = read_picture(diagram)
    return [
        _step(picture, element, states.get(element.id), depth)
        for element, depth in _in_order(picture)
        if element.kind in _ALWAYS or element.id in states or (element.kind in EVENTS and element.name)
    ]


def _step(picture: Picture, element: Element, state: ElementState | None, depth: int) -> Step:
    lane = picture.elements.get(element.lane or "")
    return Step(
        id=element.id,
        name=element.name or element.id,
        kind=element.kind,
        lane=lane.name if lane else "",
        depth=depth,
        state=state.state if state else "todo",
        words=words_of(state),
    )


def _in_order(picture: Picture) -> Iterator[tuple[Element, int]]:
    """Flow nodes with their depth, process after process."""
    children: dict[str | None, list[Element]] = {}
    for shape in sorted(picture.shapes, key=lambda shape: (shape.box.x, shape.box.y)):
        children.setdefault(shape.element.parent, []).append(shape.element)
    following = _following(picture)
    processes = [element.id for element in picture.elements.values() if element.kind == "process"]
    for process in processes:
        yield from _walk(process, children, following, 0)


def _walk(
    scope: str, children: Mapping[str | None, list[Element]], following: Mapping[str, list[str]], depth: int
) -> Iterator[tuple[Element, int]]:
    for element in _flow_order(children.get(scope, []), following):
        yield element, depth
        if element.kind in SUB_PROCESSES:
            yield from _walk(element.id, children, following, depth + 1)


def _following(picture: Picture) -> dict[str, list[str]]:
    """Element id → ids that may come next: over its flows, and over the events on its boundary."""
    following: dict[str, list[str]] = {}
    for flow in picture.flows():
        following.setdefault(flow.source or "", []).append(flow.target or "")
    for element in picture.elements.values():
        if element.attached_to:
            following.setdefault(element.attached_to, []).append(element.id)
    return following


def _flow_order(elements: list[Element], following: Mapping[str, list[str]]) -> list[Element]:
    """Each element after all that lead to it, loops apart: depth first from the starts, last left comes first.

    `elements` come sorted from left to right; what stands left is told first where the flow leaves it open.
    """
    place = {element.id: number for number, element in enumerate(elements)}
    starts = [element.id for element in elements if element.kind == "startEvent"]
    seen: set[str] = set()
    order = [identity for root in reversed(starts) for identity in _left_from(root, place, following, seen)][::-1]
    for element in elements:
        order += reversed(_left_from(element.id, place, following, seen))
    return [elements[place[identity]] for identity in order]


def _left_from(root: str, place: Mapping[str, int], following: Mapping[str, list[str]], seen: set[str]) -> list[str]:
    """What is new from here, in the order a depth-first search leaves it; no recursion, for diagrams may be long."""
    left: list[str] = []
    path = [] if root in seen else [(root, _next(root, place, following))]
    seen.add(root)
    while path:
        here, onward = path[-1]
        target = next((identity for identity in onward if identity not in seen), None)
        if target is None:
            left.append(here)
            path.pop()
        else:
            seen.add(target)
            path.append((target, _next(target, place, following)))
    return left


def _next(identity: str, place: Mapping[str, int], following: Mapping[str, list[str]]) -> Iterator[str]:
    """What may come next, the rightmost first, for the search turns the order round."""
    return iter(sorted((x for x in following.get(identity, []) if x in place), key=place.__getitem__, reverse=True))
