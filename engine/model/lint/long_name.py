"""A name longer than the database keeps would stop a case on its way, and nobody reads it anyway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process

LONGEST = 200


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Processes, elements, and the messages, signals, errors and escalations they name have at most 200 characters."""
    places: tuple[Process | Element, ...] = (*diagram.processes, *diagram.elements)
    for place in places:
        events = place.events if isinstance(place, Element) else ()
        if max(map(len, (place.name, *(text for event in events for text in (event.name, event.code))))) > LONGEST:
            yield error(
                place,
                f"的名称（或它的消息、信号、错误的名称）超过 {LONGEST} 个字。请写短，长的说明写在文档里。",
                f"has a name (or names a message, signal or error) of more than {LONGEST} characters; shorten it.",
            )
