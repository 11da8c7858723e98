"""A token in a case's tree: the library's Task, which tells its case of every change instead of being searched for."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

REACHED = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.COMPLETED


class Token(Task):
    """One token. Whoever lays hands on what it carries (`data`, `internal_data`) touches it, to be written anew.

    `brief` is its id as it is written: only its number, if it is of the case's own (CaseWorkflow.id_of).
    `row` is how it was last written, `difference` that of its variables to its parent's (None: not told apart yet).
    `last_state_change` (the library's name; a time there) counts all changes of the case: it orders, and never repeats.
    Values are shared between tokens and never mutated, only replaced (engine.values.plain).
    """

    def __init__(
        self, workflow: Any, task_spec: Any, parent: Any = None, state: int = TaskState.MAYBE, brief: int | str = 0
    ) -> None:
        """Hang a new token into a tree. The library's own __init__ would draw a random id and look at the clock."""
        case = workflow.top_workflow
        self.brief = brief or case.next_number()
        self.id: str = case.id_of(self.brief)
        self.workflow, self.task_spec, self._state = workflow, task_spec, state
        self._parent: str | None = None
        self._children: list[str] = []
        self.carried: dict[str, Any] = {}
        self.notes: dict[str, Any] = {}
        self.triggered, self.thread_id, self.last_state_change = False, 0, 0
        self.row: bytes = b""
        self.difference: bytes | None = b""
        workflow.tasks[self.id] = case.tokens[self.id] = self
        self.touched = workflow.touched = True
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    @property
    def data(self) -> dict[str, Any]:
        """The process variables it carries."""
        self.touched = self.workflow.touched = True
        return self.carried

    @data.setter
    def data(self, values: dict[str, Any]) -> None:
        self.touched = self.workflow.touched = True
        self.carried = values

    @property
    def internal_data(self) -> dict[str, Any]:
        """What its node remembers about it."""
        self.touched = self.workflow.touched = True
        return self.notes

    @internal_data.setter
    def internal_data(self, notes: dict[str, Any]) -> None:
        self.touched = self.workflow.touched = True
        self.notes = notes

    def _set_state(self, value: int) -> None:
        before, self._state = self._state, value
        self.touched = self.workflow.touched = True
        if value != before:
            self.workflow.top_workflow.moved(self, before)

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        child = Token(self.workflow, task_spec, self, state)
        if state == TaskState.READY:
            child._ready()
        return child
