"""An event that stands for several things at once leaves open which of them happened."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every event has at most one definition, and none waits for several in parallel."""
    for element in diagram.elements:
        if len(element.events) > 1 or element.marks.get("parallelMultiple") == "true":
            yield error(
                element,
                "同时代表几种事件，这里不支持。请用事件网关分别画出，或拆成几个边界事件。",
                "stands for several events at once, which is not supported; draw a gateway or several events.",
            )
