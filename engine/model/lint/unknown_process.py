"""A call of a process that is not in the folder cannot be answered."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind, unknown
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every call activity calls a process of the same folder."""
    for call in of_kind(diagram, "callActivity"):
        if not call.called_element:
            yield error(
                call,
                "没有写明调用哪个流程。请填写被调用元素（calledElement）。",
                "does not say which process it calls; fill in its called element.",
            )
        elif call.called_element not in folder.processes:
            yield unknown(call, call.called_element, folder.processes, "流程", "process")
