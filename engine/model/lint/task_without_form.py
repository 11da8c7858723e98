"""A task without a form gives its holder nothing to fill in and no button to press."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every user task names its form."""
    for task in of_kind(diagram, "userTask"):
        if not task.attributes.get("formKey", "").strip():
            yield error(
                task,
                "没有表单。请填写表单编号（formKey），例如 vet。",
                "has no form; give it a formKey, such as vet.",
            )
