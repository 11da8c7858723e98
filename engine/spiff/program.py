"""A folder's diagrams, compiled once and shared by every case that runs on them (keyed by content hash)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.errors import Rejected
from engine.model.definition import Definition
from engine.model.diagram import Element, Process
from engine.spiff.parser import parse


class NotExecutable(Rejected):
    """The diagrams of this folder cannot be executed."""

    code = "not_executable"
    message = "流程图无法执行：{why}"
    advice = "请先用“检查”列出全部问题，修正后再发布。"


class Program:
    """The executable form of a Definition. `specs` maps process (and embedded sub-process) ids to library specs."""

    def __init__(self, definition: Definition) -> None:
        """Parse every diagram; raises NotExecutable."""
        self.definition = definition
        self.decisions = definition.decisions
        try:
            self.specs: dict[str, Any] = parse(definition.trees())
            for tree, element in self._elements():
                self._attach(self.specs[tree], element)
        except (ValidationException, LookupError, TypeError) as error:  # the library stumbles over what `lint` refuses
            raise NotExecutable(why=str(error)) from error

    @cached_property
    def embedded(self) -> frozenset[str]:
        """Ids of embedded sub-processes: their trees belong to the process around them."""
        return frozenset(self.specs) - {process.id for process in self.definition.processes}

    @cached_property
    def awaits_messages(self) -> bool:
        """Whether any diagram of the folder draws a message."""
        return any(element.has_event("message") or element.kind == "receiveTask" for _, element in self._elements())

    @cached_property
    def messages(self) -> frozenset[str]:
        """Names of the messages and signals that any diagram of the folder draws."""
        return frozenset(
            event.name
            for _, element in self._elements()
            for event in element.events
            if event.kind in ("message", "signal")
        )

    def _elements(self) -> Iterator[tuple[str, Element]]:
        for process in self.definition.processes:
            for element in process.elements:
                yield element.scope or process.id, element

    @staticmethod
    def _attach(spec: Any, element: Element) -> None:
        for name in (element.id, f"{element.id} [child]"):
            if name in spec.task_specs:
                spec.task_specs[name].element = element

    def process(self, process_id: str) -> Process:
        """The drawn process with this id."""
        return next(process for process in self.definition.processes if process.id == process_id)
