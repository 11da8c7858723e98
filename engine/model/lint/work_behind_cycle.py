"""Work for people that a repeating boundary timer opens is withdrawn when the step it sits on is done."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import SUB_PROCESSES, Diagram, Element
from engine.model.graph import reach

WORK = SUB_PROCESSES | {"userTask", "manualTask", "receiveTask", "callActivity"}


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Refuses anything that takes time behind a repeating boundary timer: a reminder does its work at once."""
    for graph in folder.graphs(diagram):
        for event in graph.elements.values():
            if _repeats(event) and any(graph.elements[id_].kind in WORK for id_ in reach(graph.steps, [event.id])):
                yield error(
                    event,
                    "会反复触发，其后不能有需要人办理的步骤：本步骤办完时它们会被撤回。请只在其后画服务任务。",
                    "repeats, so nothing behind it may wait for people: it would be withdrawn with the step. "
                    "Draw service tasks there.",
                )


def _repeats(event: Element) -> bool:
    timers = (each.timer for each in event.events if each.timer)
    return event.kind == "boundaryEvent" and any(timer.kind == "timeCycle" for timer in timers)
