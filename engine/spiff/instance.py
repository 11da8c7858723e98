"""One running case between load and save: what `engine.run` asks of the library, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Element
from engine.spiff import codec, messages
from engine.spiff.events import CatchEvent, dues_of, recount_dues
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.spiff.program import Program
from engine.spiff.repetition import EachAtOnce, EachInTurn
from engine.spiff.rising import Raised, caught_around
from engine.spiff.tasks import asking_key
from engine.spiff.timers import due_at
from engine.spiff.workflow import CaseWorkflow
from engine.values import plain, plain_values
from engine.world import World


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a case: its open user tasks by id, its timers as `Instance.timers` tells them, verbs asked for."""

    open: dict[str, Any]
    timers: tuple[tuple[str, str, datetime], ...]
    asking: frozenset[str]


class Instance:
    """A case that can take one step after another; after a fault it is spent and must be dropped.

    `turn` counts its changes, so that an older step cannot be taken for the newest; what is refused changes nothing.
    """

    def __init__(self, program: Program, workflow: CaseWorkflow) -> None:
        """Remember what is open now, to tell later what this step changed."""
        self.program = program
        self.workflow = workflow
        self.turn = 0
        self._seen: tuple[int, Standing] | None = None
        self._mark()

    @classmethod
    def begin(
        cls,
        program: Program,
        process: str,
        world: World,
        values: Mapping[str, object],
        by: str = "",
        payload: Mapping[str, object] | None = None,
    ) -> Instance | None:
        """A new case, not yet advanced; None when the process has no such start event."""
        workflow = CaseWorkflow(program, process, world)
        first = workflow.task_tree
        if not first.task_spec.begin_by(first, by):
            return None
        first.data = plain_values(values)
        if by:
            first.data |= messages.brought(program.process(process).by_id[by], dict(payload or {}), first)
        return cls(program, workflow)

    @classmethod
    def restore(cls, program: Program, raw: bytes, world: World) -> Instance:
        """A case as `dump` left it."""
        return cls(program, codec.load(raw, program, world))

    def wake(self, world: World) -> None:
        """Take up a live case for its next step."""
        self.workflow.wake(world)
        self._mark()

    def _mark(self) -> None:
        self.before = self.standing()
        self.completed_id = ""

    # -- moving on: each False or None when there is nothing to do it to, and nothing has changed then

    def is_open(self, task_id: str) -> bool:
        """Whether this user task can be completed now."""
        return task_id in self.before.open

    def complete(self, task_id: str, answers: Mapping[str, object]) -> None:
        """Complete a user task: its output parameters, and nothing else of the form, enter the process."""
        task = self.before.open[task_id]
        self.completed_id = task_id
        if isinstance(task.task_spec, CatchEvent):
            self._guarded(lambda: self._bring_about(task, answers))
        else:
            self._guarded(lambda: self._take_outputs(task, answers))
            self._guarded(task.run)

    @staticmethod
    def _bring_about(task: Any, answers: Mapping[str, object]) -> None:
        """An optional task is done: the event it stands for happens."""
        element = task.task_spec.element
        task.task_spec.happen(task, element.id, messages.brought(element, dict(answers), task))

    def answer(self, key: str, values: Mapping[str, object]) -> bool:
        """Take a verb's answer: the service task's output parameters see its values, and the token goes on."""
        task = self._asking().get(key)
        if task is None:
            return False
        self._guarded(lambda: self._take_outputs(task, values))
        self._guarded(task.complete)
        return True

    def fail(self, key: str, error: str) -> bool | None:
        """Let a verb's business error rise; False when no boundary event catches it, None when nothing waits."""
        task = self._asking().get(key)
        if task is None:
            return None
        caught = caught_around(Raised("error", error), task)
        self.turn += caught
        return caught

    def deliver(self, kind: str, name: str, key: str, payload: Mapping[str, object]) -> None:
        """Hand a message or signal to what waits for it (see `waits`)."""
        self._guarded(lambda: messages.receive(self.workflow, kind, name, key, dict(payload)))

    def repeating(self, element: str, within: str) -> list[Any]:
        """The running multi-instance activities of this name in this branch: several, when they are nested."""
        return [task for task in self._repeating(element) if self.place(task)[1] == within]

    def instances(self, element: str) -> list[dict[str, object]]:
        """The variables of every instance, not withdrawn, of the running multi-instance activities of this name."""
        return [plain_values(told) for task in self._repeating(element) for told in task.task_spec.told(task)]

    def _repeating(self, element: str) -> Iterator[Any]:
        for task in self._tasks():
            is_several = isinstance(task.task_spec, EachAtOnce | EachInTurn)
            if task._state == TaskState.STARTED and is_several and task.task_spec.element.id == element:
                yield task

    def add(self, running: Any, item: object) -> bool:
        """Begin one more instance of a running multi-instance activity; False when this item has one."""
        if running.task_spec.holds(running, plain(item)):
            return False
        self._guarded(lambda: running.task_spec.add(running, plain(item)))
        return True

    def withdraw(self, running: Any, item: object) -> bool:
        """Cancel one running instance of a multi-instance activity, or one still to come; False when it has none."""
        found: bool = running.task_spec.withdraw(running, plain(item))
        self.turn += found
        return found

    def recount(self) -> Iterator[str]:
        """Count again until when tokens wait for timers; the elements whose time moved."""
        for task in list(self.workflow.event_manager.tasks.values()):
            yield from recount_dues(task)

    def advance(self) -> None:
        """Run all that needs no person; of the timers that are due the earliest fires first, with what follows."""
        self._guarded(self.workflow.do_engine_steps)
        while (due := self._first_due()) is not None:
            _, task, element_id = due
            self._guarded(lambda task=task, id_=element_id: task.task_spec.happen(task, id_, {}))
            self._guarded(self.workflow.do_engine_steps)
        self.workflow.put_away_finished()

    def _first_due(self) -> tuple[datetime, Any, str] | None:
        """Of those due at the same time the one that has waited longest."""
        now = self.workflow.world.now
        due = [each for each in self._dues() if each[0] <= now]
        return min(due, key=lambda each: each[0]) if due else None

    def _take_outputs(self, task: Any, given: Mapping[str, object]) -> None:
        values = {**task.data, **given}
        outputs = {
            name: evaluate(text, values, world=self.workflow.world, where=name_of(task))
            for name, text in self.element(task).outputs.items()
        }
        task.set_data(**outputs)

    def _guarded(self, move: Any) -> None:
        """Make one change; what the library raises becomes a fault with the element's name."""
        self.turn += 1
        try:
            move()
        except SpiffWorkflowException as error:
            spec = getattr(error, "task_spec", None)
            where = (spec.bpmn_name or spec.name) if spec is not None else "流程图"
            raise DiagramFault(where=where, why=str(error)) from error

    # -- what stands now

    def standing(self) -> Standing:
        """What stands now; looked up once for the end of one step and the beginning of the next."""
        if self._seen is None or self._seen[0] != self.turn:
            self._seen = self.turn, Standing(self.open_tasks(), tuple(self.timers()), self.asking())
        return self._seen[1]

    def open_tasks(self) -> dict[str, Any]:
        """User tasks that wait for a person, by id; after them the optional ones, which wait for nobody."""
        waiting = self.workflow.event_manager.tasks
        return {**self.workflow.open, **{id_: task for id_, task in waiting.items() if task.task_spec.is_optional}}

    def timers(self) -> Iterator[tuple[str, str, datetime]]:
        """(task id, element id, due) of every timer that waits, the earliest first."""
        for due, key, element_id in sorted((due, task.id, element_id) for due, task, element_id in self._dues()):
            yield key, element_id, due

    def _dues(self) -> Iterator[tuple[datetime, Any, str]]:
        for task in self.workflow.event_manager.tasks.values():
            for element_id, due in dues_of(task).items():
                yield due_at(due), task, element_id

    def waits(self) -> Iterator[tuple[str, str, str, str, str]]:
        """(kind, name, key, element id, task id) of every message and signal the case waits for, by name."""
        found = messages.waiting(self.workflow)
        waits = ((what.kind, what.name, key, element.id, task.id) for task, element, what, key in found)
        yield from sorted(waits, key=lambda wait: wait[1:])

    def asking(self) -> frozenset[str]:
        """The keys of the service tasks that wait for an answer."""
        return frozenset(self._asking())

    def branch(self, key: str) -> str:
        """The branch of a service task that waits for an answer: the id of its call, "" in the main process."""
        return self.place(self._asking()[key])[1]

    def _asking(self) -> dict[str, Any]:
        return {asking_key(task): task for task in self.workflow.asking.values()}

    def ended(self) -> str | None:
        """Id of the end event that ended the case, once it has ended."""
        if not self.workflow.completed:
            return None
        task = self.workflow.last_task
        while task is not None and not (
            hasattr(task.task_spec, "element") and task.task_spec.element.kind == "endEvent"
        ):
            task = task.parent
        return task.task_spec.element.id if task is not None else "ended"

    def trail(self) -> frozenset[tuple[str, str]]:
        """(source, target) of every flow the case took in its main process, embedded sub-processes included."""
        return self.workflow.trail.flows()

    def dump(self) -> bytes:
        """The bytes of the case."""
        return codec.dump(self.workflow)

    # -- about one task

    @staticmethod
    def key(task: Any) -> str:
        """Its id."""
        key: str = task.id
        return key

    @staticmethod
    def element(task: Any) -> Element:
        """What is drawn."""
        element: Element = task.task_spec.element
        return element

    @staticmethod
    def values(task: Any) -> dict[str, object]:
        """A copy of its process variables."""
        return plain_values(task.data)

    def place(self, task: Any) -> tuple[str, str]:
        """(process it is drawn in, id of the call it belongs to or "")."""
        home: tuple[str, str] = task.workflow.home
        return home

    def _tasks(self) -> Iterator[Any]:
        for tree in self.workflow.trees():
            yield from tree.tasks.values()
