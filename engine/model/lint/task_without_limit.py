"""A task without a time limit is the one that is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every user task names its time limit."""
    for task in of_kind(diagram, "userTask"):
        if not task.attributes.get("dueDate", "").strip():
            yield error(
                task,
                "没有办理时限。请填写时限名称（dueDate），例如 respond，或 {solve_by}。",
                "has no time limit; give it a dueDate, such as respond or {solve_by}.",
            )
