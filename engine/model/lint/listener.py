"""Listeners call program code that a county folder does not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process

LISTENERS = frozenset({"executionListener", "taskListener", "eventListener"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No execution or task listeners on anything."""
    places: tuple[Process | Element, ...] = (*diagram.processes, *diagram.elements)
    for place in places:
        if place.extensions & LISTENERS:
            yield error(
                place,
                "带有监听器，监听器不会运行。请删去；要通知或记录，请画服务任务。",
                "has a listener, which would never run; delete it and draw a service task for what it should do.",
            )
