"""Forgetting: tokens that nothing needs any more leave their tree, so that a hundredth round costs what a second did.

The journal tells what happened; a tree has to know only how to go on. What the tokens that stand in it may still need:

- their parents, whose variables they inherit, and the root;
- where they parted, to tell at a join what each branch has changed since;
- branches that have ended: what they bring to the end of their process;
- an activity that runs several times: its instances; one with events on its border: what hangs beside it.

All others are cut out, and what hung below them hangs higher. That no walk goes another way is what the tests prove.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import Split
from engine.spiff.repetition import Repeated
from engine.spiff.token import Token
from engine.values import differ

_FEW = 16
"""A tree is gone through once it has more than doubled and grown by so many tokens: it costs nothing on the average."""


def is_long(tree: Any) -> bool:
    """Whether it is worth while to look for what can be forgotten."""
    return tree.completed or len(tree.tasks) > 2 * tree.kept + _FEW


def forget_history(tree: Any) -> None:
    """Cut out of a tree what nothing can need any more."""
    needed = _how_it_ended(tree) if tree.completed else _needed(tree)
    if len(needed) < len(tree.tasks):
        _cut(tree, needed)
    tree.kept = len(tree.tasks)


def _cut(tree: Any, needed: set[str]) -> None:
    left: dict[str, Token] = {}
    for id, token in tree.tasks.items():
        if id not in needed:
            del tree.top_workflow.tokens[id]
            continue
        while token._parent is not None and token._parent not in left:
            token._parent, token.touched = tree.tasks[token._parent]._parent, True
        token._children = []
        left[id] = token
        if token._parent is not None:
            left[token._parent]._children.append(id)
    tree.tasks, tree.touched = left, True


def _how_it_ended(tree: Any) -> set[str]:
    """The root, and the way from the end event to the last token."""
    needed, token = {tree.task_tree.id}, tree.last_task
    while token is not None and token.id not in needed:
        needed.add(token.id)
        token = None if hasattr(token.task_spec, "element") else token.parent
    return needed


def _needed(tree: Any) -> set[str]:
    needed = {tree.task_tree.id}
    ended = [token for token in tree.tasks.values() if token.task_spec is tree.spec.end]
    standing = [token for token in tree.tasks.values() if token._state & TaskState.NOT_FINISHED_MASK]
    for token in (*standing, *ended):
        needed |= {token.id, token._parent or token.id}
        if isinstance(token.task_spec, Repeated):
            needed.update(token._children)
    needed -= _idle(tree, needed, ended)
    branches = _branches(tree, needed)
    return needed | {id for id, number in branches.items() if number > 1 or _hangs_beside(tree, id, needed)}


def _hangs_beside(tree: Any, id: str, needed: set[str]) -> bool:
    """Whether it came on the border of an activity that still runs: what follows from it is no part of that."""
    parent = tree.tasks[id].parent
    return parent is not None and parent.id in needed and isinstance(parent.task_spec, Split)


def _branches(tree: Any, needed: set[str]) -> Counter[str]:
    """How many branches below each token hold something needed."""
    branches: Counter[str] = Counter()
    for id, token in reversed(tree.tasks.items()):
        if token._parent is not None and (id in needed or branches[id]):
            branches[token._parent] += 1
    return branches


def _idle(tree: Any, needed: set[str], ended: list[Token]) -> set[str]:
    """Branches that have ended and bring nothing, or only what a later one from the same fork brings again."""
    branches, idle = _branches(tree, needed), set[str]()
    brought: dict[str, list[set[str]]] = {}
    for token in reversed(ended):
        end = token.parent
        fork = end.parent
        while fork is not None and branches[fork.id] < 2:
            fork = fork.parent
        if fork is None or token._state & TaskState.NOT_FINISHED_MASK:
            continue
        brings = {
            key for key, value in end.carried.items() if key not in fork.carried or differ(fork.carried[key], value)
        }
        later = brought.setdefault(fork.id, [set()])
        if any(brings <= each for each in later):
            idle |= {token.id, end.id}
            branches[fork.id] -= 1
        else:
            later.append(brings)
    return idle
