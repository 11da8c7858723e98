"""The engine has no complex gateway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No complex gateways."""
    for element in diagram.elements:
        if element.kind == "complexGateway":
            yield error(
                element,
                "是复杂网关，无法运行。请改用排他、包容或并行网关。",
                "is a complex gateway, which cannot run; use an exclusive, inclusive or parallel gateway.",
            )
