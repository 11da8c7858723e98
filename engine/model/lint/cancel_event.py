"""Cancel events belong to transactions, which are not offered."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No cancel events."""
    for element in diagram.elements:
        if element.has_event("cancel"):
            yield error(
                element,
                "使用了取消事件，这里不支持。请改用错误事件或升级事件。",
                "is a cancel event, which is not supported; use an error or escalation event.",
            )
