"""Whoever looks for a process looks for a file of its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """One process per file, and the file is named after it."""
    stem = PurePosixPath(diagram.file).stem
    for process in diagram.processes[:1]:
        if process.id and process.id != stem:
            yield error(
                process,
                f"的编号与文件名不同。请把文件改名为“{process.id}.bpmn”，或把流程编号改为“{stem}”。",
                f"is not named like its file; rename the file to “{process.id}.bpmn” or the process to “{stem}”.",
            )
    for process in diagram.processes[1:]:
        yield error(
            process,
            "是这个文件里的第二个流程。请放到自己的文件里，用调用活动调用。",
            "is a second process in this file; give it a file of its own and call it.",
        )
