"""Interrupting a multi-instance activity directly breaks the running case."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import SUB_PROCESSES, Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """The interrupting boundary event sits on the embedded sub-process around the multi-instance activity."""
    for process in diagram.processes:
        for event in process.elements:
            host = process.find(event.attached_to)
            if host and host.multi_instance and host.kind in SUB_PROCESSES | {"callActivity"} and event.cancel_activity:
                yield error(
                    event,
                    f"直接中断多实例活动“{host.name or host.id}”，会出错。"
                    "请把该活动放进一个子流程，边界事件画在子流程上。",
                    f"interrupts the multi-instance activity “{host.name or host.id}” directly, which fails; "
                    "put that activity into a sub-process and the boundary event on the sub-process.",
                )
