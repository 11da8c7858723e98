"""Forgetting: tokens that nothing can need any more leave their tree, so that a hundredth round costs what a second did.

The journal tells what happened; a tree has to know only how to go on. What a token may still need of the past:

- its parent, whose variables it inherits, and the root;
- a join: who has arrived in the round that has not fired yet, and for every token the last firing of each join above it,
  which says what round it is in;
- the branches that meet: the token at which they parted, to tell what each of them has changed since;
- an activity with events on its border, as long as it runs: its split, and all that hangs there;
- a multi-instance activity: its instances.

All others are cut out, and what hung below them hangs higher. That no walk goes another way is what the tests prove.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from engine.spiff.token import Token
from engine.values import differ

_OFTEN = 16
"""A tree is gone through once it has doubled and grown by so many tokens: then it costs nothing on the average."""


def is_long(tree: Any) -> bool:
    """Whether it is worth while to look for what can be forgotten."""
    return tree.completed or len(tree.tasks) > 2 * tree.kept + _OFTEN


def forget_history(tree: Any) -> None:
    """Cut out of a tree what nothing can need any more."""
    needed = _ends(tree) if tree.completed else _needed(tree)
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
            token._parent = tree.tasks[token._parent]._parent
            token.touched = True
        token._children = []
        left[id] = token
        if token._parent is not None:
            left[token._parent]._children.append(id)
    tree.tasks, tree.touched = left, True


def _ends(tree: Any) -> set[str]:
    """The root and the last token: how a case began and how it ended."""
    return {tree.task_tree.id} | ({tree.last_task.id} if tree.last_task is not None else set())


def _needed(tree: Any) -> set[str]:
    rounds = _rounds(tree)
    arrivals = _arrivals(tree, rounds)
    needed = _ends(tree)
    for token in tree.tasks.values():
        if token._state & TaskState.NOT_FINISHED_MASK or token in arrivals:
            needed |= {token.id, token._parent or token.id, *rounds[token.id].values(), *_kin(token)}
    return _with_forks(tree, needed - _idle(tree, needed, arrivals))


def _kin(token: Token) -> list[str]:
    """What an unfinished token looks at besides its parent."""
    if isinstance(token.task_spec, LoopTask):
        return token._children
    split_name = getattr(token.task_spec, "split_task", None)
    split: Any = token.parent if split_name else None
    while split is not None and split.task_spec.name != split_name:
        split = split.parent
    return [split.id, *split._children] if split is not None else []


def _rounds(tree: Any) -> dict[str, dict[str, str]]:
    """For each token the last firing of each join above it (join → token)."""
    rounds: dict[str, dict[str, str]] = {}
    for id, token in tree.tasks.items():
        parent = token.parent
        above = rounds[parent.id] if parent is not None else {}
        joined = parent is not None and isinstance(parent.task_spec, UnstructuredJoin)
        rounds[id] = {**above, parent.task_spec.name: parent.id} if joined else above
    return rounds


def _arrivals(tree: Any, rounds: dict[str, dict[str, str]]) -> dict[Token, None]:
    """Tokens that have arrived at a join and wait in another's shadow for its round to fire."""
    fired, shadows = set(), []
    for token in tree.tasks.values():
        if isinstance(token.task_spec, UnstructuredJoin):
            round_ = (token.task_spec.name, rounds[token.id].get(token.task_spec.name))
            if token._state in (TaskState.READY, TaskState.COMPLETED):
                fired.add(round_)
            elif token._state == TaskState.CANCELLED and token.parent._state == TaskState.COMPLETED:
                shadows.append((token, round_))
    return {token: None for token, round_ in shadows if round_ not in fired}


def _idle(tree: Any, needed: set[str], arrivals: dict[Token, None]) -> set[str]:
    """Arrivals at the end of the process that bring nothing, or only what a later one from the same fork brings again."""
    branches, idle = _branches(tree, needed), set()
    brought: dict[str, list[set[str]]] = {}
    for token in reversed([each for each in arrivals if each.task_spec is tree.spec.end]):
        end = token.parent
        fork = end.parent
        while fork is not None and branches[fork.id] < 2:
            fork = fork.parent
        if fork is None or end is tree.last_task:
            continue
        brings = {key for key, value in end.carried.items() if key not in fork.carried or differ(fork.carried[key], value)}
        later = brought.setdefault(fork.id, [set()])
        if any(brings <= each for each in later):
            idle |= {token.id, end.id}
            branches[fork.id] -= 1
        else:
            later.append(brings)
    return idle


def _branches(tree: Any, needed: set[str]) -> Counter[str]:
    """How many branches below each token hold something needed."""
    branches: Counter[str] = Counter()
    for id, token in reversed(tree.tasks.items()):
        if token._parent is not None and (id in needed or branches[id]):
            branches[token._parent] += 1
    return branches


def _with_forks(tree: Any, needed: set[str]) -> set[str]:
    return needed | {id for id, number in _branches(tree, needed).items() if number > 1}
