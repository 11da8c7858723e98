"""A process without id or marked as not executable is a picture, not a process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """The file holds a process; it has an id and isExecutable=true."""
    if not diagram.processes:
        yield error(None, "里没有流程。请画一个流程，或删去这个文件。", "holds no process; draw one or delete it.")
    for process in diagram.processes:
        if not process.id:
            yield error(
                process,
                "没有编号（id）。请填写与文件名相同的英文编号。",
                "has no id; name it like its file.",
            )
        if not process.executable:
            yield error(
                process,
                "没有标为可执行。请勾选“可执行”。",
                "is not executable; set isExecutable.",
            )
