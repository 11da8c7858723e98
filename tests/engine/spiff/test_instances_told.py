"""What a form may ask of an activity that runs for several at once: what each of them works with now, or has left."""

from __future__ import annotations

import pytest

from engine.run import instances
from tests.kit.diagrams import a_diagram, a_program, call, each_of, service, user
from tests.kit.walks import Case, Way, both_ways

pytestmark = both_ways

ONE = a_diagram(
    "start -> work -> hand_over -> review -> done",
    user("work", outputs={"unit": "now"}),
    service("hand_over", "notify_units"),
    user("review", outputs={"report": '{unit: unit + "!"}'}),
    id="one",
)


def a_case(way: Way, *items: str, in_turn: bool = False) -> Case:
    loop = each_of("items", "item", in_turn=in_turn, gives="report", into="reports")
    each = call("all", "one", ins={"item": "item", "unit": "item"}, outs={"report": "report"}, each=loop)
    return Case(a_program(a_diagram("start -> all -> last -> done", each, user("last")), ONE), way, items=list(items))


def told(case: Case, activity: str = "all") -> list[tuple[object, object]]:
    found = instances(case.program, case.step.state, activity, case.world)
    return [(each["item"], each.get("unit")) for each in found]


def test_each_as_it_stands_and_one_that_ended_as_it_left(way: Way) -> None:
    case = a_case(way, "x", "y", "z")
    assert told(case) == [("x", "x"), ("y", "y"), ("z", "z")]
    case.do("work", of="y", now="w")
    assert told(case) == [("x", "x"), ("y", "w"), ("z", "z")]
    case.do("review", of="y").add("all", "v").withdraw("all", "x")
    assert told(case) == [("y", "w!"), ("z", "z"), ("v", "v")]


def test_of_those_in_turn_the_ones_that_have_begun(way: Way) -> None:
    case = a_case(way, "x", "y", in_turn=True).do("work", now="w").do("review")
    assert told(case) == [("x", "w!"), ("y", "y")]


@pytest.mark.parametrize("activity", ["all", "last", "nowhere"])
def test_what_does_not_run_has_none(way: Way, activity: str) -> None:
    assert told(a_case(way), activity) == []


def test_asking_changes_nothing(way: Way) -> None:
    case = a_case(way, "x", "y")
    before = case.step.state
    told(case)
    assert case.step.state == before and case.do("work", of="x", now="x").open == ["review", "work"]
