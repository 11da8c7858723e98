"""An error that no boundary event catches leaves its process in the middle of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram
from engine.model.rising import is_caught, thrown_by


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every error end event is caught on a sub-process around it, or on every call of its process."""
    for process in diagram.processes:
        for end in process.elements:
            thrown = thrown_by(end)
            if thrown and thrown.kind == "error" and not is_caught(thrown, end, process, folder):
                yield error(
                    end,
                    f"抛出错误“{thrown.code}”，外层没有边界事件接收。请在外层子流程或调用活动上画错误边界事件，或改用终止结束事件。",
                    f"throws the error “{thrown.code}”, which no boundary event around it catches; "
                    "draw an error boundary event on the sub-process or call, or use a terminate end event.",
                )
