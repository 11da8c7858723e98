"""An error ends the activity it comes from; a boundary event that lets it go on contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Error boundary events interrupt (BPMN 2.0, table 10.92)."""
    for event in of_kind(diagram, "boundaryEvent"):
        if event.has_event("error") and not event.cancel_activity:
            yield error(
                event,
                "接收错误却不中断活动，这是做不到的。请改为中断，或改用升级事件。",
                "catches an error without interrupting, which cannot be; let it interrupt or use an escalation.",
            )
