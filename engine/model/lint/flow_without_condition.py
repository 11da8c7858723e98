"""A gateway cannot decide about a flow that names no condition."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import DECIDING_GATEWAYS, Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Where an exclusive or inclusive gateway chooses, every flow but the default has a condition."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind in DECIDING_GATEWAYS):
            flows = graph.outgoing[gateway.id]
            for flow in flows:
                if len(flows) > 1 and not flow.condition and flow.id != gateway.default:
                    yield error(
                        flow,
                        f"没有条件，也不是网关“{gateway.name or gateway.id}”的默认连线。请写明条件。",
                        f"has no condition and is not the default of the gateway “{gateway.name or gateway.id}”; "
                        "give it a condition.",
                    )
