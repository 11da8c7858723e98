"""A step no token can come to is dropped by the engine without a word."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram
from engine.model.graph import reach


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every element must be reachable from a start event of its own scope."""
    for graph in folder.graphs(diagram):
        reached = reach(graph.steps, graph.starts)
        for element in graph.elements.values():
            if (
                graph.starts
                and element.id not in reached
                and not element.for_compensation
                and not element.triggered_by_event
            ):
                yield error(
                    element,
                    "从开始事件走不到，运行时会被丢弃。请用连线接入流程，或删去它。",
                    "cannot be reached from a start event and would be dropped; connect it or delete it.",
                )
