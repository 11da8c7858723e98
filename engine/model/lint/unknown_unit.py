"""A unit that is in no list has nobody in it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, for_people, unknown
from engine.model.diagram import Diagram
from engine.model.feel_texts import holder_parts


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Units written as codes are in units.csv."""
    for task in for_people(diagram):
        for _, unit in holder_parts(task):
            if not unit.is_feel and unit.text not in folder.known.units:
                yield unknown(task, unit.text, folder.known.units, "单位", "unit")
