"""How a failed verb is tried again must be said in the one way that is understood."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram
from engine.model.retry_text import RetryFault, read_retry


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A retry reads R5/PT5M: how often and after what time, on a service task."""
    for element in (element for element in diagram.elements if element.retry):
        if element.kind != "serviceTask":
            yield error(
                element,
                "写了重试，但只有服务任务会重试。请删去。",
                "has a retry, but only service tasks are tried again; delete it.",
            )
        elif not _is_read(element.retry):
            yield error(
                element,
                f"的重试“{element.retry[:80]}”看不懂。请写成次数和间隔，例如 R5/PT5M（五次，每次隔五分钟）。",
                f"has the retry “{element.retry[:80]}”, which is not read; write how often and after what time, "
                "such as R5/PT5M.",
            )


def _is_read(text: str) -> bool:
    try:
        return bool(read_retry(text))
    except RetryFault:
        return False
