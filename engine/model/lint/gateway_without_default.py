"""When no condition is true and there is no default, the case stops with a fault."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import DECIDING_GATEWAYS, Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every exclusive or inclusive gateway that chooses has a default flow, one of its own."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind in DECIDING_GATEWAYS):
            flows = graph.outgoing[gateway.id]
            chooses = len(flows) > 1 or any(flow.condition for flow in flows)
            if chooses and gateway.default not in {flow.id for flow in flows}:
                yield error(
                    gateway,
                    "没有默认连线，条件都不成立时流程会停住。请把其中一条设为默认。",
                    "has no default flow, so the case would stop when no condition holds; choose one.",
                )
