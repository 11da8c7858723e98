"""A running case as lines of JSON: the case, its trail, each tree and its rows. The diagrams are stored once, by hash.

The library's own format repeats the diagrams in every case and rebuilds them on every load; 99 % of a cold request was
spent there (spiffworkflow.md §4). Here a step writes what it touched; other trees and tokens keep their lines.

    case   [FORMAT, salt, count, moves]
    trail  [names, flows]
    tree   [owner, process, last token, success, completed, correlations, data, kept, number of rows]
    row    [id, parent, state, node, since, triggered, notes, changed, removed]

A node and a flow are called by numbers of the trail, a token by its number in the case (CaseWorkflow.id_of). `changed`
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

_LARGE = 8192
"""Bytes from which on a running case is compressed: below that it costs more time than it saves space."""


class UnreadableState(Exception):
    """The stored state is of another format or damaged."""


# -- writing


def dump(case: CaseWorkflow) -> bytes:
    """The bytes of a case between two steps."""
    lines = [to_bytes([FORMAT, case.salt, case.count, case.moves]), b""]
    for tree in case.trees():
        if tree.touched:
            tree.lines, tree.touched = [_head(tree), *_rows(tree)], False
        lines += tree.lines
    lines[1] = case.trail.to_bytes()
    raw = b"\n".join(lines)
    return zlib.compress(raw, 1) if len(raw) > _LARGE or case.completed else b"%08x\n%b" % (zlib.crc32(raw), raw)


def _head(tree: Any) -> bytes:
    last = tree.last_task
    return _kept([
        tree.owner.brief if tree.owner is not None else None,
        tree.spec.name,
        last.brief if last is not None and last.id in tree.tasks else None,
        tree.success,
        tree.completed,
        tree.correlations,
        tree.shared,
        tree.kept,
        len(tree.tasks),
    ])  # fmt: skip


def _rows(tree: Any) -> list[bytes]:
    """A row is written anew if it was touched, or hangs below one whose variables changed: it tells the difference."""
    rows, changed = [], set()
    for token in tree.tasks.values():
        if token.touched or token._parent in changed:
            before = token.difference
            _write(token, tree.tasks.get(token._parent), tree.top_workflow)
            if token.difference != before or token._parent in changed:
                changed.add(token.id)
        rows.append(token.row)
    return rows


def _write(token: Token, parent: Token | None, case: CaseWorkflow) -> None:
    token.touched = False
    token.difference = _difference(parent.carried if parent is not None else {}, token.carried)
    row: list[Any] = [
        token.brief,
        parent.brief if parent is not None else None,
        token._state,
        case.trail.number(token.task_spec.name),
        token.last_state_change,
        token.triggered,
        token.notes,
    ]
    if token.difference:
        token.row = b"%b,%b" % (to_bytes(row)[:-1], token.difference)
    else:
        while not row[-1]:
            row.pop()
        token.row = _kept(row)


def _difference(before: dict[str, Any], after: dict[str, Any]) -> bytes:
    changed = {key: value for key, value in after.items() if key not in before or differ(before[key], value)}
    removed = () if before.keys() <= after.keys() else [key for key in before if key not in after]
    return to_bytes([changed, removed] if removed else [changed])[1:] if changed or removed else b""


def _kept(value: object) -> bytes:
    """Bytes to keep: orjson's own hold on to the 4 KiB they were written into."""
    return bytes(memoryview(to_bytes(value)))


# -- reading


def lines_of(raw: bytes) -> list[bytes]:
    """The lines in the bytes of a case, whether compressed or behind their checksum; raises ValueError, zlib.error."""
    if raw.startswith(b"x"):
        return zlib.decompress(raw).split(b"\n")
    checksum, _, text = raw.partition(b"\n")
    if int(checksum, 16) != zlib.crc32(text):
        raise ValueError("damaged")
    return text.split(b"\n")


def load(raw: bytes, program: Any, world: Any) -> CaseWorkflow:
    """The case that `dump` wrote, now or in format 1; raises UnreadableState."""
    try:
        return _loaded(raw, program, world)
    except (zlib.error, ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnreadableState(f"{type(error).__name__}: {error}") from error


def _loaded(raw: bytes, program: Any, world: Any) -> CaseWorkflow:
    lines = lines_of(raw)
    header = from_bytes(lines[0])
    written_in = header[0]
    if written_in == 1:
        lines = lines_of_format_1(header[1])
        header = from_bytes(lines[0])
    elif written_in != FORMAT:
        raise UnreadableState(f"format {written_in}, expected {FORMAT}")
    case = CaseWorkflow(program, from_bytes(lines[2])[1], world, restoring=True)
    _, case.salt, case.count, case.moves = header
    case.trail = Trail(*from_bytes(lines[1]))
    _grow(case, lines[2:])
    if written_in == 1:
        put_right(case)
    _stand_up(case)
    return case


def _grow(case: CaseWorkflow, lines: list[bytes]) -> None:
    names, at, tree = case.trail.names(), 0, case
    while at < len(lines):
        head = from_bytes(lines[at])
        owner = case.tokens[case.id_of(head[0])] if head[0] else None
        if owner is not None:
            tree = case.subprocesses[owner.id] = SubTree(case, case.program.specs[head[1]], owner)
            tree.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
        end = at + 1 + head.pop()
        _fill(tree, head, lines[at + 1 : end], names)
        tree.lines, tree.touched = lines[at:end], False
        at = end


def _fill(tree: Any, head: list[Any], rows: list[bytes], names: list[str]) -> None:
    _, _, last, tree.success, tree.completed, tree.correlations, tree.data, tree.kept = head
    tokens: dict[Any, Any] = {None: None}
    for raw in rows:
        row = from_bytes(raw)
        tokens[row[0]] = token = _token(row, tokens[row[1]], tree, names)
        token.row, token.difference, token.touched = raw, None, False
    tree.task_tree, tree.last_task = next(iter(tree.tasks.values())), tokens[last]


def _token(row: list[Any], parent: Token | None, tree: Any, names: list[str]) -> Token:
    brief, _, state, node, since, triggered, notes, changed, removed = *row, *_LEFT_OUT[len(row) :]
    token = Token(tree, tree.spec.task_specs[names[node]], parent, state, brief)
    token.last_state_change, token.triggered, token.notes = since, triggered, notes or {}
    token.carried = {**parent.carried, **(changed or {})} if parent is not None else changed or {}
    for key in removed or ():
        del token.carried[key]
    return token


_LEFT_OUT: tuple[Any, ...] = (None, None, 0, 0, 0, False, None, None, None)


def _stand_up(case: CaseWorkflow) -> None:
    """Put every token where it is found, in the order in which they came there."""
    moving = [token for token in case.tokens.values() if token._state & TaskState.DEFINITE_MASK]
    for token in sorted(moving, key=lambda token: token.last_state_change):
        case.enter(token)
