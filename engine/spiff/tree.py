"""A tree of tokens: one run of a process or sub-process. It knows which of its tokens look at others, and its bytes."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.spiff.token import Token


class Tree:
    """What a tree knows besides the library.

    `home` is (process it is drawn in, id of the call it belongs to, "" in the main process); `joins` are its tokens
    that wait for other tokens; `lines` are its bytes as long as nothing `touched` it; `kept` says how many tokens
    were left when its history was last forgotten; `gone` trees are only finished by what was under way in them.
    """

    home: tuple[str, str]
    owner: Any = None
    tasks: dict[str, Token]

    def _take_root(self) -> None:
        self.joins: dict[str, Token] = {}
        self.lines: list[bytes] = []
        self.touched, self.kept, self.gone = True, 0, False

    def begin(self) -> None:
        """Hang the first token into the tree."""
        tree: Any = self
        tree.task_tree = Token(tree, tree.spec.start, state=TaskState.FUTURE)
        tree.task_tree._ready()

    @property
    def data(self) -> dict[str, Any]:
        """What all tokens of the tree share; whoever lays hands on it touches the tree."""
        self.touched = True
        return self.shared

    @data.setter
    def data(self, values: dict[str, Any]) -> None:
        self.touched, self.shared = True, values

    def update_waiting_tasks(self) -> None:
        """Let what waits for other tokens look again; events wait for the world."""
        for token in list(self.joins.values()):
            if token._state == TaskState.WAITING and token.id in self.tasks:
                token.task_spec._update(token)

    def _task_removed_notify(self, task: Any) -> None:
        self.touched = True
        self.top_workflow.forget(task)  # type: ignore[attr-defined]  # the workflow it is mixed into has it


class SubTree(Tree, BpmnSubWorkflow):
    """The tree of one run of an embedded sub-process or a called process."""

    def __init__(self, case: Any, spec: Any, owner: Token) -> None:
        """An empty tree below the token that owns it."""
        self._take_root()
        self.owner = owner
        inline = spec.name in case.program.embedded
        self.home = owner.workflow.home if inline else (spec.name, owner.id)
        super().__init__(spec, owner.id, case, deserializing=True)

    @property
    def parent_workflow(self) -> Any:
        """The tree that holds the owner."""
        return self.owner.workflow
