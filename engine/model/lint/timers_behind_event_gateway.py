"""Two timers behind one event gateway share one due time."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """At most one timer waits behind an event-based gateway."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind == "eventBasedGateway"):
            waiting = [graph.elements[flow.target] for flow in graph.outgoing[gateway.id]]
            if sum(element.has_event("timer") for element in waiting) > 1:
                yield error(
                    gateway,
                    "之后有两个以上的定时事件，它们会共用一个到期时间。请只留最早的一个，其余画在其后。",
                    "has several timers behind it, which would share one due time; keep the earliest only.",
                )
