"""A data object that is not drawn, or that nobody has written, holds nothing to read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process
from engine.model.graph import WholeProcess
from engine.model.lint.snake_case_id import WORDS


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Data associations name data objects of their own or an outer scope; what is read has been written before."""
    for whole in folder.wholes(diagram):
        for element in whole.process.elements:
            for name in dict.fromkeys((*element.reads, *element.writes)):
                if not _is_drawn(name, element, whole.process):
                    yield error(
                        element,
                        f"关联的数据对象“{name}”没有画在本流程里，或编号不是小写英文单词。请关联流程中的数据对象。",
                        f"is associated with the data object “{name}”, which is not drawn in this process or whose id "
                        "is not in snake_case; use a data object of the process.",
                    )
            for name in element.reads:
                if not _is_written_before(name, element, whole):
                    yield error(
                        element,
                        f"读取数据对象“{name}”，但之前没有哪一步写入它。请在前面的步骤画出写入的关联。",
                        f"reads the data object “{name}”, which no step before writes; let an earlier step write it.",
                    )


def _is_drawn(name: str, element: Element, process: Process) -> bool:
    around: set[str | None] = {None, element.scope}
    owner = process.find(element.scope)
    while owner is not None and owner.scope not in around:
        around.add(owner.scope)
        owner = process.find(owner.scope)
    return bool(WORDS.fullmatch(name)) and any(id_ == name and scope in around for id_, scope in process.data_objects)


def _is_written_before(name: str, element: Element, whole: WholeProcess) -> bool:
    before = (whole.process.find(id_) for id_ in whole.upstream(element.id))
    return any(name in each.writes for each in before if each is not None and each is not element)
