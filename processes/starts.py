"""What begins a case (county.toml, `starts`): a person with a first step, or a message or signal by itself."""

from __future__ import annotations

from dataclasses import dataclass

from engine.spiff.program import Program


@dataclass(frozen=True)
class Start:
    """One way to begin a process, and how its cases are called and numbered.

    A person: whose post (`by`), from which `step`; `title` is a field of that step's form. By itself: the `message` or
    `signal` a start event waits for, and the `unit` it is raised for; `title` is a key of what came.
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

    @property
    def awaits(self) -> tuple[str, str]:
        """("message" or "signal", its name); two empty texts when a person begins."""
        if self.message:
            return "message", self.message
        return ("signal", self.signal) if self.signal else ("", "")


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
