"""Without a list to go through nobody knows how many instances to open."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element
from engine.model.variables import written_by_one

IGNORED = frozenset({"loopCardinality"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A multi-instance activity names its collection and its element variable, and nothing that would be ignored."""
    for element in diagram.elements:
        several = element.multi_instance
        if several and not (several.collection and several.element_variable):
            yield error(
                element,
                "是多实例，但没有写明集合（collection）和元素变量（elementVariable）。请补上，例如 units 和 unit。",
                "is multi-instance without a collection and an element variable; give both, such as units and unit.",
            )
        if several and not _collects_soundly(element):
            yield error(
                element,
                "汇集结果要同时写 loopDataOutputRef（汇成的变量）和 outputDataItem（每份的变量），每份还要写出后者。",
                "collects results only with both loopDataOutputRef and outputDataItem, and every instance writing the "
                "latter.",
            )
        ignored = sorted(element.parts & IGNORED)
        if several and (ignored or several.behavior not in ("", "All")):
            named = "、".join(ignored or [f"behavior={several.behavior}"])
            yield error(
                element,
                f"的多实例写了 {named}，不会起作用。次数请写进集合（for i in 1..3 return i），"
                "结果请用 loopDataOutputRef。",
                f"has {named} in its multi-instance, which would be ignored; write a number of times as a collection "
                "(for i in 1..3 return i) and collect results with loopDataOutputRef.",
            )


def _collects_soundly(element: Element) -> bool:
    """Nothing is collected, or something that every instance writes."""
    several, everything = element.multi_instance, any(out.everything for out in element.outs)
    if several is None or not (several.output_collection or several.output_element):
        return True
    written = everything or several.output_element in written_by_one(element)
    return bool(several.output_collection and several.output_element) and written
