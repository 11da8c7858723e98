"""What each instance leaves is collected in one list, in the order of the items and not of the people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.migrate import CannotMigrate, migrate
from engine.model.checking import Known
from engine.spiff.expressions import DiagramFault
from engine.spiff.program import Program
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    about,
    boundary,
    call,
    each_of,
    exclusive,
    inside,
    service,
    user,
)
from tests.kit.walks import Case, Way, both_ways

pytestmark = both_ways

ONE = a_diagram("start -> work -> done", user("work", outputs={"result": "said"}), id="one")


def by_call(loop: str) -> Node:
    return call("all", "one", ins={"item": "item"}, outs={"answer": "result"}, each=loop)


def by_sub_process(loop: str) -> Node:
    return inside("all", "b -> work -> o", user("work", outputs={"answer": "said"}), each=loop)


def by_output_of_a_sub_process(loop: str) -> Node:
    work = user("work", outputs={"heard": "said"})
    return inside("all", "b -> work -> o", work, outputs={"answer": "heard"}, each=loop)


def by_task(loop: str) -> Node:
    return user("work", outputs={"answer": "said"}, each=loop)


Kind = Callable[[str], Node]
kinds = pytest.mark.parametrize("kind", [by_call, by_sub_process, by_output_of_a_sub_process, by_task])
turns = pytest.mark.parametrize("in_turn", [False, True])


def collecting(*, in_turn: bool = False, until: str = "") -> str:
    return each_of("items", "item", in_turn=in_turn, until=until, gives="answer", into="answers")


def program_of(activity: Node, flows: str = "start -> {0} -> last -> done", *nodes: Node) -> Program:
    """The flows, in which `{0}` is the activity."""
    return a_program(a_diagram(flows.format(activity.id), activity, *nodes), ONE)


@kinds
def test_the_list_is_in_the_order_of_the_items_whoever_is_first(way: Way, kind: Kind) -> None:
    case = Case(program_of(kind(collecting())), way, items=["x", "y", "z"])
    for item in "zxy":
        case.do("work", of=item, said=item.upper())
    assert case.values("last") == {"items": ["x", "y", "z"], "answers": ["X", "Y", "Z"]}


@kinds
def test_one_after_the_other_gives_the_same_list(way: Way, kind: Kind) -> None:
    case = Case(program_of(kind(collecting(in_turn=True))), way, items=["x", "y", "z"])
    case.do("work", said={"n": 1}).do("work", said=[]).do("work", said=None)
    assert case.values("last") == {"items": ["x", "y", "z"], "answers": [{"n": 1}, [], None]}


@kinds
@turns
def test_no_items_give_an_empty_list(way: Way, kind: Kind, in_turn: bool) -> None:
    case = Case(program_of(kind(collecting(in_turn=in_turn))), way, items=[], answers=["of another time"])
    assert case.values("last") == {"items": [], "answers": []}


@kinds
@turns
def test_only_those_that_ended_are_in_the_list_when_it_stops_early(way: Way, kind: Kind, in_turn: bool) -> None:
    case = Case(program_of(kind(collecting(in_turn=in_turn, until="answer = 2"))), way, items=["x", "y", "z"])
    first, second = ("x", "y") if in_turn else ("z", "x")
    case.do("work", of=first, said=1).do("work", of=second, said=2)
    assert case.values("last")["answers"] == ([1, 2] if in_turn else [2, 1])


@kinds
@turns
def test_one_that_joins_comes_last_and_one_withdrawn_not_at_all(way: Way, kind: Kind, in_turn: bool) -> None:
    activity = kind(collecting(in_turn=in_turn))
    case = Case(program_of(activity), way, items=["x", "y"]).add(activity.id, "w").withdraw(activity.id, "y")
    for item in ("x", "w") if in_turn else ("w", "x"):
        case.do("work", of=item, said=item)
    assert case.values("last")["answers"] == ["x", "w"]


def test_all_withdrawn_nothing_is_collected(way: Way) -> None:
    case = Case(program_of(by_task(collecting())), way, items=["x"]).withdraw("work", "x")
    assert case.values("last")["answers"] == []


@kinds
@turns
def test_every_round_of_rework_collects_anew(way: Way, kind: Kind, in_turn: bool) -> None:
    activity = kind(collecting(in_turn=in_turn))
    check = user("check", outputs={"fine": "fine", "items": "items"})
    flows = "start -> {0} -> check -> ok; ok -> last if fine; last -> done; ok -> {0}"
    case, items = Case(program_of(activity, flows, exclusive("ok", activity.id), check), way, items=["x"]), ["x"]
    for number, following in enumerate([["z"], [], *[["x", "y", "z"]] * 15]):
        while "work" in case.open:
            case.do("work", said=number)
        assert case.values("check")["answers"] == [number for _ in items]
        case.do("check", fine=False, items=following)
        items = following
    while "work" in case.open:
        case.do("work", said="end")
    assert case.do("check", fine=True, items=[]).values("last")["answers"] == ["end"] * 3


@kinds
@turns
def test_what_an_instance_leaves_stays_its_own(way: Way, kind: Kind, in_turn: bool) -> None:
    case = Case(program_of(kind(collecting(in_turn=in_turn))), way, items=["x"], answer="of the case")
    assert "answer" not in case.values("work")
    assert case.do("work", said=1).values("last") == {"items": ["x"], "answer": "of the case", "answers": [1]}


@turns
def test_an_instance_that_leaves_nothing_is_a_fault_even_if_the_case_has_such_a_variable(
    way: Way, in_turn: bool
) -> None:
    shortcut = "b -> way; way -> work if item = 1; way -> o; work -> o"
    body = inside(
        "all",
        shortcut,
        exclusive("way", "o"),
        user("work", outputs={"answer": "said"}),
        each=collecting(in_turn=in_turn),
    )
    for items in ([2], [2, 1]):
        with pytest.raises(DiagramFault, match=r"“all”.*收集“answer”.*没有写入"):
            Case(program_of(body), way, items=items, answer="of the case")


def test_of_what_else_is_named_the_last_to_end_wins_as_ever(way: Way) -> None:
    task = user("work", outputs={"answer": "said", "by": "item"}, each=collecting())
    case = Case(program_of(task), way, items=["x", "y"]).do("work", of="y", said=2).do("work", of="x", said=1)
    assert case.values("last") == {"items": ["x", "y"], "by": "x", "answers": [1, 2]}


def test_the_answers_of_verbs_are_collected_as_they_come(way: Way) -> None:
    ask = service("ask", "look_up", outputs={"answer": "found"}, who="item", each=collecting())
    case = Case(program_of(ask), way, answering=False, items=["x", "y"])
    x, y = (next(asked.key for asked in case.asked if asked.inputs["who"] == who) for who in "xy")
    case.asked.sort(key=lambda asked: asked.key != y)
    case.answer("ask", found="of y")
    case.asked.sort(key=lambda asked: asked.key != x)
    assert case.answer("ask", found="of x").values("last")["answers"] == ["of x", "of y"]


def test_the_item_itself_may_be_what_is_collected(way: Way) -> None:
    loop = each_of("items", "item", gives="item", into="items")
    case = Case(program_of(user("work", outputs={"item": "2 * n"}, each=loop)), way, items=[1, 2])
    case.do("work", of=2, n=5).do("work", of=1, n=4)
    assert case.values("last") == {"items": [8, 10]}


def test_a_case_that_forgets_its_history_forgets_nothing_that_is_to_be_collected(way: Way) -> None:
    items = list(range(60))
    case = Case(program_of(by_sub_process(collecting())), way, items=items)
    for item in [*items[1::2], *reversed(items[::2])]:
        case.do("work", of=item, said=-item)
    assert case.values("last")["answers"] == [-item for item in items]


def test_lists_within_a_list(way: Way) -> None:
    inner = by_sub_process(each_of("item", "one", gives="answer", into="answers"))
    outer = inside("groups", "i -> all -> k", inner, each=each_of("items", "item", gives="answers", into="all_answers"))
    case = Case(program_of(outer), way, items=[[1, 2], [], [3]])
    number = 0
    while "work" in case.open:
        task = max(case.tasks.values(), key=lambda task: task.values["one"])  # type: ignore[arg-type,return-value]
        number += 1
        case.complete(task, said=f"{task.values['one']} as number {number}")
    assert case.values("last")["all_answers"] == [["1 as number 3", "2 as number 2"], [], ["3 as number 1"]]


def test_what_interrupts_it_leaves_no_list(way: Way) -> None:
    stop = boundary("stop", "all", about("message", "recall"))
    program = program_of(by_call(collecting()), "start -> {0} -> last -> done; stop -> mend -> mended", stop)
    case = Case(program, way, items=["x", "y"]).do("work", of="x", said=1).deliver("recall")
    assert case.values("mend") == {"items": ["x", "y"]}


# -- other versions


def test_a_running_case_may_move_to_another_version_and_keeps_what_was_collected(way: Way) -> None:
    old = program_of(by_call(collecting()))
    new = program_of(by_call(collecting()), "start -> {0} -> more -> last -> done", user("more"))
    case = Case(old, way, items=["x", "y"]).do("work", of="y", said=2)
    case.step, case.program = migrate(old, case.step.state, new, case.world, Known()), new
    assert case.do("work", of="x", said=1).values("more")["answers"] == [1, 2]


def test_it_does_not_move_to_a_version_that_collects_what_was_not_left(way: Way) -> None:
    old = program_of(by_call(each_of("items", "item")))
    case = Case(old, way, items=["x", "y"]).do("work", of="y", said=2)
    with pytest.raises(CannotMigrate, match="改了向每一份收集的结果"):
        migrate(old, case.step.state, program_of(by_call(collecting())), case.world, Known())


def test_it_may_move_to_a_version_that_collects_no_more(way: Way) -> None:
    old, new = program_of(by_call(collecting())), program_of(by_call(each_of("items", "item")))
    case = Case(old, way, items=["x", "y"]).do("work", of="y", said=2)
    case.step, case.program = migrate(old, case.step.state, new, case.world, Known()), new
    assert case.do("work", of="x", said=1).values("last") == {"items": ["x", "y"], "answer": 1}
