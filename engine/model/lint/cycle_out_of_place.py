"""Only a reminder can come again and again: everywhere else a cycle would fire once and never more."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A cycle stands on a boundary event that does not interrupt."""
    for element in diagram.elements:
        repeats = any(event.timer and event.timer.kind == "timeCycle" for event in element.events)
        if repeats and (element.kind != "boundaryEvent" or element.cancel_activity):
            yield error(
                element,
                "用了循环定时，但只会触发一次。循环只能用在不中断的边界事件上；这里请改为时长或时刻。",
                "has a cycle but would fire only once; a cycle belongs on a non-interrupting boundary event, "
                "so write a duration or an instant here.",
            )
