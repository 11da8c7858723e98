"""Diagrams bent at random: each gives findings, or a program that starts and goes on; nothing else is ever raised.

`WHISTLE_FUZZ=100000` bends so many instead of 2,000.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from engine.errors import Rejected
from engine.model.definition import Unsound, define
from engine.model.files import Files
from engine.model.lint import Known, lint
from engine.run import Step, answer, complete, deliver, fail, start, tick, withdraw
from engine.spiff.program import NotExecutable, Program
from tests.engine.spiff.test_walks import EVERYTHING
from tests.engine.support.page import ROWS
from tests.kit.walks import MONDAY, a_world

SAMPLES = Path(__file__).parents[1] / "model" / "samples"
WHOLE = {"sample.bpmn": (SAMPLES / "callee.bpmn").read_bytes()}
BASES: list[Files] = [
    *({"sample.bpmn": path.read_bytes(), **WHOLE} for path in sorted(SAMPLES.glob("*/valid-*.bpmn"))),
    *({"main.bpmn": row.diagram.encode()} for row in ROWS if row.diagram),
    *[EVERYTHING.definition.files] * 20,
]
MANY, GROUPS = int(os.environ.get("WHISTLE_FUZZ", "2000")), 20
GARBAGE = (
    "",
    " ",
    "x",
    "main",
    "${x}",
    "1 +",
    "R/PT0S",
    "P99999999D",
    "PT0S",
    "true",
    "[1, 2]",
    "-1",
    "哨" * 50,
    "\u2028",
    "a b",
    "null",
)


# -- ways to bend


def drop(nodes: list[etree._Element], rng: Random) -> None:
    node = rng.choice(nodes)
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def double(nodes: list[etree._Element], rng: Random) -> None:
    node, parent = rng.choice(nodes), rng.choice(nodes)
    parent.insert(rng.randint(0, len(parent)), deepcopy(node))


def move(nodes: list[etree._Element], rng: Random) -> None:
    node, parent = rng.choice(nodes), rng.choice(nodes)
    if parent not in node.iter() and node.getparent() is not None:
        parent.append(node)


def rename(nodes: list[etree._Element], rng: Random) -> None:
    rng.choice(nodes).tag = rng.choice(nodes).tag


def rewrite(nodes: list[etree._Element], rng: Random) -> None:
    node = rng.choice([node for node in nodes if node.attrib] or nodes)
    others = [value for other in nodes for value in other.attrib.values()]
    if node.attrib:
        node.set(rng.choice(list(node.attrib)), rng.choice([*GARBAGE, *others]))


def borrow(nodes: list[etree._Element], rng: Random) -> None:
    node, other = rng.choice(nodes), rng.choice(nodes)
    for name, value in other.attrib.items():
        node.set(name, value)


def retext(nodes: list[etree._Element], rng: Random) -> None:
    rng.choice(nodes).text = rng.choice([*GARBAGE, *(node.text or "" for node in nodes)])


WAYS: list[Callable[[list[etree._Element], Random], None]] = [drop, double, move, rename, rewrite, borrow, retext]


def bent(files: Files, rng: Random) -> Files:
    """The folder with a few of its nodes bent, and now and then a few of its bytes."""
    name = rng.choice([name for name in files if name.endswith(".bpmn")])
    root = etree.fromstring(files[name])
    for _ in range(rng.randint(1, 4)):
        rng.choice(WAYS)([node for node in root.iter("{*}*")], rng)
    raw = bytearray(etree.tostring(root))
    for _ in range(rng.randint(1, 5) if rng.random() < 0.1 else 0):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return {**files, name: bytes(raw)}


# -- what becomes of them


def play(files: Files, rng: Random) -> str:
    """Lint, compile, start, go on: how far it came."""
    findings = lint(files, Known())
    try:
        program = Program(define(files))
    except Unsound:
        assert findings
        return "unreadable"
    except NotExecutable:
        assert any(finding.severity == "error" for finding in findings)
        return "refused"
    for process in program.definition.processes:
        with suppress(Rejected):
            walk(program, process.id, rng)
            return "played"
    return "stopped"


def walk(program: Program, process: str, rng: Random) -> None:
    values: dict[str, object] = {"units": [{"names": ["n"]}], "size": 1, "seen": False, "township": "x", "names": ["n"]}
    now, step = MONDAY, start(program, process, values, a_world())
    for _ in range(12):
        if step.ended:
            return
        now += timedelta(hours=rng.choice([0, 30, 100]))
        with suppress(Rejected):  # a fault spends the live case: the next move goes on from the bytes
            state = step.state
            step = moved(program, step, state, rng, a_world(now))


def moved(program: Program, step: Step, state: bytes, rng: Random, world: object) -> Step:
    moves: list[Callable[[], Step]] = [lambda: tick(program, state, world)]  # type: ignore[arg-type]  # a world it is
    moves += [lambda id=id: complete(program, state, id, {"outcome": "x"}, "submit", world) for id in step.open_ids]  # type: ignore[arg-type,misc]  # as above
    moves += [lambda key=key: answer(program, state, key, {"x": 1}, world) for key in step.asking]  # type: ignore[arg-type,misc]  # as above
    moves += [lambda key=key: fail(program, state, key, "bad", world) for key in step.asking]  # type: ignore[arg-type,misc]  # as above
    moves += [
        lambda w=wait: deliver(program, state, w.name, {"size": 2}, world, key=w.key, kind=w.kind)
        for wait in step.awaited
    ]  # type: ignore[arg-type,misc]  # as above
    moves.append(lambda: withdraw(program, state, "each", {"names": ["n"]}, world))  # type: ignore[arg-type]  # as above
    return rng.choice(moves)()


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_bent_diagram_is_refused_in_words_or_runs(group: int) -> None:
    ends = set()
    for number in range(MANY // GROUPS):
        seed = group * MANY + number
        rng = Random(seed)
        files = bent(rng.choice(BASES), rng)
        try:
            ends.add(play(files, rng))
        except BaseException as error:
            error.add_note(f"repeat with seed {seed} and WHISTLE_FUZZ={MANY}")
            raise
    assert {"refused", "played"} <= ends
