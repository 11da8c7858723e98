"""What the stories of a folder cover: which flows of its diagrams some story takes, which steps one completes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.diagram import Element, Flow, Process
from processes.pack import Pack
from processes.play import Played


@dataclass(frozen=True)
class Covered:
    """One process: its flows in the order of the file, and which of them no story takes; the names of its nodes."""

    process: Process
    flows: tuple[Flow, ...]
    missed: tuple[Flow, ...]

    def sentence(self, flow: Flow) -> str:
        """A flow in words: from which node to which, and what is written on it."""
        said = f"（{flow.name}）" if flow.name else ""
        return f"{self._name(flow.source)} → {self._name(flow.target)}{said}"

    def _name(self, id: str) -> str:
        return getattr(self.process.find(id), "name", "") or id


def covered(pack: Pack, stories: Iterable[Played]) -> list[Covered]:
    """For each process of the folder the flows it has and those that none of the stories, all of them played, took."""
    went = {flow for story in stories for flow in story.went}
    return [_covered(process, went) for process in pack.program.definition.processes]


def uncompleted(pack: Pack, stories: Iterable[Played]) -> list[Element]:
    """The steps for people that no story completes: nobody has shown yet that they can be done."""
    left = {(process, source) for story in stories for process, source, _ in story.went}
    return [
        element
        for process in pack.program.definition.processes
        for element in process.elements
        if element.is_for_people and (process.id, element.id) not in left
    ]


def _covered(process: Process, went: set[tuple[str, str, str]]) -> Covered:
    missed = tuple(flow for flow in process.flows if (process.id, flow.source, flow.target) not in went)
    return Covered(process, process.flows, missed)
