"""Reading the first format of a running case: [1, trees], a tree [owner, process, last, success, completed,
correlations, data, rows], a row [id, parent, state, node, changed at, triggered, notes, changed, removed].

Then a row stood for every token that ever was, predicted ones with all their parent's variables as removed, moments were
the machine's, and the flows taken and the end reached were told by the rows.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from SpiffWorkflow.util.task import TaskState

from engine.spiff.token import REACHED
from engine.spiff.workflow import CaseWorkflow

FORMAT = 1


def upgraded(trees: list[list[Any]]) -> tuple[list[Any], list[Any], list[list[Any]]]:
    """The case, its trail (without flows) and its trees, as the present format has them."""
    moments = sorted({row[4] for tree in trees for row in tree[-1]})
    since = {moment: number for number, moment in enumerate(moments, 1)}
    names = list(dict.fromkeys(row[3] for tree in trees for row in tree[-1]))
    numbers = {name: number for number, name in enumerate(names)}
    for tree in trees:
        ids = {number: row[0] for number, row in enumerate(tree[-1])} | {None: None}
        tree[2] = ids[tree[2]]
        tree[-1] = [[row[0], ids[row[1]], row[2], numbers[row[3]], since[row[4]], *row[5:]] for row in tree[-1]]
        tree.insert(-1, 0)
    return [FORMAT, uuid4().hex[:24], 0, len(since), None], [names, []], trees


def recall(case: CaseWorkflow) -> None:
    """Find in its tokens what the present format remembers besides."""
    for tree in case.trees():
        for token in tree.tasks.values():
            if token._state & REACHED:
                case.note_flow(token)
    ends = [token for token in case.tasks.values() if token._state == TaskState.COMPLETED and _is_end(token)]
    last = max(ends, key=lambda token: token.last_state_change, default=None)
    case.ended_by = last.task_spec.element.id if last is not None else None


def _is_end(token: Any) -> bool:
    element = getattr(token.task_spec, "element", None)
    return element is not None and element.kind == "endEvent"
