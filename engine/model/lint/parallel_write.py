"""Of two branches that write the same variable the slower one silently wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import SUB_PROCESSES, Diagram, Element, Process
from engine.model.graph import Graph, reach
from engine.model.variables import written_by

SPLITS = frozenset({"parallelGateway", "inclusiveGateway"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Between a parallel or inclusive split and its join every variable is written on one branch only."""
    for graph in folder.graphs(diagram):
        for split in (e for e in graph.elements.values() if e.kind in SPLITS):
            if len(graph.outgoing[split.id]) > 1:
                yield from _check_split(split, graph)


def _check_split(split: Element, graph: Graph) -> Iterator[Remark]:
    """A writer's branches are a bit set; two writers collide when each is on a branch the other is not on."""
    writers: dict[str, dict[int, Element]] = defaultdict(dict)
    for element, branches in _branches(split, graph):
        for variable in _written_within(element, graph.process):
            writers[variable].setdefault(branches, element)
    for variable, by_branches in sorted(writers.items()):
        pair = next(((a, b) for a, b in combinations(by_branches, 2) if a & ~b and b & ~a), None)
        if pair:
            one, other = (by_branches[branches] for branches in pair)
            yield error(
                one,
                f"和“{other.name or other.id}”在两条并行分支上都写入“{variable}”，会丢失其一。请用不同的名称。",
                f"and “{other.name or other.id}” write “{variable}” on two branches that run at the same time, "
                "so one of them is lost; use different names.",
            )


def _branches(split: Element, graph: Graph) -> Iterator[tuple[Element, int]]:
    """Each element after the split with the set of branches that lead to it before the split is come to again."""
    found: dict[str, int] = defaultdict(int)
    for number, flow in enumerate(graph.outgoing[split.id]):
        for id_ in reach(graph.steps, [flow.target], without=frozenset({split.id})):
            found[id_] |= 1 << number
    return ((element, found[id_]) for id_, element in graph.elements.items() if id_ in found)


def _written_within(element: Element, process: Process) -> frozenset[str]:
    """What it leaves behind, with what is inside a sub-process; what instances of several write inside stays there."""
    written, waiting, seen = set[str](), [element], set[str]()
    while waiting:
        each = waiting.pop()
        written |= written_by(each)
        if each.multi_instance is None and each.kind in SUB_PROCESSES and each.id not in seen:
            seen.add(each.id)  # sub-processes that share an id are gone through once
            waiting += process.inside(each.id)
    return frozenset(written)
