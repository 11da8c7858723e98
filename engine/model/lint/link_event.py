"""Link events end the flow without a word instead of jumping."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No link events."""
    for element in diagram.elements:
        if element.has_event("link"):
            yield error(
                element,
                "使用了链接事件，运行时流程会在此无声中断。请直接画连线。",
                "is a link event, at which the flow would silently stop; draw a sequence flow instead.",
            )
