"""A conditional event does not notice what another branch has changed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No conditional events."""
    for element in diagram.elements:
        if element.has_event("conditional"):
            yield error(
                element,
                "是条件事件，其他分支改变数据时不会触发。请改用消息事件或排他网关。",
                "is a conditional event, which would miss changes made by other branches; use a message event.",
            )
