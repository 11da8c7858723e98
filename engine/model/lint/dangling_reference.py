"""A line that leads nowhere on the drawing leads nowhere when it runs."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import ACTIVITIES, Diagram, Process


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Flows stay inside one scope, boundary events sit on something, defaults and references exist."""
    for process in diagram.processes:
        yield from _check_flows(process)
        yield from _check_elements(process)


def _check_flows(process: Process) -> Iterator[Remark]:
    for flow in process.flows:
        source, target = process.find(flow.source), process.find(flow.target)
        if source is None or target is None or not source.scope == target.scope == flow.scope:
            yield error(
                flow,
                "的一端没有接上，或跨越了子流程的边界。请在同一层内重新连接。",
                "is not connected at both ends, or crosses the border of a sub-process; connect it within one scope.",
            )


def _check_elements(process: Process) -> Iterator[Remark]:
    flows = {flow.id: flow for flow in process.flows}
    for element in process.elements:
        host = process.find(element.attached_to)
        if element.kind == "boundaryEvent" and not (host and host.scope == element.scope and host.kind in ACTIVITIES):
            yield error(
                element, "没有附着在任何活动上。请把它放到活动的边框上。", "sits on no activity; put it on one."
            )
        default = flows.get(element.default or "")
        if element.default and (default is None or default.source != element.id):
            yield error(
                element,
                f"的默认连线“{element.default}”不是从它引出的。请重新指定默认连线。",
                f"has the default flow “{element.default}”, which does not leave it; choose its default again.",
            )
