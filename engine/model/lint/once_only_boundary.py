"""A non-interrupting message, signal or escalation boundary event fires once and then never again."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, of_kind, warning
from engine.model.diagram import Diagram

ONCE = ("message", "signal", "escalation")


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Warns that only the first occurrence is taken; a reminder that repeats is a timer cycle."""
    for event in of_kind(diagram, "boundaryEvent"):
        if not event.cancel_activity and any(event.has_event(kind) for kind in ONCE):
            yield warning(
                event,
                "不中断活动，只会触发第一次，之后再来不会响应。需要多次时请在其后画出循环等待。",
                "does not interrupt and reacts to the first occurrence only; draw a waiting loop if it may come again.",
            )
