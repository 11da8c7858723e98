"""Who may hold an open user task, and until when: FEEL in its candidate groups and limits, over its variables."""

from __future__ import annotations

from typing import Any

from engine.model.holders import Holder, HolderFault, Part, read_holders, read_part
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.time import Deadline


def groups(task: Any) -> list[tuple[str, str]]:
    """(post, unit) pairs of candidateGroups; a list in braces stands for several."""
    found = []
    for holder in _holders(task.task_spec.element.attributes.get("candidateGroups", ""), task):
        found += [(post, unit) for post in _codes(holder.post, task) for unit in _codes(holder.unit, task)]
    return found


def clocks(task: Any) -> tuple[Deadline | None, Deadline | None]:
    """(due, warning) counted from now, the moment the task opens."""
    asked = task.task_spec.element.attributes
    due = _due(asked.get("dueDate"), task)
    follow = asked.get("followUpDate")
    return due, task.workflow.top_workflow.world.warns(follow, due) if follow else None


def _due(text: str | None, task: Any) -> Deadline | None:
    if not text:
        return None
    part = _part(text, task)
    value = _evaluated(part.text, task) if part.is_feel else part.text
    due: Deadline = task.workflow.top_workflow.world.due(value, step=name_of(task))
    return due


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
    codes = [code for code in given if isinstance(code, str) and code]
    if not codes or codes != given:
        raise DiagramFault(where=name_of(task), why=f"“{part.text}”没有给出由谁办理")
    return codes


def _evaluated(text: str, task: Any) -> object:
    return evaluate(text, task.data, world=task.workflow.top_workflow.world, where=name_of(task))
