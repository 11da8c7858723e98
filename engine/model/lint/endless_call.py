"""A process that always calls itself opens cases until the machine stops."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error, of_kind
from engine.model.diagram import Diagram, Element
from engine.model.graph import WholeProcess, reach


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Refuses a call that leads back to its own process when no way to an end goes around it."""
    calls = _calls(folder)
    for whole in folder.wholes(diagram):
        for call in (e for e in whole.process.elements if e.kind == "callActivity"):
            if whole.process.id in reach(calls, [call.called_element]) and not _can_be_avoided(whole, call):
                yield error(
                    call,
                    f"每次都会再次调用流程“{call.called_element}”，永远不会停。请加一个网关，写明何时不再调用。",
                    f"calls “{call.called_element}” again every time and never stops; "
                    "add a gateway that says when not to call.",
                )


def _calls(folder: Folder) -> dict[str, tuple[str, ...]]:
    return {
        process.id: tuple(call.called_element for call in of_kind(diagram, "callActivity"))
        for diagram in folder.diagrams.values()
        for process in diagram.processes
    }


def _can_be_avoided(whole: WholeProcess, call: Element) -> bool:
    return bool(reach(whole.steps, whole.starts, without=frozenset({call.id})) & whole.ends)
