"""A rule about who did an earlier step is empty when no such step exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, for_people, unknown
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """The steps named in the property other_than are tasks for people in the folder."""
    steps = {task.id for each in folder.diagrams.values() for task in for_people(each)}
    for task in for_people(diagram):
        for step in filter(None, map(str.strip, task.properties.get("other_than", "").split(","))):
            if step not in steps:
                yield unknown(task, step, steps, "步骤", "step")
