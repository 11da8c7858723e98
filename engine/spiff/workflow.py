"""A running case: the library's workflow with our clock, first come first served, and an index of what matters now."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.spiff.expressions import FeelEngine
from engine.spiff.history import forget_history, is_long
from engine.spiff.timers import is_due
from engine.spiff.token import REACHED, Token
from engine.spiff.trail import Trail


class _Tree:
    """What a tree of tokens knows besides the library.

    `home` is (process it is drawn in, id of the call it belongs to, "" in the main process); `joins` are its tokens that
    wait for other tokens; `written` are its bytes as long as nothing `touched` it; `kept` says how many tokens were left
    when its history was last forgotten.
    """

    home: tuple[str, str]
    tasks: dict[str, Token]

    def _take_root(self) -> None:
        self.joins: dict[str, Token] = {}
        self.touched, self.written, self.kept = True, b"", 0

    def _begin(self) -> None:
        tree: Any = self
        tree.task_tree = Token(tree, tree.spec.start, state=TaskState.FUTURE)
        tree.spec.start._predict(tree.task_tree, mask=TaskState.NOT_FINISHED_MASK)
        tree.task_tree._ready()

    def update_waiting_tasks(self) -> None:
        """Let what waits for other tokens look again; events do not depend on tokens, only on time."""
        case: Any = self.top_workflow  # type: ignore[attr-defined]  # the workflow it is mixed into has it
        for token in [*self.joins.values(), *(token for token in case.due if token.workflow is self)]:
            if token._state == TaskState.WAITING and token.id in self.tasks:
                token.task_spec._update(token)

    def _task_removed_notify(self, task: Any) -> None:
        self.touched = True
        self.top_workflow.forget(task)  # type: ignore[attr-defined]  # the workflow it is mixed into has it


class SubTree(_Tree, BpmnSubWorkflow):
    """The tree of one run of an embedded sub-process or a called process."""

    def __init__(self, case: CaseWorkflow, spec: Any, owner: Any) -> None:
        """An empty tree below the token that owns it."""
        self._take_root()
        inline = spec.name in case.program.embedded
        self.home = owner.workflow.home if inline else (spec.name, owner.id)
        super().__init__(spec, owner.id, case, deserializing=True)


class CaseWorkflow(_Tree, BpmnWorkflow):
    """One case. `world` (time, limits, functions) is set for the length of one step; `asked` collects verbs.

    The library walks all trees again and again to find what is ready. Here each token says when it moves (`moved`), so
    that a step costs what it changes (spiffworkflow.md §4.4): `ready` are tokens the engine runs, first come first
    served; `open` are user tasks for people; `done` are tokens completed in this step; `due` are tokens whose time had
    come when it began; `trail` has the flows taken in the main process; `ended_by` is the last end event reached there.
    """

    def __init__(self, program: Any, process: str, world: Any, *, restoring: bool = False) -> None:
        """Begin `process` of `program`, or make the empty shell that the codec fills when `restoring`."""
        self.program, self.world = program, world
        self.salt, self.count, self.moves = uuid4().hex[:24], 0, 0
        self.tokens: dict[str, Token] = {}
        self.ready: dict[str, Token] = {}
        self.open: dict[str, Token] = {}
        self.trail = Trail()
        self.ended_by: str | None = None
        self.home = (process, "")
        self._take_root()
        self.begin_step(world)
        super().__init__(program.specs[process], program.specs, FeelEngine(), deserializing=True)
        if not restoring:
            self._begin()

    # -- one step

    def begin_step(self, world: Any) -> None:
        """Look at the clock; nothing was asked and done yet."""
        self.world = world
        self.asked: list[tuple[str, Any, dict[str, object]]] = []
        self.done: list[Token] = []
        self.left: list[str] = []
        self.due: list[Token] = []

    def look_at_clock(self) -> None:
        """Find the timers whose time has come."""
        self.due = [token for token in self.event_manager.tasks.values() if is_due(token, self.world.now)]

    def do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> None:
        """Run everything that needs no person, timers that are due included, until nothing moves."""
        self._run_ready()
        while self.due:
            for token in self.due:
                if token._state == TaskState.WAITING and token.id in self.tokens:
                    token.task_spec._update(token)
            self.look_at_clock()
            self._run_ready()

    def _run_ready(self) -> None:
        while self.ready:
            next(iter(self.ready.values())).run()

    # -- what tokens tell

    def new_id(self) -> str:
        """An id that no token of any case ever had: the case's own random part, and a number."""
        self.count += 1
        return f"{self.salt}{self.count:08x}"

    def moved(self, token: Token, before: int) -> None:
        """A token changed its state."""
        self.moves += 1
        token.last_state_change = self.moves
        self._leave(token, before)
        self.enter(token)
        now = token._state
        if now & REACHED and not before & REACHED:
            self.note_flow(token)
        if now & TaskState.FINISHED_MASK:
            self._finish(token)

    def enter(self, token: Token) -> None:
        """Put a token where it is found in its present state."""
        if token._state == TaskState.READY:
            kind = self.open if token.task_spec.manual else self.ready
            kind[token.id] = token
        elif token._state == TaskState.WAITING:
            if isinstance(token.task_spec, CatchingEvent):
                self.event_manager.add_task(token)
            else:
                token.workflow.joins[token.id] = token

    def _leave(self, token: Token, before: int) -> None:
        if before == TaskState.READY:
            self.ready.pop(token.id, None)
            self.open.pop(token.id, None)
        elif before == TaskState.WAITING:
            token.workflow.joins.pop(token.id, None)
            self.event_manager.remove_task(token)

    def note_flow(self, token: Token) -> None:
        """A token has reached its node: remember whence it came, for the drawing."""
        element = getattr(token.task_spec, "element", None)
        if element is not None and not token.workflow.home[1]:
            self.trail.take(source_of(token), element.id)

    def _finish(self, token: Token) -> None:
        if token._state == TaskState.COMPLETED:
            self.done.append(token)
            element = getattr(token.task_spec, "element", None)
            if token.workflow is self and element is not None and element.kind == "endEvent":
                self.ended_by = element.id
        if token.id in self.subprocesses:
            self.left.append(token.id)

    def forget(self, token: Token) -> None:
        """A token is gone, and with it the tree it owns."""
        self._leave(token, token._state)
        self.tokens.pop(token.id, None)
        self.put_away(token.id)

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
        tree._begin()
        return tree

    def put_away_finished(self) -> None:
        """Keep only trees whose owner still runs: the history of others is in the journal, and they cost time for ever."""
        for owner in self.left:
            self.put_away(owner)
        self.left = []
        for tree in self.trees():
            if tree.touched and is_long(tree):
                forget_history(tree)

    def put_away(self, owner: str) -> None:
        """Forget the tree below a token, and all trees below that."""
        tree = self.subprocesses.pop(owner, None)
        for token in tree.tasks.values() if tree is not None else ():
            self.forget(token)

    def find_task(self, task_id: str) -> Token | None:
        """The token with this id in any tree."""
        return self.tokens.get(task_id)

    def get_task_from_id(self, task_id: str) -> Any:
        """The token with this id; the library's name for `find_task`, and it raises."""
        return self.tokens.get(task_id) or super().get_task_from_id(task_id)


def source_of(token: Any) -> str:
    """The element from which a token came, "" at the start."""
    parent = token.parent
    while parent is not None and not hasattr(parent.task_spec, "element"):
        parent = parent.parent
    return parent.task_spec.element.id if parent is not None else ""
