"""Data objects: values that all tokens of a scope share. A data association brings one to a node or puts it back.

The object's id is the variable's name. An object is known in the process or sub-process that draws it and in the
sub-processes inside, never in a called process (BPMN 2.0, 10.4.1 and 10.4.2).
"""

from __future__ import annotations

from typing import Any

from engine.spiff.expressions import DiagramFault, name_of
from engine.values import plain

_OBJECTS = "data_objects"


def bring(names: tuple[str, ...], task: Any) -> None:
    """Give a task the data objects it reads, as variables; one that nobody has written yet is a fault."""
    for name in names:
        objects = _holding(name, task)
        if name not in objects:
            raise DiagramFault(where=name_of(task), why=f"数据对象“{name}”还没有写入")
        task.data[name] = plain(objects[name])


def put_back(reads: tuple[str, ...], writes: tuple[str, ...], task: Any) -> None:
    """Keep the variables a task writes in their data objects; none of them goes on with the token."""
    for name in writes:
        if name not in task.data:
            raise DiagramFault(where=name_of(task), why=f"应写入数据对象“{name}”，但没有这个变量")
        _holding(name, task)[name] = task.data[name]
    for name in {*reads, *writes}:
        task.data.pop(name, None)


def _holding(name: str, task: Any) -> dict[str, object]:
    """The objects of the nearest scope that draws this one."""
    tree = task.workflow
    while name not in tree.spec.objects and tree.spec.name in tree.top_workflow.program.embedded:
        tree = tree.parent_workflow
    objects: dict[str, object] = tree.data.setdefault(_OBJECTS, {})
    return objects
