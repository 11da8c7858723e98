"""What would never stop, or grow without end, is a fault that names the step; nothing is half-written."""

from __future__ import annotations

import pytest

from engine.spiff.expressions import DiagramFault
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    after,
    call,
    catch,
    drawn,
    each_of,
    exclusive,
    parallel,
    rule,
    throw,
    user,
)
from tests.kit.walks import Case


def test_a_loop_that_needs_nobody_is_stopped() -> None:
    program = drawn(
        "start -> again -> half -> ok; ok -> done if x > 1; ok -> again",
        exclusive("again"),
        throw("half", ""),
        exclusive("ok", "again"),
    )
    with pytest.raises(DiagramFault, match="没有出口"):
        Case(program, x=1)


def test_a_loop_of_timers_that_are_always_due_is_stopped() -> None:
    program = drawn(
        "start -> pause -> ok; ok -> done if x > 1; ok -> pause",
        catch("pause", after("PT0S")),
        exclusive("ok", "pause"),
    )
    with pytest.raises(DiagramFault, match="没有出口"):
        Case(program, x=1)


def test_branches_that_multiply_are_stopped() -> None:
    program = drawn(
        "start -> again -> split; split -> again; split -> again2 -> again",
        exclusive("again"),
        exclusive("again2"),
        *parallel("split"),
    )
    with pytest.raises(DiagramFault, match="没有出口"):
        Case(program)


def test_a_process_that_calls_itself_for_ever_is_stopped() -> None:
    with pytest.raises(DiagramFault, match=r"“deeper”.*100 层"):
        Case(a_program(a_diagram("start -> deeper -> done", call("deeper", "main"))))


def test_processes_that_call_each_other_for_ever_are_stopped() -> None:
    one = a_diagram("start -> other -> done", call("other", "two"), id="main")
    two = a_diagram("start -> back -> done", call("back", "main", each=each_of("[1, 2]", "n")), id="two")
    with pytest.raises(DiagramFault, match="100 层"):
        Case(a_program(one, two))


def test_a_list_of_more_than_a_thousand_is_refused() -> None:
    program = drawn("start -> work -> done", user("work", each=each_of("for i in 1..n return i", "item")))
    with pytest.raises(DiagramFault, match="1000"):
        Case(program, n=1001)
    assert len(Case(program, check=False, n=1000).open) == 1000


def test_a_table_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(DiagramFault, match="“decide”"):
        Case(drawn("start -> decide -> done", rule("decide", "nowhere", "x")))


@pytest.mark.parametrize(
    ("flows", "node"),
    [
        ("start -> odd -> done", user("odd", outputs={"x": "nobody"})),
        ("start -> odd -> done", user("odd", groups="clerk@{nobody}")),
        ("start -> odd -> done", user("odd", due="{nobody}")),
        ("start -> odd -> done", user("odd", each=each_of("nobody", "item"))),
        ("start -> odd -> done", user("odd", each=each_of("[1]", "item", until="nobody"))),
    ],
)
def test_an_expression_with_a_name_that_nobody_wrote_is_a_fault_wherever_it_stands(flows: str, node: object) -> None:
    with pytest.raises(DiagramFault, match=r"“odd”.*nobody"):
        Case(drawn(flows, node)).do("odd")  # type: ignore[arg-type]  # a node it is
