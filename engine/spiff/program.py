"""A folder's diagrams, compiled once and shared by every case that runs on them (keyed by content hash)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from engine.model.definition import Definition
from engine.model.diagram import CATCHING_EVENTS, Element, Process
from engine.spiff.build import NotExecutable, build

__all__ = ["NotExecutable", "Program"]

_WAITING = CATCHING_EVENTS | {"receiveTask"}


class Program:
    """The executable form of a Definition. `specs` maps process (and embedded sub-process) ids to library specs."""

    def __init__(self, definition: Definition) -> None:
        """Build every diagram; raises NotExecutable."""
        self.definition = definition
        self.decisions = definition.decisions
        self.specs: dict[str, Any] = {}
        for process in definition.processes:
            self._add(process)

    def _add(self, process: Process) -> None:
        for spec in build(process):
            if spec.name in self.specs:
                raise NotExecutable(why=f"编号“{spec.name}”有几个流程或子流程在用")
            self.specs[spec.name] = spec

    @cached_property
    def embedded(self) -> frozenset[str]:
        """Ids of embedded sub-processes: their trees belong to the process around them."""
        return frozenset(self.specs) - {process.id for process in self.definition.processes}

    @cached_property
    def awaiting(self) -> frozenset[str]:
        """The processes whose cases may wait for a message or a signal: it is drawn there, or in what they call."""
        drawn = {process.id: process for process in self.definition.processes}
        found = {id for id, process in drawn.items() if any(map(_waits, process.elements))}
        calls = {id: {each.called_element for each in process.elements} for id, process in drawn.items()}
        while more := {id for id, called in calls.items() if called & found} - found:
            found |= more
        return frozenset(found)

    @cached_property
    def messages(self) -> frozenset[str]:
        """Names of the messages and signals that any diagram of the folder draws."""
        events = (event for process in self.definition.processes for each in process.elements for event in each.events)
        return frozenset(event.name for event in events if event.kind in ("message", "signal"))

    def process(self, process_id: str) -> Process:
        """The drawn process with this id."""
        return next(process for process in self.definition.processes if process.id == process_id)


def _waits(element: Element) -> bool:
    """Whether a case may come to wait there; a start event waits before there is a case."""
    is_told = element.has_event("message") or element.has_event("signal")
    return is_told and element.kind in _WAITING and not element.is_optional
