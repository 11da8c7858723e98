"""When two conditions are true the drawing does not say which way the case goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.dmn.pieces import Piece, when, where
from engine.model.checking import Folder, Place, Remark, error, warning
from engine.model.conditions import Conjunction, both_hold, read_conjunction, share_a_name
from engine.model.diagram import Diagram, Flow

MOST_FLOWS = 30  # beyond this, comparing every pair costs more than anyone who draws such a gateway can expect


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No two plain conditions of one exclusive gateway can both be true; of two about different things it warns."""
    for graph in folder.graphs(diagram):
        for gateway in (e for e in graph.elements.values() if e.kind == "exclusiveGateway"):
            for (one, first), (other, second) in combinations(_readable(graph.outgoing[gateway.id]), 2):
                sample = both_hold(first, second)
                if sample:
                    yield _remark(gateway, (one, other), sample, certain=share_a_name(first, second))


def _readable(flows: list[Flow]) -> list[tuple[Flow, Conjunction]]:
    read = [(flow, read_conjunction(flow.condition)) for flow in flows[:MOST_FLOWS] if flow.condition]
    return [(flow, conjunction) for flow, conjunction in read if conjunction]


def _remark(gateway: Place, flows: tuple[Flow, Flow], sample: Mapping[str, Piece], *, certain: bool) -> Remark:
    one, other = flows
    say = error if certain else warning
    return say(
        gateway,
        f"的两个条件“{one.condition}”和“{other.condition}”{when(sample)}同时成立，走哪条说不清。请改到只有一个能成立。",
        f"has the conditions “{one.condition}” and “{other.condition}”, which are both true {where(sample)}; keep one.",
    )
