"""Follows errors and escalations outwards: who catches what is thrown."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.checking import Folder
from engine.model.diagram import Element, Process

RISING = ("error", "escalation")


@dataclass(frozen=True, slots=True)
class Raised:
    """An error or escalation by its code; no code: any."""

    kind: str
    code: str


def thrown_by(element: Element) -> Raised | None:
    """What an end event or intermediate throw event raises; None for anything else."""
    return _raised(element) if element.kind in ("endEvent", "intermediateThrowEvent") else None


def caught_by(element: Element) -> Raised | None:
    """What a boundary event catches; None for anything else."""
    return _raised(element) if element.kind == "boundaryEvent" else None


def is_caught(thrown: Raised, element: Element, process: Process, folder: Folder) -> bool:
    """Whether a boundary event on a scope around the element catches this, on every way the process can be called."""
    return _is_caught(thrown, element.scope, process, folder, frozenset())


def _raised(element: Element) -> Raised | None:
    found = next((event for event in element.events if event.kind in RISING), None)
    return Raised(found.kind, found.code or found.name) if found else None


def _is_caught(
    thrown: Raised, scope: str | None, process: Process, folder: Folder, seen: frozenset[tuple[str, str | None]]
) -> bool:
    if (process.id, scope) in seen:
        return True  # a call that goes in circles decides nothing; its other callers do
    seen |= {(process.id, scope)}
    owner = process.find(scope)
    if owner is not None:
        return _catches(owner, thrown, process) or _is_caught(thrown, owner.scope, process, folder, seen)
    calls = _calls_of(process, folder)
    return bool(calls) and all(
        _catches(call, thrown, caller) or _is_caught(thrown, call.scope, caller, folder, seen) for call, caller in calls
    )


def _catches(activity: Element, thrown: Raised, process: Process) -> bool:
    borders = (caught_by(event) for event in process.elements if event.attached_to == activity.id)
    return any(each and each.kind == thrown.kind and each.code in ("", thrown.code) for each in borders)


def _calls_of(process: Process, folder: Folder) -> list[tuple[Element, Process]]:
    return [
        (call, caller)
        for caller in folder.processes.values()
        for call in caller.elements
        if call.kind == "callActivity" and call.called_element == process.id
    ]
