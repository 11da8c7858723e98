"""A running case: the library's workflow with our clock, first come first served, and an index of what matters now."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.ids import new_id
from engine.spiff.expressions import DiagramFault, FeelEngine, name_of
from engine.spiff.history import forget_history, is_long
from engine.spiff.token import REACHED, Token
from engine.spiff.trail import Trail
from engine.spiff.tree import SubTree, Tree

MOST_ROUNDS = 200


class CaseWorkflow(Tree, BpmnWorkflow):
    """One case. `world` (time, limits, functions) is set for the length of one step, and what happens in it is noted:
    verbs `asked` for, messages and signals `thrown`, nodes `passed`, the flows by which it `went` (process, source,
    target), and how often each node ran by itself.

    The library walks all trees again and again to find what is ready. Here each token says when it moves (`moved`), so
    that a step costs what it changes (spiffworkflow.md §4.4): `ready` are tokens the engine runs, first come first
    served; `open` are user tasks for people; `asking` are service tasks that wait for an answer; `event_manager` has
    the events that wait; `trail` the flows taken in the main process.
    """

    subprocesses: dict[str, SubTree]

    def __init__(self, program: Any, process: str, world: Any, *, restoring: bool = False) -> None:
        """Begin `process` of `program`, or make the empty shell that the codec fills when `restoring`."""
        self.program, self.home, self.trail = program, (process, ""), Trail()
        self.salt, self.count, self.moves = new_id(world.now)[:24], 0, 0
        self.tokens: dict[str, Token] = {}
        self.ready: dict[str, Token] = {}
        self.open: dict[str, Token] = {}
        self.asking: dict[str, Token] = {}
        self.left: list[str] = []
        self._take_root()
        self.wake(world)
        super().__init__(program.specs[process], program.specs, FeelEngine(), deserializing=True)
        if not restoring:
            self.begin()

    # -- one step

    def wake(self, world: Any) -> None:
        """Begin a step: nothing noted yet."""
        self.world = world
        self.asked: list[tuple[str, Any, dict[str, object]]] = []
        self.thrown: list[tuple[str, Any, str, Any, dict[str, object]]] = []
        self.passed: list[tuple[Any, str, str]] = []
        self.went: list[tuple[str, str, str]] = []
        self.runs: defaultdict[tuple[int, str], int] = defaultdict(int)

    def note_passed(self, task: Any) -> None:
        """A token is done with a node that is drawn."""
        if hasattr(task.task_spec, "element"):
            self.passed.append((task.task_spec.element, *task.workflow.home))

    def do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> None:
        """Run everything that needs no person and no clock: `engine.spiff.instance` lets timers fire."""
        while self.ready:
            token = next(iter(self.ready.values()))
            if token.workflow.completed and token.workflow is not self:
                del self.ready[token.id]  # what was under way when its tree was broken off
                continue
            self._refuse_endless(token)
            token.run()

    def _refuse_endless(self, token: Token) -> None:
        """A node that comes again and again within one step, with nobody and no clock in between, would never stop."""
        node = id(token.workflow), token.task_spec.name
        self.runs[node] += not token.triggered
        if self.runs[node] > MOST_ROUNDS:
            raise DiagramFault(where=name_of(token), why=f"连续自动经过 {MOST_ROUNDS} 次仍没有停下，循环没有出口")

    # -- what tokens tell

    def next_number(self) -> int:
        """A number that no token of this case ever had."""
        self.count += 1
        return self.count

    def id_of(self, brief: int | str) -> str:
        """An id that no token of any case ever had: the case's own random part and a number; older ids as they are."""
        return f"{self.salt}{brief:08x}" if isinstance(brief, int) else brief

    def moved(self, token: Token, before: int) -> None:
        """A token changed its state."""
        self.moves += 1
        token.last_state_change = self.moves
        self._leave(token, before)
        self.enter(token)
        now = token._state
        if now & REACHED and not before & REACHED:
            self.note_flow(token)
        if now & TaskState.FINISHED_MASK and token.id in self.subprocesses:
            self.left.append(token.id)

    def enter(self, token: Token) -> None:
        """Put a token where it is found in its present state."""
        state, spec, tree = token._state, token.task_spec, token.workflow
        if tree.gone:
            return
        if state == TaskState.READY:
            (self.open if spec.manual else self.ready)[token.id] = token
        elif state == TaskState.STARTED and spec.asks:
            self.asking[token.id] = token
        elif state == TaskState.WAITING:
            (self.event_manager.tasks if isinstance(spec, CatchingEvent) else tree.joins)[token.id] = token

    def _leave(self, token: Token, before: int) -> None:
        if before == TaskState.READY:
            self.ready.pop(token.id, None)
            self.open.pop(token.id, None)
        elif before == TaskState.STARTED:
            self.asking.pop(token.id, None)
        elif before == TaskState.WAITING:
            self.event_manager.tasks.pop(token.id, None)
            token.workflow.joins.pop(token.id, None)

    def note_flow(self, token: Token) -> None:
        """A token has reached its node: remember whence it came, for good in the main process, for the drawing."""
        element = getattr(token.task_spec, "element", None)
        if element is None:
            return
        (process, call), source = token.workflow.home, _source(token)
        self.went.append((process, source, element.id))
        if not call:
            self.trail.take(source, element.id)

    def forget(self, token: Token) -> None:
        """A token is gone, and with it the tree it owns."""
        self._leave(token, token._state)
        self.tokens.pop(token.id, None)
        self._put_away(token.id)

    # -- trees

    @property
    def decisions(self) -> Any:
        """The decision tables of the folder."""
        return self.program.decisions

    def trees(self) -> list[Any]:
        """The main tree and every subprocess tree that is still kept."""
        return [self, *self.subprocesses.values()]

    def create_subprocess(self, my_task: Any, spec_name: str) -> SubTree:
        """A new tree below a token."""
        tree = self.subprocesses[my_task.id] = SubTree(self, self.subprocess_specs[spec_name], my_task)
        tree.begin()
        return tree

    def put_away_finished(self) -> None:
        """Keep only trees whose owner still runs, and of those what they may need: the journal has the history."""
        for owner in self.left:
            self._put_away(owner)
        self.left = []
        for tree in self.trees():
            if tree.touched and is_long(tree):
                forget_history(tree)

    def _put_away(self, owner: str) -> None:
        """Forget the tree below a token, and all trees below that."""
        tree = self.subprocesses.pop(owner, None)
        if tree is not None:
            tree.gone = True
            for token in tree.tasks.values():
                self.forget(token)

    def find_task(self, task_id: str) -> Token | None:
        """The token with this id in any tree."""
        return self.tokens.get(task_id)

    def get_task_from_id(self, task_id: str) -> Any:
        """The token with this id; the library's name for `find_task`, and it raises."""
        return self.tokens.get(task_id) or super().get_task_from_id(task_id)


def _source(token: Any) -> str:
    """The element from which a token came, "" at the start."""
    parent = token.parent
    while parent is not None and not hasattr(parent.task_spec, "element"):
        parent = parent.parent
    return parent.task_spec.element.id if parent is not None else ""
