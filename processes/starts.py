"""What begins a case (county.toml, `starts`): a person with a first step, or a message or signal by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.spiff.program import Program

_LISTS = ("about", "ends", "carries", "again_after")


@dataclass(frozen=True)
class Start:
    """One way to begin a process, and how its cases are called and numbered.

    A person: whose post (`by`), from which `step`; `title` is a field of that step's form. By itself: the `message` or
    `signal` a start event waits for, and the `unit` it is raised for; `title` is a key of what came.

    `about` an ended case (processes.formers): cases of which starts these may be, at which of their `ends` (none named:
    any), what the button on their page says (`offer`), the limit after which it is too late (`within`), the answers
    that the form is filled with (`carries`), those that the process is told (`tells`: name → step.field), and whether
    one case at a time is enough (`once`), unless that came to an end of `again_after`. Such a case begins at the start
    event of its `message`, if it names one.
    """

    process: str
    name: str
    title: str
    number: str
    step: str = ""
    by: str = ""
    message: str = ""
    signal: str = ""
    unit: str = ""
    about: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    offer: str = ""
    within: str = ""
    carries: tuple[str, ...] = ()
    tells: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    again_after: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Start:
        """One entry of county.toml; a single name may stand for a list of one. Raises TypeError."""
        lists = {name: _listed(told[name]) for name in _LISTS if name in told}
        return cls(**{**told, **lists})

    @property
    def named(self) -> tuple[str, str]:
        """("message" or "signal", its name) of the start event it begins at; two empty texts for the plain one."""
        if self.message:
            return "message", self.message
        return ("signal", self.signal) if self.signal else ("", "")

    @property
    def awaits(self) -> tuple[str, str]:
        """What begins it by itself, as `named`; two empty texts when a person begins it."""
        return ("", "") if self.about else self.named


@dataclass(frozen=True)
class Beginning:
    """A start event of a process that waits for a message or signal."""

    process: str
    event: str
    kind: str
    name: str


def beginnings(program: Program) -> list[Beginning]:
    """Every start event of the folder that waits for a message or signal."""
    return [
        Beginning(process.id, element.id, event.kind, event.name)
        for process in program.definition.processes
        for element in process.inside(None)
        if element.kind == "startEvent"
        for event in element.events
        if event.kind in ("message", "signal")
    ]


def event_of(program: Program, start: Start) -> str:
    """The id of the start event at which a person begins; "" for the plain one."""
    drawn = (each for each in beginnings(program) if (each.process, each.kind, each.name) == _at(start))
    return next((each.event for each in drawn), "")


def _at(start: Start) -> tuple[str, str, str]:
    return (start.process, *start.named)


def _listed(told: object) -> tuple[str, ...]:
    names = [told] if isinstance(told, str) else told
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError(repr(told))
    return tuple(names)
