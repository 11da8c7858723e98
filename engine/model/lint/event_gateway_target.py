"""An event-based gateway can only wait for events."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram

WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every flow of an event-based gateway leads to a catch event or a receive task, and there are at least two."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind == "eventBasedGateway"):
            targets = [graph.elements[flow.target] for flow in graph.outgoing[gateway.id]]
            if len(targets) < 2 or any(target.kind not in WAITING for target in targets):
                yield error(
                    gateway,
                    "之后必须有至少两个等待的事件（中间捕获事件或接收任务），不能直接连到别的步骤。",
                    "must lead to at least two catch events or receive tasks, and to nothing else.",
                )
