"""A running case: the library's workflow with our clock, flat stepping and finished branches put away."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.spiff.expressions import DiagramFault, FeelEngine, name_of
from engine.spiff.scopes import break_off

MOST_ROUNDS = 200


class CaseWorkflow(BpmnWorkflow):
    """One case. `world` (time, limits, functions) is set for the length of one step, and what happens in it is noted:
    verbs `asked` for, messages and signals `thrown`, nodes `passed`, and how often each ran by itself.

    The library walks every subprocess tree and then the whole tree again to find what is ready; scanning the task
    dictionaries gives the same order five times faster (spiffworkflow.md §4.4, flat stepping).
    """

    subprocesses: dict[UUID, Any]

    def __init__(self, program: Any, process: str, world: Any, *, restoring: bool = False) -> None:
        """Begin `process` of `program`, or make the empty shell that the codec fills when `restoring`."""
        self.program = program
        self.wake(world)
        super().__init__(program.specs[process], program.specs, FeelEngine(), deserializing=restoring)
        self.task_removed_event.connect(self._drop_what_it_owns)

    def wake(self, world: Any) -> None:
        """Begin a step: nothing noted yet."""
        self.world = world
        self.asked: list[tuple[str, Any, dict[str, object]]] = []
        self.thrown: list[tuple[str, Any, str, Any, dict[str, object]]] = []
        self.passed: list[tuple[Any, str, str]] = []
        self.runs: Counter[tuple[int, str]] = Counter()

    def note_passed(self, task: Any) -> None:
        """A token is done with a node that is drawn."""
        if hasattr(task.task_spec, "element"):
            self.passed.append((task.task_spec.element, *self.place(task)))

    def place(self, task: Any) -> tuple[str, str]:
        """(process it is drawn in, id of the call it belongs to or "")."""
        tree = task.workflow
        while tree.spec.name in self.program.embedded:
            tree = tree.parent_workflow
        owner: UUID | None = tree.parent_task_id
        return tree.spec.name, owner.hex if owner else ""

    def position(self, task: Any) -> tuple[int, int]:
        """Where a task stands among all: live and restored, a case lets the same of several react first."""
        trees = self.trees()
        tree = next(number for number, tree in enumerate(trees) if tree is task.workflow)
        return tree, list(task.workflow.tasks).index(task.id)

    def refresh_timers(self) -> None:
        """Nothing: `engine.spiff.instance` lets timers fire, the earliest first."""

    def _drop_what_it_owns(self, tree: Any, task: Any) -> None:
        """A task that leaves its tree takes along what it waited for and the tree it owned.

        The library forgets both when it interrupts a multi-instance activity, and stumbles over them later.
        """
        self.event_manager.remove_task(task)
        owned = self.subprocesses.get(task.id)
        if owned is not None and not owned.completed:
            break_off(owned)

    @property
    def decisions(self) -> Any:
        """The decision tables of the folder."""
        return self.program.decisions

    def trees(self) -> list[Any]:
        """The main tree and every subprocess tree that is still kept."""
        return [self, *self.subprocesses.values()]

    def put_away_finished(self) -> None:
        """Keep only trees whose owner still runs: the history of others is in the journal, and they cost time for ever.

        From the top down, for what was interrupted leaves whole branches behind whose owners are gone.
        """
        running: set[UUID] = set()
        todo: list[Any] = [self]
        while todo:
            owners = [task for task in todo.pop().tasks.values() if task.id in self.subprocesses]
            for owner in owners:
                if not owner.has_state(TaskState.FINISHED_MASK):
                    running.add(owner.id)
                    todo.append(self.subprocesses[owner.id])
        self.subprocesses = {owner: tree for owner, tree in self.subprocesses.items() if owner in running}

    def find_task(self, task_id: UUID) -> Any | None:
        """The task with this id in any tree."""
        return next((tree.tasks[task_id] for tree in self.trees() if task_id in tree.tasks), None)

    def get_task_from_id(self, task_id: UUID) -> Any:
        """The task with this id; the library's name for `find_task`, and it raises."""
        return self.find_task(task_id) or super().get_task_from_id(task_id)

    def _do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> bool:
        ran = 0
        for tree in sorted(self.get_active_subprocesses(), key=lambda each: each.depth, reverse=True):
            while now := _run_ready(tree):
                ran += now
            if tree.owner.id in tree.parent_workflow.tasks:
                tree.owner.task_spec._update(tree.owner)
        return ran + _run_ready(self) > 0

    def update_waiting_tasks(self) -> None:
        """Let every waiting task look whether it may go on."""
        for task in [task for task in self.tasks.values() if task._state == TaskState.WAITING]:
            if task._state == TaskState.WAITING and task.id in self.tasks:
                task.task_spec._update(task)


def _run_ready(tree: Any) -> int:
    ran = 0
    for task in [task for task in tree.tasks.values() if task._state == TaskState.READY and not task.task_spec.manual]:
        if task._state == TaskState.READY and task.id in tree.tasks:
            _refuse_endless(task)
            task.run()
            ran += 1
    return ran


def _refuse_endless(task: Any) -> None:
    """A node that comes again and again within one step, with nobody and no clock in between, would never stop."""
    runs = task.workflow.top_workflow.runs
    runs[id(task.workflow), task.task_spec.name] += not task.triggered
    if runs[id(task.workflow), task.task_spec.name] > MOST_ROUNDS:
        raise DiagramFault(where=name_of(task), why=f"连续自动经过 {MOST_ROUNDS} 次仍没有停下，循环没有出口")
