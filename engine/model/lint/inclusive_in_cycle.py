"""In a rework loop an inclusive join goes on before all its branches have come."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """An inclusive gateway on a loop is wrapped, split and join together, in a sub-process inside the loop."""
    for graph in folder.graphs(diagram):
        for element in graph.elements.values():
            if element.kind == "inclusiveGateway" and graph.goes_round(element):
                yield error(
                    element,
                    "处在循环里，第二轮时会不等所有分支就往下走。请把分支与汇合一起放进子流程，循环绕着子流程走。",
                    "lies on a loop and would go on too early in the second round; "
                    "put split and join together into a sub-process.",
                )
