"""What the linter lets pass, the engine can compile; what it cannot compile is said and never raised as is."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.definition import Unsound, define
from engine.spiff.program import NotExecutable, Program
from tests.kit.diagrams import Node, a_diagram, a_program, about, catch, drawn, exclusive

SAMPLES = Path(__file__).parents[1] / "model" / "samples"
CALLEE = (SAMPLES / "callee.bpmn").read_bytes()


def say(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.stem}"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*/valid-*.bpmn")), ids=say)
def test_what_the_linter_lets_pass_can_be_compiled(sample: Path) -> None:
    program = Program(define({"sample.bpmn": sample.read_bytes(), "callee.bpmn": CALLEE}))
    assert program.specs.keys() >= {process.id for process in program.definition.processes}


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*/invalid-*.bpmn")), ids=say)
def test_what_it_does_not_is_compiled_or_refused_in_words(sample: Path) -> None:
    try:
        Program(define({"sample.bpmn": sample.read_bytes(), "callee.bpmn": CALLEE}))
    except Unsound as refused:
        assert refused.findings
    except NotExecutable as refused:
        assert refused.sentence


@pytest.mark.parametrize(
    ("flows", "nodes"),
    [
        ("start -> strange -> done", (Node("strange", "complexGateway"),)),
        ("start -> fork; fork -> a -> done; fork -> b -> done2", (exclusive("fork"),)),
    ],
)
def test_what_the_engine_cannot_run_is_said_when_it_is_compiled(flows: str, nodes: tuple[Node, ...]) -> None:
    with pytest.raises(NotExecutable):
        a_program(a_diagram(flows, *nodes))


def test_a_program_knows_its_processes_and_whether_it_waits_for_messages() -> None:
    waiting = a_program(a_diagram("start -> paid -> done", catch("paid", about("message", "payment"))))
    assert waiting.awaiting == {"main"}
    assert not drawn("start -> write -> done").awaiting
    assert waiting.process("main").find("paid") is not None
