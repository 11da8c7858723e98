"""Which process variables each element writes, and which are there when a token arrives at an element."""

from __future__ import annotations

from engine.model.checking import Folder
from engine.model.diagram import Element, Process
from engine.model.graph import WholeProcess


def written_by(element: Element) -> frozenset[str]:
    """The variables that stay behind when the element is done: of one done for several also what it collects.

    What is collected of each instance stays its own.
    """
    written, several = written_by_instance(element), element.multi_instance
    if several is None or not several.output_collection:
        return written
    return written - {several.output_element} | {several.output_collection}


def written_by_instance(element: Element) -> frozenset[str]:
    """The variables that the element writes each time it is done."""
    result = element.attributes.get("resultVariable")
    return frozenset({*element.outputs, *(out.target for out in element.outs), *([result] if result else [])} - {""})


def seen_inside(element: Element) -> frozenset[str]:
    """What an element has of its own: its item, if it is done for several, and the data objects it reads."""
    several = element.multi_instance
    return frozenset({several.element_variable if several else "", *element.reads} - {""})


def available_at(whole: WholeProcess, element_id: str, folder: Folder) -> frozenset[str] | None:
    """The variables that something upstream writes or that the process begins with.

    None when that cannot be known: a caller passes everything, or a call returns everything.
    """
    begun = begins_with(whole.process, folder)
    upstream = [whole.process.by_id[id_] for id_ in whole.upstream(element_id) if id_ in whole.process.by_id]
    if begun is None or any(out.everything for element in upstream for out in element.outs):
        return None
    here = whole.process.find(element_id)
    own = seen_inside(here) if here else frozenset()
    return begun.union(own, *(written_by(element) | seen_inside(element) for element in upstream))


def begins_with(process: Process, folder: Folder) -> frozenset[str] | None:
    """What callers pass in, or what every process that nobody calls is given; None when a caller passes everything."""
    calls = folder.calls.get(process.id, ())
    if any(passing.everything for call in calls for passing in call.ins):
        return None
    return frozenset(folder.known.given) | {passing.target for call in calls for passing in call.ins}
