"""A running case between its steps: what is found where, what belongs to nobody any more, and what a step writes."""

from __future__ import annotations

import pytest

from engine.run import answer, complete, start
from engine.spiff.codec import lines_of
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    about,
    after,
    boundary,
    call,
    drawn,
    each_of,
    end,
    exclusive,
    inside,
    parallel,
    receive,
    send,
    service,
    throw,
    user,
)
from tests.kit.walks import Case, Way, a_world, assert_restores_alike, both_ways

UNITS = a_program(
    a_diagram(
        "start -> each -> check -> done; failed -> repair -> repaired",
        call("each", "one", ins={"unit": "unit"}, each=each_of("units", "unit")),
        boundary("failed", "each", about("error", "hopeless")),
    ),
    a_diagram(
        "start -> inner -> done",
        inside(
            "inner",
            "begin -> work -> ok; ok -> over; ok -> gives_up if hopeless; late -> told",
            user("work", groups="clerk@{unit}", outputs={"hopeless": 'outcome = "give_up"'}),
            boundary("late", "work", after("P2D"), interrupting=False),
            exclusive("ok", "over"),
            end("gives_up", about("error", "hopeless")),
        ),
        id="one",
    ),
)


@both_ways
def test_an_activity_interrupted_from_inside_takes_all_its_work_along(way: Way) -> None:
    case = Case(UNITS, way, units=["x", "y", "z"])
    assert (len(case.open), len(case.due)) == (3, 3)
    case.do("work", "give_up")
    assert (case.open, case.due, case.awaited) == (["repair"], [], [])
    assert case.passed[-4:] == ["work", "ok", "gives_up", "failed"]
    assert case.wait(days=3).open == ["repair"]
    assert case.do("repair").ended == "repaired"


@pytest.mark.parametrize("each", ["", each_of("[1, 2]", "item")], ids=["once", "several times"])
@both_ways
def test_an_activity_interrupted_from_inside_goes_no_further(each: str, way: Way) -> None:
    body = inside(
        "body",
        "b -> write -> up -> tell -> ask -> o",
        throw("up", about("escalation", "too_much")),
        send("tell", "news"),
        service("ask", "notify"),
        each=each,
    )
    flows = "start -> body -> check -> done; caught -> mend -> mended"
    case = Case(drawn(flows, body, boundary("caught", "body", about("escalation", "too_much"))), way)
    case.do("write")
    assert (case.open, case.thrown, case.asked) == (["mend"], [], [])
    assert case.passed[-3:] == ["write", "up", "caught"]


@both_ways
def test_what_is_passed_is_told_in_the_order_in_which_it_happened(way: Way) -> None:
    case = Case(
        drawn("start -> split; split -> a -> join; split -> b -> join; join -> done", *parallel("split", "join")), way
    )
    case.do("b").do("a")
    assert case.passed == ["start", "split", "b", "a", "join", "done"]


@both_ways
def test_every_token_has_an_id_that_never_comes_again(way: Way) -> None:
    program = drawn("start -> write -> ok; ok -> write; ok -> done if fine", user("write"), exclusive("ok", "write"))
    cases = [Case(program, way, check=False, fine=False) for _ in range(2)]
    ids = []
    for _ in range(60):
        for case in cases:
            ids.append(case.task("write").id)
            case.do("write")
    assert len(set(ids)) == len(ids) == 120


def test_many_inputs_may_be_written_at_once() -> None:
    program = drawn("start -> write -> tell -> read -> done", service("tell", "notify"))
    world = a_world()
    first = start(program, "main", {"rows": [1]}, world)
    second = complete(program, first.live, first.opened[0].id, {}, "submit", world)
    third = answer(program, second.live, min(second.asking), {}, world)
    assert [task.step for task in third.opened] == ["read"]
    assert_restores_alike(program, third, world)


@both_ways
def test_a_step_writes_the_lines_it_touched_and_no_others(way: Way) -> None:
    case = Case(UNITS, way, units=[f"unit_{number}" for number in range(40)])
    before = lines_of(case.step.state)
    case.complete(case.task("work"))
    after_it = lines_of(case.step.state)
    assert len(before) > 400
    assert len(set(after_it) - set(before)) < 12


PLAN = '<bpmn:dataObject id="plan"/>'
WRITES = "<bpmn:dataOutputAssociation><bpmn:targetRef>plan</bpmn:targetRef></bpmn:dataOutputAssociation>"
READS = "<bpmn:dataInputAssociation><bpmn:sourceRef>plan</bpmn:sourceRef></bpmn:dataInputAssociation>"
write = user("write", outputs={"plan": "outcome"})


@both_ways
def test_what_all_share_is_written_when_a_branch_inside_changes_it(way: Way) -> None:
    diagram = a_diagram(
        "start -> split; split -> body -> join; split -> first -> see -> join; join -> done",
        *parallel("split", "join"),
        inside("body", "b -> write -> think -> o", Node("write", write.tag, write.attributes, write.inside + WRITES)),
        Node("see", "userTask", user("see").attributes, READS),
    )
    case = Case(a_program(diagram.replace("<bpmn:startEvent", f"{PLAN}<bpmn:startEvent", 1)), way)
    case.do("write", "by bus").do("first")
    assert case.values("see") == {"plan": "by bus"}


@both_ways
def test_each_instance_of_a_receive_task_waits(way: Way) -> None:
    node = receive("paid", "payment", key="payer")
    case = Case(
        drawn(
            "start -> paid -> done",
            Node("paid", node.tag, node.attributes, node.inside + each_of("payers", "payer")),
        ),
        way,
        payers=["x", "y"],
    )
    assert [wait.key for wait in case.step.awaited] == ["x", "y"]
    case.deliver("payment", key="y")
    assert case.deliver("payment", key="x").ended == "done"
