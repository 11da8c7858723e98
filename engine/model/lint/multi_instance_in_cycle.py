"""A multi-instance activity that is come to twice in one scope stumbles over its first round."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """The rework loop goes around the sub-process that holds the multi-instance activity, not through its inside."""
    for graph in folder.graphs(diagram):
        for element in graph.elements.values():
            if element.multi_instance and graph.goes_round(element):
                yield error(
                    element,
                    "是多实例，又处在同一层的循环里，第二轮会出错。请把它单独放进子流程，让循环绕着子流程走。",
                    "is multi-instance and lies on a loop of its own scope, so its second round fails; "
                    "put it into a sub-process and let the loop go around that.",
                )
