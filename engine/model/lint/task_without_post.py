"""A task no post may hold waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, for_people
from engine.model.diagram import Diagram
from engine.model.holders import HolderFault, read_holders


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every user task, and every optional one, names its holders as post@unit, separated by commas."""
    for task in for_people(diagram):
        text = task.attributes.get("candidateGroups", "")
        if not text.strip():
            yield error(
                task,
                "没有写明由哪个岗位办理。请填写候选组，例如 vetter@{township}。",
                "has no post; fill in its candidate groups, such as vetter@{township}.",
            )
            continue
        try:
            read_holders(text)
        except HolderFault as fault:
            yield error(
                task,
                f"的办理岗位“{fault}”看不懂。请写成“岗位@单位”，例如 triager@whistle_office 或 vetter@{{township}}。",
                f"has the holder “{fault}”, which is not post@unit; write for example vetter@{{township}}.",
            )
