"""A signal end event ends without sending its signal."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A signal is thrown by an intermediate event, never by an end event."""
    for element in diagram.elements:
        if element.kind == "endEvent" and element.has_event("signal"):
            yield error(
                element,
                "是信号结束事件，信号不会发出。请在普通结束事件前加一个信号抛出事件。",
                "is a signal end event, whose signal would never be sent; throw it just before a plain end event.",
            )
