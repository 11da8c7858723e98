"""Several flows out of one task look like a choice and run as a parallel split."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import GATEWAYS, Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Only gateways have more than one outgoing flow."""
    for graph in folder.graphs(diagram):
        for element in graph.elements.values():
            if element.kind not in GATEWAYS and len(graph.outgoing[element.id]) > 1:
                yield error(
                    element,
                    "之后有多条连线，看不出是同时走还是选一条走。请加一个并行网关或排他网关。",
                    "has several outgoing flows; put a parallel or exclusive gateway after it to say which is meant.",
                )
