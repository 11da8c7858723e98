"""A running case as bytes: rows for the tasks, a reference for the diagrams (they are stored once, by content hash).

The library's own format repeats the diagrams in every case and rebuilds them on every load; 99 % of a cold request was
spent there (spiffworkflow.md §4). A row is [id, parent, state, node, since, triggered, internal, changed, removed],
`parent` a row number, `changed`/`removed` the difference of the task's data to its parent's.
"""

from __future__ import annotations

import zlib
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.scopes import Tree
from engine.spiff.upgrade import rows_of_format_1, tasks_of_format_1
from engine.spiff.workflow import CaseWorkflow
from engine.values import differ, from_bytes, to_bytes

FORMAT = 2


class UnreadableState(Exception):
    """The stored state is of another format or damaged."""


def dump(case: CaseWorkflow) -> bytes:
    """The bytes of a case between two steps."""
    trees = [_packed(None, case)]
    trees += [_packed(task_id.hex, tree) for task_id, tree in case.subprocesses.items()]
    return zlib.compress(to_bytes([FORMAT, trees]), 1)


def load(raw: bytes, program: Any, world: Any) -> CaseWorkflow:
    """The case that `dump` wrote; raises UnreadableState."""
    try:
        return _loaded(raw, program, world)
    except (zlib.error, ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnreadableState(f"{type(error).__name__}: {error}") from error


def _loaded(raw: bytes, program: Any, world: Any) -> CaseWorkflow:
    version, trees = from_bytes(zlib.decompress(raw))
    if version == 1:
        for packed in trees:
            packed[-1], packed[2] = rows_of_format_1(packed[-1], packed[2])
    elif version != FORMAT:
        raise UnreadableState(f"format {version}, expected {FORMAT}")
    main, *others = trees
    case = CaseWorkflow(program, main[1], world, restoring=True)
    _unpack(case, main, case)
    _hang_in(case, {UUID(packed[0]): packed for packed in others}, program)
    for tree in case.trees() if version == 1 else ():
        tasks_of_format_1(tree)
    return case


def _hang_in(case: CaseWorkflow, waiting: dict[UUID, list[Any]], program: Any) -> None:
    """Rebuild the subprocess trees from the top down: each needs the tree that holds its owner."""
    order = list(waiting)
    todo: list[Any] = [case]
    while todo:
        for task in todo.pop().tasks.values():
            packed = waiting.pop(task.id, None)
            if packed is None:
                continue
            tree = Tree(program.specs[packed[1]], task, case, deserializing=True)
            _unpack(tree, packed, case)
            case.subprocesses[task.id] = tree
            tree.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
            todo.append(tree)
    case.subprocesses = {task_id: case.subprocesses[task_id] for task_id in order}  # in which they take their turns


def _packed(owner: str | None, tree: Any) -> list[Any]:
    number = {task_id: index for index, task_id in enumerate(tree.tasks)}
    last = number.get(tree.last_task.id) if tree.last_task else None
    rows = [_row(task, tree.tasks.get(task._parent), number) for task in tree.tasks.values()]
    return [owner, tree.spec.name, last, tree.success, tree.completed, tree.correlations, tree.data, rows]


def _row(task: Any, parent: Any, number: dict[UUID, int]) -> list[Any]:
    before = parent.data if parent is not None else {}
    changed = {key: value for key, value in task.data.items() if key not in before or differ(before[key], value)}
    removed = [key for key in before if key not in task.data]
    return [
        task.id.hex,
        number[parent.id] if parent is not None else None,
        task._state,
        task.task_spec.name,
        task.last_state_change,
        task.triggered,
        task.internal_data or None,
        changed or None,
        removed or None,
    ]


def _unpack(tree: Any, packed: list[Any], case: CaseWorkflow) -> None:
    _, _, last, tree.success, tree.completed, tree.correlations, tree.data, rows = packed
    tasks = _tasks(rows, tree)
    tree.tasks = {task.id: task for task in tasks}
    tree.task_tree = tasks[0]
    tree.last_task = tasks[last] if last is not None else None
    for task in tasks:
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            case.event_manager.add_task(task)


def _tasks(rows: list[list[Any]], tree: Any) -> list[Any]:
    specs, tasks = tree.spec.task_specs, []
    for row in rows:
        task = Task.__new__(Task)  # Task() would register itself, stamp the time and draw a random id
        tasks.append(task)
        _fill(task, row, tasks, specs)
        task.workflow = tree
    return tasks


def _fill(task: Any, row: list[Any], tasks: list[Any], specs: dict[str, Any]) -> None:
    raw_id, parent, task._state, spec, task.last_state_change, task.triggered, internal, changed, removed = row
    task.id, task.thread_id, task.task_spec = UUID(raw_id), 0, specs[spec]
    task._parent, task._children = None, []
    task.internal_data = internal or {}
    task.data = {}
    if parent is not None:
        owner = tasks[parent]
        owner._children.append(task.id)
        task._parent = owner.id
        task.data = (
            {key: value for key, value in owner.data.items() if key not in removed} if removed else dict(owner.data)
        )
    task.data.update(changed or {})
