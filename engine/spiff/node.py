"""What every node shares: it looks no further than its own token, hands data on unmixed, and is noted when passed."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.model.diagram import Element
from engine.spiff.data import bring, put_back


class Node(BpmnSpecMixin):
    """A node of a process. `element` is what is drawn; the library's own nodes around it (start, end, split) have none.

    The library predicts all that may follow a token, recursively; nothing here needs that, so the next nodes get their
    token when this one is done, and a case holds only where it stands and where it has been.
    """

    element: Element
    asks = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    """Variables that are its token's own: one of the same name around it is not seen."""

    def test(self) -> None:
        """Nothing to find out: `engine.spiff.build` connects only what is sound."""

    def _predict(self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Nothing."""

    def _update(self, my_task: Any) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Any) -> bool:
        """Take over the variables; what the token has of its own stays."""
        around = my_task.parent.carried
        if self.own:
            around = {name: value for name, value in around.items() if name not in self.own}
        my_task.data = {**around, **my_task.carried}
        bring(self.reads, my_task)
        return True

    def _on_complete_hook(self, my_task: Any) -> None:
        put_back(self.reads, self.writes, my_task)
        my_task.workflow.top_workflow.note_passed(my_task)
        self.completed_event.emit(my_task.workflow, my_task)
        my_task._sync_children(self._next(my_task), TaskState.FUTURE)

    def _next(self, my_task: Any) -> list[Any]:
        """The nodes that get a token when this one is done."""
        following: list[Any] = self.outputs
        return following
