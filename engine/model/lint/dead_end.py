"""A step with no way on that is not an end event keeps its process open for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every element but an end event needs an outgoing flow."""
    for graph in folder.graphs(diagram):
        for element in graph.elements.values():
            if not graph.has_flow_out(element) and not _may_stand_last(element):
                yield error(
                    element,
                    "之后没有连线，流程到这里永远办不完。请连到下一步或结束事件。",
                    "has no outgoing flow, so the process would never end; lead it to the next step or an end event.",
                )


def _may_stand_last(element: Element) -> bool:
    return element.kind == "endEvent" or element.for_compensation or element.triggered_by_event
