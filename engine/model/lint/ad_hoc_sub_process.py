"""An ad-hoc sub-process cannot be saved while it runs."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """No ad-hoc sub-processes."""
    for element in diagram.elements:
        if element.kind == "adHocSubProcess":
            yield error(
                element,
                "是即席子流程，运行中无法保存。请画成普通子流程。",
                "is an ad-hoc sub-process, which cannot be saved while running; draw an ordinary sub-process.",
            )
