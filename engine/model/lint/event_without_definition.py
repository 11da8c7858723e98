"""An event that waits for nothing in particular, or for nothing named, cannot be waited for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import CATCHING_EVENTS, Diagram, Element

NAMED = frozenset({"message", "signal", "escalation"})
NAMED_WHEN_THROWN = NAMED | {"error"}


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A catching event says what it waits for; messages and signals have names. Errors may be caught unnamed, and
    an optional task has its form for a message.
    """
    for element in diagram.elements:
        if _lacks_definition(element) and not element.is_optional:
            yield error(
                element,
                "没有写明等待或抛出什么（消息、定时、信号、升级或错误，及其名称）。请补上。",
                "does not say what it waits for or throws (a message, timer, signal, escalation or error, by name).",
            )


def _lacks_definition(element: Element) -> bool:
    if element.kind in CATCHING_EVENTS | {"receiveTask", "sendTask"} and not element.events:
        return True
    thrown = element.kind in {"endEvent", "intermediateThrowEvent"}
    named = NAMED_WHEN_THROWN if thrown else NAMED - ({"escalation"} if element.kind == "boundaryEvent" else set())
    return any(event.kind in named and not event.name for event in element.events)
