"""Without a list to go through nobody knows how many instances to open."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A multi-instance activity names its collection and its element variable."""
    for element in diagram.elements:
        several = element.multi_instance
        if several and not (several.collection and several.element_variable):
            yield error(
                element,
                "是多实例，但没有写明集合（collection）和元素变量（elementVariable）。请补上，例如 units 和 unit。",
                "is multi-instance without a collection and an element variable; give both, such as units and unit.",
            )
