"""Who may hold an open user task, and until when: FEEL in its candidate groups and limits, over its variables."""

from __future__ import annotations

from typing import Any

from engine.model.holders import Holder, HolderFault, Part, read_holders, read_part
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.time import Clock, Deadline

LONGEST_CODE = 60


def groups(task: Any) -> list[tuple[str, str]]:
    """(post, unit) pairs of candidateGroups; a list in braces stands for several."""
    found = []
    for holder in _holders(task.task_spec.element.attributes.get("candidateGroups", ""), task):
        found += [(post, unit) for post in _codes(holder.post, task) for unit in _codes(holder.unit, task)]
    return found


def clocks(task: Any, holder: str) -> tuple[Deadline | None, Deadline | None, Clock | None]:
    """(due, warning, the clock they follow from), the task opening now for `holder`."""
    asked, world = task.task_spec.element.attributes, task.workflow.top_workflow.world
    text, follow = asked.get("dueDate"), asked.get("followUpDate")
    if not text:
        return None, world.warns(follow, None) if follow else None, None
    part = _part(text, task)
    value = _evaluated(part.text, task) if part.is_feel else part.text
    due, clock = world.begins(value, step=name_of(task), holder=holder)
    return due, world.warns(follow, due) if follow else None, clock


def _part(text: str, task: Any) -> Part:
    try:
        return read_part(text)
    except HolderFault as error:
        raise DiagramFault(where=name_of(task), why=f"办理时限“{text}”看不懂") from error


def _holders(text: str, task: Any) -> tuple[Holder, ...]:
    try:
        return read_holders(text)
    except HolderFault as error:
        raise DiagramFault(where=name_of(task), why=f"办理岗位“{text}”应写成 岗位@单位") from error


def _codes(part: Part, task: Any) -> list[str]:
    value = _evaluated(part.text, task) if part.is_feel else part.text
    given = value if isinstance(value, list) else [value]
    codes = [code for code in given if isinstance(code, str) and 0 < len(code) <= LONGEST_CODE]
    if not codes or codes != given:
        raise DiagramFault(where=name_of(task), why=f"“{part.text}”没有给出由谁办理")
    return codes


def _evaluated(text: str, task: Any) -> object:
    return evaluate(text, task.data, world=task.workflow.top_workflow.world, where=name_of(task))
