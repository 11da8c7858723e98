"""A default flow is taken when nothing else is; its condition would never be asked."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """The default flow carries no condition."""
    defaults = {element.default for element in diagram.elements}
    for flow in diagram.flows:
        if flow.condition and flow.id in defaults:
            yield error(
                flow,
                f"是默认连线，却带有条件“{flow.condition}”，条件不会被判断。请删去条件，或改设别的默认连线。",
                f"is a default flow with the condition “{flow.condition}”, which is never asked; "
                "remove the condition or choose another default.",
            )
