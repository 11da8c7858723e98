"""A service task can only ask for what the service can do."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, of_kind, unknown
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Topics are on the printed list of verbs."""
    for element in of_kind(diagram, "serviceTask"):
        name = element.attributes.get("topic", "").strip()
        if name and name not in folder.known.verbs:
            yield unknown(element, name, folder.known.verbs, "动作", "verb")
