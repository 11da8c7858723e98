"""A thrown compensation does nothing, and its boundary event is refused by the engine."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No compensation events and no compensation handlers."""
    for element in diagram.elements:
        if element.has_event("compensate") or element.for_compensation:
            yield error(
                element,
                "使用了补偿，运行时不会有任何作用。请把撤销的步骤画成普通任务。",
                "uses compensation, which would do nothing; draw the undoing steps as ordinary tasks.",
            )
