"""Of two elements with one id the engine keeps one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.model.checking import Folder, Place, Remark, error
from engine.model.diagram import Diagram, Element, Flow, Process


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Every id occurs once in its file, and every process id once in the folder."""
    for id_, count in Counter(diagram.ids).items():
        if count > 1:
            yield error(
                _place_of(id_, diagram),
                f"的编号“{id_}”在文件里用了 {count} 次。请给每个元素自己的编号。",
                f"uses the id “{id_}” {count} times in one file; give every element its own.",
            )
    for process in diagram.processes:
        twins = [each.file for each in folder.diagrams.values() if process.id in {p.id for p in each.processes}]
        if process.id and len(twins) > 1:
            yield error(
                process,
                f"的编号在几个文件里都有：{'、'.join(twins)}。请改成不同的编号。",
                f"has the same id in several files: {', '.join(twins)}; rename all but one.",
            )


def _place_of(id_: str, diagram: Diagram) -> Place:
    places: tuple[Process | Element | Flow, ...] = (*diagram.processes, *diagram.elements, *diagram.flows)
    return next((place for place in places if place.id == id_), None)
