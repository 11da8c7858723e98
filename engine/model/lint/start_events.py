"""A case can only begin in one way, and every sub-process too."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process
from engine.model.graph import Graph

STARTS = frozenset({"message", "signal"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A process has at most one plain start event, others wait for messages or signals; if called, only that."""
    for graph in folder.graphs(diagram):
        place = graph.process.find(graph.scope) or graph.process
        if isinstance(place, Element) and place.triggered_by_event:
            continue
        yield from _check_number(place, graph)
        called = graph.scope is not None or graph.process.id in folder.calls
        yield from _check_kinds(graph, frozenset() if called else STARTS)


def _check_number(place: Process | Element, graph: Graph) -> Iterator[Remark]:
    plain = [id_ for id_ in graph.starts if not graph.elements[id_].events]
    if not graph.starts:
        yield error(place, "没有开始事件。请画一个并连到第一步。", "has no start event; draw one.")
    elif len(plain) > 1:
        yield error(
            place,
            f"有 {len(graph.starts)} 个开始事件，不知从哪里开始。请只留一个普通开始事件。",
            f"has {len(graph.starts)} start events; keep one plain start event.",
        )


def _check_kinds(graph: Graph, allowed: frozenset[str]) -> Iterator[Remark]:
    for id_ in graph.starts:
        for event in graph.elements[id_].events:
            if event.kind not in allowed:
                yield error(
                    graph.elements[id_],
                    "不能用这种方式开始。流程可由消息或信号开始，子流程和被调用的流程只能用普通开始事件。",
                    "cannot start like this; a process may start by message or signal, but not when it is called.",
                )
