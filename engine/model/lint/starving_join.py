"""A parallel join waits for a token on every flow; one that only itself could send never comes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element
from engine.model.graph import Graph, reach


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every flow into a parallel gateway is fed without passing it first, and again in every round of its loop."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind == "parallelGateway"):
            if len(graph.incoming[gateway.id]) > 1 and _starves(gateway, graph):
                yield error(
                    gateway,
                    "有连线要等它自己走过之后才会有人来，会永远等下去。请在它前面加一个排他网关，让返工的连线汇到那里。",
                    "waits for a flow that is only fed after it has fired, so it would wait for ever; "
                    "put an exclusive gateway before it and let the loop come back there.",
                )


def _starves(gateway: Element, graph: Graph) -> bool:
    sources = {flow.source for flow in graph.incoming[gateway.id]}
    from_start = reach(graph.steps, graph.starts, without=frozenset({gateway.id}))
    by_itself = reach(graph.steps, graph.steps.get(gateway.id, ()))
    return not sources <= from_start or not (sources <= by_itself or sources.isdisjoint(by_itself))
