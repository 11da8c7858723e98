"""What a lint rule works with: the folder's diagrams, the names the folder knows, and remarks on single elements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TypeAlias

from engine.model.diagram import Diagram, Element, Flow, Lane, Process
from engine.model.findings import Severity
from engine.model.graph import Graph, WholeProcess

Place: TypeAlias = Element | Flow | Lane | Process | None  # None: the file as a whole
LONGEST_NAME, MOST_NAMES = 60, 300
WORLD_FUNCTIONS = (
    "limit",
    "threshold",
    "now",
    "today",
    "start_clock",
    "pause_clock",
    "resume_clock",
    "extend_clock",
    "transfer_clock",
    "change_clock",
    "stop_clock",
    "due_of",
)

FormFacts: TypeAlias = tuple[Collection[str], Collection[str]]  # (keys of its fields, keys of its outcomes)


@dataclass(frozen=True)
class Known:
    """The names that the rest of the folder and the service declare; a diagram may use no others.

    `forms` is form id → (field keys, outcomes), `kinds` form id → field key → the FEEL kind of its answer where that is
    sure. `alone` are posts that have no fallback and are none. `given` are the variables every process that nobody
    calls starts with, `functions` those FEEL may call besides its own.
    """

    units: Collection[str] = ()
    posts: Collection[str] = ()
    alone: Collection[str] = ()
    forms: Mapping[str, FormFacts] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Collection[str] = ()
    thresholds: Collection[str] = ()
    verbs: Collection[str] = ()
    decisions: Collection[str] = ()
    given: Collection[str] = ()
    functions: Collection[str] = WORLD_FUNCTIONS


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of a place; `zh` and `en` continue a sentence that begins with the place's name."""

    place: Place
    zh: str
    en: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Folder:
    """Every diagram of the folder by file, and the names known there."""

    diagrams: Mapping[str, Diagram]
    known: Known

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """Every process of the folder by id."""
        return {process.id: process for diagram in self.diagrams.values() for process in diagram.processes}

    @cached_property
    def calls(self) -> Mapping[str, tuple[Element, ...]]:
        """The call activities that call a process, by the called process's id."""
        found: dict[str, list[Element]] = {}
        for diagram in self.diagrams.values():
            for call in of_kind(diagram, "callActivity"):
                found.setdefault(call.called_element, []).append(call)
        return {called: tuple(calls) for called, calls in found.items()}

    def graphs(self, diagram: Diagram) -> tuple[Graph, ...]:
        """The graph of every process and sub-process of a diagram."""
        return self._graphs[diagram.file]

    def wholes(self, diagram: Diagram) -> tuple[WholeProcess, ...]:
        """Every process of a diagram with its sub-processes unfolded."""
        return self._wholes[diagram.file]

    @cached_property
    def _graphs(self) -> Mapping[str, tuple[Graph, ...]]:
        return {
            diagram.file: tuple(Graph(process, scope) for process in diagram.processes for scope in process.scopes)
            for diagram in self.diagrams.values()
        }

    @cached_property
    def _wholes(self) -> Mapping[str, tuple[WholeProcess, ...]]:
        return {
            diagram.file: tuple(WholeProcess(process) for process in diagram.processes)
            for diagram in self.diagrams.values()
        }


def error(place: Place, zh: str, en: str) -> Remark:
    """A remark that keeps the folder from being sealed."""
    return Remark(place, zh, en)


def warning(place: Place, zh: str, en: str) -> Remark:
    """A remark that does not keep the folder from being sealed."""
    return Remark(place, zh, en, "warning")


def of_kind(diagram: Diagram, *kinds: str) -> Iterator[Element]:
    """The elements of these kinds, in the file's order."""
    return (element for element in diagram.elements if element.kind in kinds)


def for_people(diagram: Diagram) -> Iterator[Element]:
    """The user tasks and the optional tasks, in the file's order."""
    return (element for element in diagram.elements if element.is_for_people)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was most likely meant, or None; a crowd of names or an endless one is not searched."""
    candidates = sorted(names)
    if len(name) > LONGEST_NAME or len(candidates) > MOST_NAMES:
        return None
    return next(iter(get_close_matches(name, candidates, n=1, cutoff=0.6)), None)


def unknown(place: Place, name: str, names: Iterable[str], zh: str, en: str) -> Remark:
    """An error about a name that nobody declares, with the declared name that looks most like it.

    `zh` and `en` say what kind of name it is: `岗位`, `post`.
    """
    near = nearest(name, names)
    hint_zh = f"您是不是想写“{near}”？" if near else f"请先在清单中登记这个{zh}，或改用已登记的{zh}。"
    hint_en = f"did you mean “{near}”?" if near else f"declare this {en} first, or use a declared one."
    return error(place, f"用到了没有登记的{zh}“{name}”，{hint_zh}", f"uses the unknown {en} “{name}”; {hint_en}")
