"""Reads cases of earlier formats: what the engine kept then, in the words of today.

Format 1 was [1, trees], a tree [owner, process, last, success, completed, correlations, data, rows] and a row
[id, parent, state, node, changed at, triggered, internal, changed, removed] that called its parent by its place. It
kept every task there ever was, predicted ones too, a join before every activity with boundary events, one due time for
a task, a join's arrivals as cancelled tasks of the same round, and the machine's time of each change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import CatchEvent
from engine.spiff.gateways import FIRED, Join
from engine.spiff.repetition import EachInTurn
from engine.spiff.timers import Clock
from engine.spiff.token import REACHED
from engine.spiff.workflow import CaseWorkflow
from engine.values import to_bytes

_PARENT, _STATE, _NODE, _SINCE, _INTERNAL = 1, 2, 3, 4, 6


def lines_of_format_1(trees: list[list[Any]]) -> list[bytes]:
    """The lines of format 2, still without the flows taken."""
    for tree in trees:
        tree[-1], tree[2] = _rows(tree[-1], tree[2])
    since = _places(sorted({row[_SINCE] for tree in trees for row in tree[-1]}))
    nodes = _places(row[_NODE] for tree in trees for row in tree[-1])
    lines: list[Any] = [[2, uuid4().hex[:24], 0, len(since)], [list(nodes), []]]
    for owner, process, last, *head, rows in trees:
        ids = {number: row[0] for number, row in enumerate(rows)} | {None: None}
        lines.append([owner, process, ids[last], *head, 0, len(rows)])
        lines += ([row[0], ids[row[1]], row[2], nodes[row[3]], since[row[4]], *row[5:]] for row in rows)
    return [to_bytes(line) for line in lines]


def _places(values: Iterable[Any]) -> dict[Any, int]:
    return {value: place for place, value in enumerate(dict.fromkeys(values))}


def _rows(rows: list[list[Any]], last: int | None) -> tuple[list[list[Any]], int | None]:
    """The rows without predictions and without the library's joins, and the last completed task's new number."""
    kept = [n for n, row in enumerate(rows) if row[_STATE] >= TaskState.WAITING and not _is_library_join(row)]
    number = {old: new for new, old in enumerate(kept)}
    return [_moved(rows[old], number) for old in kept], number.get(last) if last is not None else None


def put_right(case: CaseWorkflow) -> None:
    """What tokens of format 1 remember, and what they alone knew: which flows the case took."""
    for tree in case.trees():
        _put_right(tree)
        tree.touched = True
        for token in tree.tasks.values():
            token.touched = True
            if token._state & REACHED:
                case.note_flow(token)


def _put_right(tree: Any) -> None:
    for task in [] if tree.completed else list(tree.tasks.values()):
        if isinstance(task.task_spec, CatchEvent) and task._state == TaskState.WAITING:
            _wait_anew(task)
        if isinstance(task.task_spec, Join) and task._state == TaskState.WAITING:
            _bring_back_arrivals(task)
        if isinstance(task.task_spec, Join) and task._state == TaskState.COMPLETED:
            tree.data.setdefault(FIRED, {})[task.task_spec.name] = True
        if isinstance(task.task_spec, EachInTurn) and "remaining" in task.internal_data:
            items = task.task_spec._items(task)
            task.internal_data["remaining"] = [[index, items[index]] for index in task.internal_data["remaining"]]


def _is_library_join(row: list[Any]) -> bool:
    return str(row[_NODE]).endswith(".BoundaryEventJoin")


def _moved(row: list[Any], number: dict[int, int]) -> list[Any]:
    row = list(row)
    row[_PARENT] = number[row[_PARENT]] if row[_PARENT] is not None else None
    row[_INTERNAL] = _remembered(row[_NODE], row[_INTERNAL])
    return row


def _remembered(node: str, internal: dict[str, Any] | None) -> dict[str, Any] | None:
    """A due time of its own for each element; a cycle by its text, no longer in seconds."""
    if not internal or "event_value" not in internal:
        return internal
    due = internal["event_value"]
    if isinstance(due, dict):
        due = {"next": due["next"], "every": f"PT{round(due['duration'])}S", "cycles": due["cycles"]}
    return {"due": {node: due}}


def _wait_anew(task: Any) -> None:
    """Under its own name each element behind an event gateway waits, and messages have a key."""
    triggers = task.task_spec.triggers
    dues = task.internal_data.get("due", {})
    timers = [id_ for id_, (_, trigger) in triggers.items() if isinstance(trigger, Clock)]
    if timers and task.task_spec.name in dues:
        dues[timers[0]] = dues.pop(task.task_spec.name)
    task.task_spec.wait(task)


def _bring_back_arrivals(waiting: Any) -> None:
    """Tokens of the same round that waited at this join were kept as cancelled tasks."""
    for task in waiting.workflow.tasks.values():
        same = task.task_spec is waiting.task_spec and task._state == TaskState.CANCELLED
        if same and task.parent.has_state(TaskState.COMPLETED) and _round(task) is _round(waiting):
            task._state = TaskState.WAITING


def _round(task: Any) -> Any:
    ancestor = task.parent
    while ancestor is not None and ancestor.task_spec is not task.task_spec:
        ancestor = ancestor.parent
    return ancestor
