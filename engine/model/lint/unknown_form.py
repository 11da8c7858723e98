"""A task whose form does not exist cannot be opened."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, unknown
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Form keys name files in forms/."""
    for element in diagram.elements:
        name = element.attributes.get("formKey", "").strip()
        if name and name not in folder.known.forms:
            yield unknown(element, name, folder.known.forms, "表单", "form")
