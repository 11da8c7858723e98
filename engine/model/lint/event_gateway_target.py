"""An event-based gateway can only wait for events."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element
from engine.model.graph import Graph

WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """At least two flows lead to events that can be waited for and have no other way in (BPMN 2.0, 10.6.6)."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind == "eventBasedGateway"):
            targets = [graph.elements[flow.target] for flow in graph.outgoing[gateway.id]]
            if len(targets) < 2 or any(target.kind not in WAITING for target in targets):
                yield error(
                    gateway,
                    "之后必须有至少两个等待的事件（中间捕获事件或接收任务），不能直接连到别的步骤。",
                    "must lead to at least two catch events or receive tasks, and to nothing else.",
                )
            for target in targets:
                if target.is_optional:
                    yield error(
                        target,
                        "由人办理，不能排在事件网关之后。请改画成用户任务，并在它的边界上画等待的事件。",
                        "is an optional task and cannot stand behind an event-based gateway; draw a user task with the "
                        "awaited event on its border.",
                    )
                if len(graph.incoming[target.id]) > 1 or _has_border(target, graph):
                    yield error(
                        target,
                        "排在事件网关之后，不能再有别的连线连入，也不能带边界事件。请把它们移到之后的步骤。",
                        "stands behind an event-based gateway, where no other flow may come in, no boundary event sit; "
                        "move them to the step behind.",
                    )


def _has_border(target: Element, graph: Graph) -> bool:
    return any(element.attached_to == target.id for element in graph.elements.values())
