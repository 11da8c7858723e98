"""A running case as bytes: lines for the case, its trail and each tree; the diagrams by reference (stored once, by hash).

The library's own format repeats the diagrams in every case and rebuilds them on every load; 99 % of a cold request was
spent there (spiffworkflow.md §4). Here a step writes what it touched: other trees keep their line, other tokens their row.

    case   [FORMAT, salt, count, moves]
    trail  [names, flows]
    tree   [owner, process, last token, success, completed, correlations, data, kept, rows]
    row    [id, parent, state, node, since, triggered, notes, changed, removed]

A node and a flow are called by numbers of the trail, a token by its number in the case (CaseWorkflow.new_id). `changed`
and `removed` are the difference of a token's variables to its parent's. What is empty at the end of a row is left out.
"""

from __future__ import annotations

import zlib
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.token import Token
from engine.spiff.trail import Trail
from engine.spiff.tree import SubTree
from engine.spiff.upgrade import lines_of_format_1, put_right
from engine.spiff.workflow import CaseWorkflow
from engine.values import differ, from_bytes, to_bytes

FORMAT = 2
_BETWEEN = b"\t"
"""Stands before and after each row (JSON lets it, and has none inside), so that rows are found without being parsed."""

_LARGE = 8192
"""Bytes from which on a running case is compressed: below that it costs more time than it saves space."""


class UnreadableState(Exception):
    """The stored state is of another format or damaged."""


# -- writing


def dump(case: CaseWorkflow) -> bytes:
    """The bytes of a case between two steps."""
    for tree in case.trees():
        if tree.touched:
            tree.written, tree.touched = _tree(tree, case), False
    header = to_bytes([FORMAT, case.salt, case.count, case.moves])
    raw = b"\n".join([header, case.trail.to_bytes(), *(tree.written for tree in case.trees())])
    return zlib.compress(raw, 1 if len(raw) > _LARGE or case.completed else 0)


def _tree(tree: Any, case: CaseWorkflow) -> bytes:
    last, owner = tree.last_task, tree.parent_task_id
    head = [
        _brief(owner, case) if owner else None,
        tree.spec.name,
        _brief(last.id, case) if last is not None and last.id in tree.tasks else None,
        tree.success,
        tree.completed,
        tree.correlations,
        tree.shared,
        tree.kept,
    ]
    rows = (_BETWEEN + b"," + _BETWEEN).join(_rows(tree, case))
    return b"%b,[\t%b\t]]" % (to_bytes(head)[:-1], rows)


def _rows(tree: Any, case: CaseWorkflow) -> list[bytes]:
    """Rows of what was touched, and of what hangs below a token whose variables changed: it is told by the difference."""
    rows, changed = [], set()
    for token in tree.tasks.values():
        if token.touched or token._parent in changed:
            before = token.difference
            _write(token, tree.tasks.get(token._parent), case)
            if token.difference != before or token._parent in changed:
                changed.add(token.id)
        rows.append(token.row)
    return rows


def _write(token: Token, parent: Token | None, case: CaseWorkflow) -> None:
    token.touched = False
    token.difference = _difference(parent.carried if parent is not None else {}, token.carried)
    row: list[Any] = [
        _brief(token.id, case),
        _brief(parent.id, case) if parent is not None else None,
        token._state,
        case.trail.number(token.task_spec.name),
        token.last_state_change,
        token.triggered,
        token.notes,
    ]
    if token.difference:
        token.row = b"%b,%b" % (to_bytes(row)[:-1], token.difference[1:])
    else:
        while not row[-1]:
            row.pop()
        token.row = to_bytes(row)


def _difference(before: dict[str, Any], after: dict[str, Any]) -> bytes:
    changed = {key: value for key, value in after.items() if key not in before or differ(before[key], value)}
    removed = () if before.keys() <= after.keys() else [key for key in before if key not in after]
    return to_bytes([changed, removed] if removed else [changed]) if changed or removed else b""


def _brief(id: str, case: CaseWorkflow) -> int | str:
    return int(id[24:], 16) if id.startswith(case.salt) else id


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
    if header[0] == FORMAT:
        trail, *trees = (from_bytes(line) for line in lines)
    elif header[0] == 1:
        header, trail, trees = lines_of_format_1(header[1])
    else:
        raise UnreadableState(f"format {header[0]}, expected {FORMAT}")
    case = CaseWorkflow(program, trees[0][1], world, restoring=True)
    _, case.salt, case.count, case.moves = header
    case.trail = Trail(*trail)
    _grow(case, trees)
    if header[0] == FORMAT:
        _remember(case, lines[1:])
    else:
        put_right(case)
    _stand_up(case)
    return case


def _grow(case: CaseWorkflow, trees: list[list[Any]]) -> None:
    names = case.trail.names()
    _tokens(case, trees[0], names)
    for packed in trees[1:]:
        owner = case.tokens[_id(packed[0], case)]
        tree = case.subprocesses[owner.id] = SubTree(case, case.program.specs[packed[1]], owner)
        tree.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
        _tokens(tree, packed, names)


def _stand_up(case: CaseWorkflow) -> None:
    """Put every token where it is found, in the order in which they came there."""
    moving = [token for token in case.tokens.values() if token._state & TaskState.DEFINITE_MASK]
    for token in sorted(moving, key=lambda token: token.last_state_change):
        case.enter(token)


def _tokens(tree: Any, packed: list[Any], names: list[str]) -> None:
    _, _, last, tree.success, tree.completed, tree.correlations, tree.data, tree.kept, rows = packed
    tokens: dict[Any, Any] = {None: None}
    for row in rows:
        tokens[row[0]] = _token(row, tokens[row[1]], tree, names)
    tree.task_tree, tree.last_task = tokens[rows[0][0]], tokens[last]


def _token(row: list[Any], parent: Token | None, tree: Any, names: list[str]) -> Token:
    id, _, state, node, *rest = row
    token = Token(tree, tree.spec.task_specs[names[node]], parent, state, _id(id, tree.top_workflow))
    if rest:
        since, triggered, notes, changed, removed = *rest, *_LEFT_OUT[len(rest) :]
        token.last_state_change, token.triggered, token.notes = since, triggered, notes or {}
        token.carried = {**parent.carried, **(changed or {})} if parent is not None else changed or {}
        for key in removed or ():
            del token.carried[key]
    return token


_LEFT_OUT = (0, False, None, None, None)


def _remember(case: CaseWorkflow, lines: list[bytes]) -> None:
    """The bytes just read are those to be written again, as long as nobody touches what they say."""
    for tree, line in zip(case.trees(), lines, strict=True):
        tree.written, tree.touched = line, False
        for token, row in zip(tree.tasks.values(), line.split(_BETWEEN)[1::2], strict=False):
            token.row, token.difference, token.touched = row, None, False


def _id(brief: int | str, case: CaseWorkflow) -> str:
    return f"{case.salt}{brief:08x}" if isinstance(brief, int) else brief
