"""A flow into a start or out of an end says that the beginning has a before, or the end an after."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram

NO_WAY_IN = frozenset({"startEvent", "boundaryEvent"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No flow leads to a start or boundary event, none leaves an end event."""
    for process in diagram.processes:
        for flow in process.flows:
            source, target = process.find(flow.source), process.find(flow.target)
            if target and target.kind in NO_WAY_IN:
                yield error(
                    flow,
                    "连到了开始事件或边界事件，它们不能有连入的线。请连到之后的步骤。",
                    "leads to a start or boundary event, which has no way in; lead it to the step behind.",
                )
            if source and source.kind == "endEvent":
                yield error(
                    flow,
                    "从结束事件引出，结束之后不会再走。请改为中间事件，或删去连线。",
                    "leaves an end event, after which nothing comes; use an intermediate event or delete the flow.",
                )
