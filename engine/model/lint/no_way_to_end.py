"""A circle without an exit is a case that can never be closed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram
from engine.model.graph import Graph, reach


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """From every element an end event must be reachable; dead ends are another rule's business."""
    for graph in folder.graphs(diagram):
        ways_out = _ways_out(graph)
        for element in graph.elements.values():
            if element.id not in ways_out:
                yield error(
                    element,
                    "之后只有循环，走不到任何结束事件。请画出离开循环的连线。",
                    "leads only into a circle without an end event; draw a flow that leaves it.",
                )


def _ways_out(graph: Graph) -> frozenset[str]:
    back: dict[str, tuple[str, ...]] = {}
    for id_, following in graph.steps.items():
        for target in following:
            back[target] = (*back.get(target, ()), id_)
    return reach(back, (e.id for e in graph.elements.values() if e.kind == "endEvent" or not graph.has_flow_out(e)))
