"""Without a list to go through nobody knows how many instances to open, nor without names what they hand in."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, Process
from engine.model.variables import written_by, written_by_instance

IGNORED = frozenset({"loopCardinality"})
COLLECTING = frozenset({"loopDataOutputRef", "outputDataItem"})


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A multi-instance activity names its list and its item, both ends of what it collects, and nothing ignored."""
    for process in diagram.processes:
        for element in process.elements:
            if element.multi_instance:
                yield from _check_input(element)
                yield from _check_output(element, process)


def _check_input(element: Element) -> Iterator[Remark]:
    several, ignored = element.multi_instance, sorted(element.parts & IGNORED)
    if several and not (several.collection and several.element_variable):
        yield error(
            element,
            "是多实例，但没有写明集合（collection）和元素变量（elementVariable）。请补上，例如 units 和 unit。",
            "is multi-instance without a collection and an element variable; give both, such as units and unit.",
        )
    if several and (ignored or several.behavior not in ("", "All")):
        named = "、".join(ignored or [f"behavior={several.behavior}"])
        yield error(
            element,
            f"的多实例写了 {named}，不会起作用。次数请写进集合（for i in 1..3 return i），结果请用结果集合或输出参数。",
            f"has {named} in its multi-instance, which would be ignored; write a number of times as a collection "
            "(for i in 1..3 return i), and collect results or use output parameters.",
        )


def _check_output(element: Element, process: Process) -> Iterator[Remark]:
    several = element.multi_instance
    if several is None or not (element.parts & COLLECTING or several.output_collection or several.output_element):
        return
    collection, item = several.output_collection, several.output_element
    if not collection or not item or collection == item:
        yield error(
            element,
            "的多实例要收集结果，须写明两个不同的名称：结果集合（loopDataOutputRef）和每一份的结果（outputDataItem 的 "
            "name），例如 opinions 和 opinion。",
            "collects from its instances but lacks two different names: the collection (loopDataOutputRef) and what "
            "each instance leaves (name of outputDataItem), such as opinions and opinion.",
        )
    elif not _may_write(element, item, process):
        yield error(
            element,
            f"的多实例要从每一份收集“{item}”，但里面没有哪一步写入它。请用输出参数（调用活动用传出）写入“{item}”。",
            f"collects “{item}” from its instances, but nothing in them writes it; write it with an output parameter, "
            "or camunda:out of a call.",
        )


def _may_write(element: Element, item: str, process: Process) -> bool:
    """Whether an instance has it, may bring it back from a call, or has something inside that writes it."""
    inside = process.within(element.id)
    written = written_by_instance(element).union(*map(written_by, inside))
    everything = any(out.everything for each in (element, *inside) for out in each.outs)
    return everything or item in written or item == element.multi_instance.element_variable  # type: ignore[union-attr]  # asked only of several
