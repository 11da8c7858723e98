"""A running case as bytes: one line for the case, one for each tree; the diagrams by reference (stored once, by hash).

The library's own format repeats the diagrams in every case and rebuilds them on every load; 99 % of a cold request was
spent there (spiffworkflow.md §4). Here a tree that a step did not touch keeps its line as it was read or last written.

    case   [FORMAT, salt, count, moves, ended by, flows, names]
    tree   [owner, process, last token, success, completed, correlations, data, kept, rows]
    row    [id, parent, state, node, since, triggered, notes, changed, removed]

Rows refer to their parent by row number and to their node by its place in `names`; an id of this case is only its number
(CaseWorkflow.new_id); `changed` and `removed` are the difference of a token's variables to its parent's. What is empty
at the end of a row is left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff import format1
from engine.spiff.token import Token
from engine.spiff.workflow import CaseWorkflow, SubTree
from engine.values import differ, from_bytes, to_bytes

FORMAT = 2
_LARGE = 8192
"""Bytes from which on a running case is compressed: below that it costs more time than it saves space."""


class UnreadableState(Exception):
    """The stored state is of another format or damaged."""


# -- writing


def dump(case: CaseWorkflow) -> bytes:
    """The bytes of a case between two steps; trees that nothing touched since they were last written cost nothing."""
    for tree in case.trees():
        if tree.touched:
            tree.written, tree.touched = to_bytes(_packed(tree, case)), False
    flows = [_number(name, case) for flow in case.flows for name in flow]
    header = [FORMAT, case.salt, case.count, case.moves, case.ended_by, flows, list(case.names)]
    raw = b"\n".join([to_bytes(header), *(tree.written for tree in case.trees())])
    return zlib.compress(raw, 1 if len(raw) > _LARGE or case.completed else 0)


def _packed(tree: Any, case: CaseWorkflow) -> list[Any]:
    places: dict[str, int] = {}
    rows = [_row(token, places, case) for token in tree.tasks.values()]
    last, owner = tree.last_task, tree.parent_task_id
    return [
        _brief(owner, case) if owner else None,
        tree.spec.name,
        places.get(last.id) if last is not None else None,
        tree.success,
        tree.completed,
        tree.correlations,
        tree.data,
        tree.kept,
        rows,
    ]


def _row(token: Token, places: dict[str, int], case: CaseWorkflow) -> list[Any]:
    parent = token.workflow.tasks[token._parent] if token._parent else None
    place = places[parent.id] if parent is not None else None
    places[token.id] = len(places)
    row = [_brief(token.id, case), place, token._state, _number(token.task_spec.name, case)]
    if token._state < TaskState.WAITING and not (token.carried or token.notes or token.triggered):
        return row  # merely predicted
    before = parent.carried if parent is not None else {}
    row += [token.last_state_change, token.triggered, token.notes, *_difference(before, token.carried)]
    while not row[-1]:
        row.pop()
    return row


def _difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    changed = {key: value for key, value in after.items() if key not in before or differ(before[key], value)}
    return changed, [] if before.keys() <= after.keys() else [key for key in before if key not in after]


def _brief(id: str, case: CaseWorkflow) -> int | str:
    return int(id[len(case.salt) :], 16) if id.startswith(case.salt) else id


def _number(name: str, case: CaseWorkflow) -> int:
    return case.names.setdefault(name, len(case.names))


# -- reading


def load(raw: bytes, program: Any, world: Any) -> CaseWorkflow:
    """The case that `dump` wrote, now or in format 1; raises UnreadableState."""
    try:
        return _loaded(raw, program, world)
    except (zlib.error, ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnreadableState(f"{type(error).__name__}: {error}") from error


def _loaded(raw: bytes, program: Any, world: Any) -> CaseWorkflow:
    first, *lines = zlib.decompress(raw).split(b"\n")
    header = from_bytes(first)
    if header[0] == format1.FORMAT:
        header, trees = format1.upgraded(header[1])
    elif header[0] == FORMAT:
        trees = [from_bytes(line) for line in lines]
    else:
        raise UnreadableState(f"format {header[0]}, expected {FORMAT}")
    case = CaseWorkflow(program, trees[0][1], world, restoring=True)
    _fill(case, header, trees)
    if header[0] == format1.FORMAT:
        format1.recall(case)
    for tree, line in zip(case.trees(), lines, strict=False):
        tree.written, tree.touched = line, False
    return case


def _fill(case: CaseWorkflow, header: list[Any], trees: list[list[Any]]) -> None:
    _, case.salt, case.count, case.moves, case.ended_by, flows, names = header
    case.names = {name: number for number, name in enumerate(names)}
    case.flows = {(names[source], names[target]): None for source, target in zip(flows[::2], flows[1::2], strict=True)}
    moving = _unpacked(case, trees[0], names)
    for packed in trees[1:]:
        owner = case.tokens[_id(packed[0], case)]
        tree = case.subprocesses[owner.id] = SubTree(case, case.program.specs[packed[1]], owner)
        tree.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
        moving += _unpacked(tree, packed, names)
    for token in sorted(moving, key=lambda token: token.last_state_change):
        case.enter(token)


def _unpacked(tree: Any, packed: list[Any], names: list[str]) -> list[Token]:
    _, _, last, tree.success, tree.completed, tree.correlations, tree.data, tree.kept, rows = packed
    tokens: list[Token] = []
    for row in rows:
        tokens.append(_token(row, tokens, tree, names))
    tree.task_tree = tokens[0]
    tree.last_task = tokens[last] if last is not None else None
    return [token for token in tokens if token._state in (TaskState.WAITING, TaskState.READY)]


def _token(row: list[Any], tokens: list[Token], tree: Any, names: list[str]) -> Token:
    id, place, state, node, *rest = row
    parent = tokens[place] if place is not None else None
    token = Token(tree, tree.spec.task_specs[names[node]], parent, state, _id(id, tree.top_workflow))
    if rest:
        token.last_state_change, token.triggered, notes, changed, removed = *rest, *_LEFT_OUT[len(rest) :]
        token.notes = notes or {}
        token.carried = {**(parent.carried if parent is not None else {}), **(changed or {})}
        for key in removed or ():
            del token.carried[key]
    return token


_LEFT_OUT = (0, False, None, None, None)


def _id(brief: int | str, case: CaseWorkflow) -> str:
    return f"{case.salt}{brief:08x}" if isinstance(brief, int) else brief
