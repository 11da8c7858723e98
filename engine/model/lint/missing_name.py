"""A step without a name is a blank in the inbox, the journal and every message about it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import ACTIVITIES, DECIDING_GATEWAYS, EVENTS, Diagram
from engine.model.graph import Graph


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Processes, activities, events and gateways that choose are named."""
    for process in diagram.processes:
        if not process.name.strip():
            yield error(process, "没有名称。请写上办事人员看得懂的名称。", "has no name; give it a plain one.")
    for graph in folder.graphs(diagram):
        for element in graph.elements.values():
            if not element.name and (element.kind in ACTIVITIES | EVENTS or _chooses(graph, element.id, element.kind)):
                yield error(
                    element,
                    "没有名称。任务写动词加对象，网关写要判断的问题，事件写发生了什么。",
                    "has no name; name a task by what is done, a gateway by its question, an event by its fact.",
                )


def _chooses(graph: Graph, element_id: str, kind: str) -> bool:
    return kind in DECIDING_GATEWAYS and len(graph.outgoing.get(element_id, ())) > 1
