"""One running case between load and save: what `engine.run` asks of the library, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Element
from engine.model.holders import Holder, HolderFault, Part, read_holders, read_part
from engine.spiff import codec
from engine.spiff.expressions import DiagramFault, evaluate, name_of
from engine.spiff.messages import Message, awaited_messages
from engine.spiff.program import Program
from engine.spiff.timers import waiting_until
from engine.spiff.workflow import CaseWorkflow
from engine.time import Deadline
from engine.values import plain
from engine.world import World

_REACHED = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.COMPLETED


class Instance:
    """A case that can take one step after another; after a fault it is spent and must be dropped."""

    def __init__(self, program: Program, workflow: CaseWorkflow) -> None:
        """Remember what is open and passed now, to tell later what this step changed."""
        self.program = program
        self.workflow = workflow
        self._mark()

    @classmethod
    def begin(cls, program: Program, process: str, world: World, values: Mapping[str, object]) -> Instance:
        """A new case, not yet advanced."""
        workflow = CaseWorkflow(program, process, world)
        workflow.task_tree.set_data(**{key: plain(value) for key, value in values.items()})
        return cls(program, workflow)

    @classmethod
    def restore(cls, program: Program, raw: bytes, world: World) -> Instance:
        """A case as `dump` left it."""
        return cls(program, codec.load(raw, program, world))

    def wake(self, world: World) -> None:
        """Take up a live case for its next step."""
        self.workflow.world = world
        self.workflow.asked = []
        self._mark()

    def _mark(self) -> None:
        self.open_before = tuple(self.open_tasks())
        self.completed_id = ""
        self._done_now: list[tuple[Element, str, str]] = []
        self._done_before = {task.id for task in self._tasks() if task._state == TaskState.COMPLETED}

    # -- moving on

    def is_open(self, task_id: str) -> bool:
        """Whether this user task can be completed now."""
        return task_id in self.open_before

    def complete(self, task_id: str, answers: Mapping[str, object]) -> None:
        """Complete a user task: its output parameters, and nothing else of the form, enter the process."""
        task = self.open_tasks()[task_id]
        values = {**task.data, **answers}
        outputs = {
            name: evaluate(text, values, world=self.workflow.world, where=name_of(task))
            for name, text in self.element(task).outputs.items()
        }
        task.set_data(**outputs)
        self.completed_id = task_id
        self._guarded(task.run)

    def advance(self) -> None:
        """Run everything that needs no person, timers that are due included."""
        self._guarded(self.workflow.do_engine_steps)
        self._guarded(self.workflow.do_engine_steps)  # what a timer released in the first pass
        self._done_now = self._newly_done()
        self.workflow.put_away_finished()

    def deliver(self, message: str, payload: Mapping[str, object]) -> bool:
        """Hand a message to the node that waits for it; False when none does."""
        if message not in self.awaited():
            return False
        event = BpmnEvent(Message(message), payload=plain(dict(payload)))
        self._guarded(lambda: self.workflow.send_event(event))
        return True

    @staticmethod
    def _guarded(move: Any) -> None:
        """Turn what the library raises into a fault with the element's name."""
        try:
            move()
        except SpiffWorkflowException as error:
            spec = getattr(error, "task_spec", None)
            where = (spec.bpmn_name or spec.name) if spec is not None else "流程图"
            raise DiagramFault(where=where, why=str(error)) from error

    # -- what stands now

    def open_tasks(self) -> dict[str, Any]:
        """User tasks that wait for a person, by id."""
        return {
            task.id.hex: task
            for task in self._tasks()
            if task._state == TaskState.READY and task.task_spec.manual and hasattr(task.task_spec, "element")
        }

    def timers(self) -> Iterator[tuple[str, str, Any]]:
        """(task id, element id, due) of every timer that waits."""
        for task in self.workflow.event_manager.tasks.values():
            due = waiting_until(task)
            if due is not None:
                yield task.id.hex, task.task_spec.bpmn_id or task.task_spec.name, due

    def awaited(self) -> list[str]:
        """Names of the messages the case waits for."""
        return sorted({message.name for message in awaited_messages(self.workflow.event_manager.tasks.values())})

    def passed(self) -> Iterator[tuple[Element, str, str]]:
        """(element, process, branch) of every node completed in this step."""
        yield from self._done_now

    def ended(self) -> str | None:
        """Id of the end event that ended the case, once it has ended."""
        if not self.workflow.completed:
            return None
        ends = [task for task in self.workflow.tasks.values() if self._ended_by(task) is not None]
        return self._ended_by(max(ends, key=lambda task: task.last_state_change)) if ends else "ended"

    @staticmethod
    def _ended_by(task: Any) -> str | None:
        element = getattr(task.task_spec, "element", None)
        return (
            element.id
            if element is not None and element.kind == "endEvent" and task._state == TaskState.COMPLETED
            else None
        )

    def trail(self) -> frozenset[tuple[str, str]]:
        """(source, target) of every flow the case took in its main process, embedded sub-processes included."""
        return frozenset(
            (self._came_from(task), task.task_spec.element.id)
            for tree in self.workflow.trees()
            if tree is self.workflow or tree.spec.name in self.program.embedded
            for task in tree.tasks.values()
            if task._state & _REACHED and hasattr(task.task_spec, "element")
        )

    @staticmethod
    def _came_from(task: Any) -> str:
        parent = task.parent
        while parent is not None and not hasattr(parent.task_spec, "element"):
            parent = parent.parent
        return parent.task_spec.element.id if parent is not None else ""

    def dump(self) -> bytes:
        """The bytes of the case."""
        return codec.dump(self.workflow)

    # -- about one task

    @staticmethod
    def key(task: Any) -> str:
        """Its id."""
        key: str = task.id.hex
        return key

    @staticmethod
    def element(task: Any) -> Element:
        """What is drawn."""
        element: Element = task.task_spec.element
        return element

    @staticmethod
    def values(task: Any) -> dict[str, object]:
        """A copy of its process variables."""
        return {key: plain(value) for key, value in task.data.items()}

    def place(self, task: Any) -> tuple[str, str]:
        """(process it is drawn in, id of the call it belongs to or "")."""
        tree = task.workflow
        while tree.spec.name in self.program.embedded:
            tree = tree.parent_workflow
        owner: UUID | None = tree.parent_task_id
        return tree.spec.name, owner.hex if owner else ""

    def groups(self, task: Any) -> list[tuple[str, str]]:
        """(post, unit) pairs of candidateGroups; a list in braces stands for several."""
        found = []
        for holder in self._holders(self.element(task).attributes.get("candidateGroups", ""), task):
            found += [
                (post, unit) for post in self._codes(holder.post, task) for unit in self._codes(holder.unit, task)
            ]
        return found

    def clocks(self, task: Any) -> tuple[Deadline | None, Deadline | None]:
        """(due, warning) counted from now, the moment the task opens."""
        world, asked = self.workflow.world, self.element(task).attributes
        due = self._due(asked.get("dueDate"), task)
        follow = asked.get("followUpDate")
        return due, world.warns(follow, due) if follow else None

    def _due(self, text: str | None, task: Any) -> Deadline | None:
        if not text:
            return None
        part = read_part(text)
        value = self._evaluated(part.text, task) if part.is_feel else part.text
        return self.workflow.world.due(value, step=name_of(task))

    @staticmethod
    def _holders(text: str, task: Any) -> tuple[Holder, ...]:
        try:
            return read_holders(text)
        except HolderFault as error:
            raise DiagramFault(where=name_of(task), why=f"办理岗位“{text}”应写成 岗位@单位") from error

    def _codes(self, part: Part, task: Any) -> list[str]:
        value = self._evaluated(part.text, task) if part.is_feel else part.text
        given = value if isinstance(value, list) else [value]
        codes = [code for code in given if isinstance(code, str) and code]
        if not codes or codes != given:
            raise DiagramFault(where=name_of(task), why=f"“{part.text}”没有给出由谁办理")
        return codes

    def _evaluated(self, text: str, task: Any) -> object:
        return evaluate(text, task.data, world=self.workflow.world, where=name_of(task))

    def _tasks(self) -> Iterator[Any]:
        for tree in self.workflow.trees():
            yield from tree.tasks.values()

    def _newly_done(self) -> list[tuple[Element, str, str]]:
        return [
            (task.task_spec.element, *self.place(task))
            for task in self._tasks()
            if task._state == TaskState.COMPLETED
            and task.id not in self._done_before
            and hasattr(task.task_spec, "element")
        ]
