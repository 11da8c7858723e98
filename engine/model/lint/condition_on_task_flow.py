"""The engine ignores a condition on a flow that does not leave a deciding gateway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import DECIDING_GATEWAYS, Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Conditions belong on flows that leave an exclusive or inclusive gateway."""
    for process in diagram.processes:
        for flow in process.flows:
            source = process.find(flow.source)
            if flow.condition and source and source.kind not in DECIDING_GATEWAYS:
                yield error(
                    flow,
                    f"带有条件“{flow.condition}”，但它不是从排他网关或包容网关引出的，条件不会起作用。请在前面加一个网关。",
                    f"has the condition “{flow.condition}” but does not leave an exclusive or inclusive gateway, "
                    "so it would be ignored; put a gateway before it.",
                )
