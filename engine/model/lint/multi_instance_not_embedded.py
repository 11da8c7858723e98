"""Rework and interruption only work around a multi-instance activity that is embedded."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import SUB_PROCESSES, Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A multi-instance sub-process or call activity stands inside an embedded sub-process."""
    for element in diagram.elements:
        if element.multi_instance and element.kind in SUB_PROCESSES | {"callActivity"} and element.scope is None:
            yield error(
                element,
                "是多实例，但没有放在子流程里，返工或中断时会出错。请用一个子流程把它包起来。",
                "is multi-instance but not inside an embedded sub-process; wrap it in one.",
            )
