"""Event sub-processes start at the wrong time or keep the process from ending."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No sub-process is triggered by an event."""
    for element in diagram.elements:
        if element.triggered_by_event:
            yield error(
                element,
                "是事件子流程，运行时会误触发或使流程无法结束。请改用子流程上的边界事件。",
                "is an event sub-process, which would start at the wrong time; use a boundary event on a sub-process.",
            )
