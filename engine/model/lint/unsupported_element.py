"""A folder may only draw what is known to run as drawn."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import FLOW_NODES, Diagram

JUDGED_ELSEWHERE = frozenset({"complexGateway", "transaction", "adHocSubProcess", "scriptTask"})
SUPPORTED = FLOW_NODES - JUDGED_ELSEWHERE - {"task", "manualTask"}


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A plain task says neither who nor what does it, a manual task not when it is done; other tags cannot run."""
    for element in diagram.elements:
        if element.kind not in SUPPORTED | JUDGED_ELSEWHERE:
            yield error(
                element,
                "是不能运行的元素。请改用用户任务、服务任务、业务规则任务或调用活动。",
                "is an element that cannot run; use a user, service or business rule task or a call activity.",
            )
