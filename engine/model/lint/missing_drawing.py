"""What is not drawn is executed all the same, and nobody sees it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, warning
from engine.model.diagram import Diagram, Process


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every element has a shape and every flow an edge; a file without any drawing is reported once."""
    for process in diagram.processes:
        if diagram.shapes:
            yield from _check_process(process, diagram)
        elif process.elements:
            yield warning(
                process,
                "没有图形，打开时看不到任何东西。请在流程图编辑器里画出来。",
                "has no drawing at all; draw it in a BPMN editor.",
            )


def _check_process(process: Process, diagram: Diagram) -> Iterator[Remark]:
    for element in process.elements:
        if element.id not in diagram.shapes:
            yield warning(element, "没有画在图上。请在编辑器里补画或删去。", "is not drawn; draw it or delete it.")
    for flow in process.flows:
        if len(diagram.edges.get(flow.id, ())) < 2:
            yield warning(flow, "没有画在图上。请在编辑器里重新连接。", "is not drawn; connect it again in an editor.")
