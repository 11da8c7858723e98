"""Transactions undo by compensation, which does not work here."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No transactions."""
    for element in diagram.elements:
        if element.kind == "transaction":
            yield error(
                element,
                "是事务子流程，这里不支持。请画成普通子流程，用边界事件处理失败。",
                "is a transaction, which is not supported; draw a sub-process with a boundary event for failure.",
            )
