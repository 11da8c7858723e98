"""The same work once for each item of a list: at once or in turn, and nothing leaks but what is named."""

from collections.abc import Mapping

import pytest

from engine.spiff.expressions import DiagramFault
from engine.spiff.program import Program
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    after,
    boundary,
    call,
    drawn,
    each_of,
    exclusive,
    inside,
    service,
    user,
)
from tests.kit.walks import Case, Way, both_ways

pytestmark = both_ways

ONE = a_diagram("start -> work -> review -> done", user("work", outputs={"result": "outcome"}), id="one")


def for_each(
    *,
    in_turn: bool = False,
    until: str = "",
    ins: Mapping[str, str] | None = None,
    outs: Mapping[str, str] | None = None,
) -> Node:
    """An embedded sub-process that calls `one` for each of `items`."""
    given = {"item": "item"} if ins is None else ins
    loop = each_of("items", "item", in_turn=in_turn, until=until)
    return inside("body", "begin -> each -> over", call("each", "one", ins=given, outs=outs or {}, each=loop))


def calling(body: Node, flows: str = "start -> body -> last -> done", *nodes: Node) -> Program:
    return a_program(a_diagram(flows, body, *nodes), ONE)


def test_all_at_once(way: Way) -> None:
    case = Case(calling(for_each()), way, items=["x", "y", "z"])
    assert case.open == ["work"] * 3
    case.do("work", of="y").do("review", of="y").do("work", of="z").do("work", of="x")
    assert case.open == ["review", "review"]
    assert case.do("review", of="x").do("review", of="z").open == ["last"]


def test_one_after_the_other(way: Way) -> None:
    case = Case(calling(for_each(in_turn=True)), way, items=["x", "y", "z"])
    for item in "xyz":
        assert case.open == ["work"]
        case.do("work", of=item).do("review", of=item)
    assert case.open == ["last"]


@pytest.mark.parametrize("in_turn", [False, True])
def test_an_empty_list_is_no_work(way: Way, in_turn: bool) -> None:
    assert Case(calling(for_each(in_turn=in_turn)), way, items=[]).open == ["last"]


@pytest.mark.parametrize("in_turn", [False, True])
@pytest.mark.parametrize("items", [None, "xyz", 3, {"x": 1}, ["x", None]])
def test_anything_but_a_list_of_items_is_a_fault(way: Way, in_turn: bool, items: object) -> None:
    with pytest.raises(DiagramFault, match=r"“each”.*items"):
        Case(calling(for_each(in_turn=in_turn)), way, items=items)


def test_only_what_is_named_goes_in(way: Way) -> None:
    case = Case(
        calling(for_each(ins={"item": "item.unit", "twice": "2 * n"})), way, items=[{"unit": "x"}], n=3, secret=1
    )
    assert case.values("work") == {"item": "x", "twice": 6}


@pytest.mark.parametrize("in_turn", [False, True])
def test_nothing_comes_out_unless_it_is_named(way: Way, in_turn: bool) -> None:
    case = Case(calling(for_each(in_turn=in_turn)), way, items=["x"], kept=1).do("work", "good").do("review")
    assert case.values("last") == {"items": ["x"], "kept": 1}


@pytest.mark.parametrize("in_turn", [False, True])
def test_what_is_named_comes_out_the_last_to_end_winning(way: Way, in_turn: bool) -> None:
    case = Case(calling(for_each(in_turn=in_turn, outs={"got": "result"})), way, items=["x", "y"])
    case.do("work", "good", of="x").do("review").do("work", "better", of="y").do("review")
    assert case.values("last") == {"items": ["x", "y"], "got": "better"}


def test_a_called_process_gives_back_only_what_is_named(way: Way) -> None:
    case = Case(calling(call("body", "one", ins={"n": "n"}, outs={"got": "result + string(n)"})), way, n=1, secret=2)
    assert case.values("work") == {"n": 1}
    case.do("work", "good").do("review")
    assert case.values("last") == {"n": 1, "secret": 2, "got": "good1"}


def test_what_should_come_out_and_is_not_there_is_a_fault_that_names_the_call(way: Way) -> None:
    case = Case(calling(call("body", "one", outs={"got": "nobody"})), way).do("work")
    with pytest.raises(DiagramFault, match=r"“body”.*nobody"):
        case.do("review")


@pytest.mark.parametrize("in_turn", [False, True])
def test_it_may_stop_early(way: Way, in_turn: bool) -> None:
    case = Case(
        calling(for_each(in_turn=in_turn, until='got = "enough"', outs={"got": "result"})), way, items=["x", "y", "z"]
    )
    case.do("work", "more", of="x").do("review", of="x")
    assert case.open == (["work"] if in_turn else ["work", "work"])
    assert case.do("work", "enough", of="y").do("review", of="y").open == ["last"]


@pytest.mark.parametrize("in_turn", [False, True])
def test_it_may_count_how_many_are_done(way: Way, in_turn: bool) -> None:
    until = "nrOfCompletedInstances / nrOfInstances >= 0.5"
    case = Case(calling(for_each(in_turn=in_turn, until=until)), way, items=["x", "y", "z", "w"])
    case.do("work", of="x").do("review", of="x")
    assert "last" not in case.open
    assert case.do("work", of="y").do("review", of="y").open == ["last"]


def test_a_completion_condition_that_is_not_true_or_false_is_a_fault(way: Way) -> None:
    case = Case(calling(for_each(until="1 + 1")), way, items=["x", "y"]).do("work", of="x")
    with pytest.raises(DiagramFault, match="“each”"):
        case.do("review", of="x")


@pytest.mark.parametrize("in_turn", [False, True])
def test_every_round_of_rework_starts_clean(way: Way, in_turn: bool) -> None:
    program = calling(
        for_each(in_turn=in_turn),
        "start -> body -> check -> ok; ok -> done if fine; ok -> body",
        exclusive("ok", "body"),
        user("check", outputs={"fine": "fine", "items": "items"}),
    )
    case = Case(program, way, items=["x", "y", "z"])
    for items in (["y"], [], ["x", "z"]):
        while "work" in case.open:
            case.do("work").do("review")
        assert case.open == ["check"]
        case.do("check", fine=False, items=items)
        assert case.open == (["check"] if not items else ["work"] * (1 if in_turn else len(items)))
        assert case.tasks.keys() == case.step.open_ids
    for item in "xz":
        case.do("work", of=item).do("review", of=item)
    assert case.do("check", fine=True, items=[]).ended == "done"


@pytest.mark.parametrize(("outer", "inner"), [(False, False), (False, True), (True, False), (True, True)])
def test_a_list_within_a_list(way: Way, outer: bool, inner: bool) -> None:
    middle = a_diagram(
        "start -> body -> sum_up -> done",
        inside(
            "body",
            "begin -> each -> over",
            call("each", "one", ins={"item": "name"}, each=each_of("names", "name", in_turn=inner)),
        ),
        id="middle",
    )
    loop = call("all", "middle", ins={"names": "group.names"}, each=each_of("groups", "group", in_turn=outer))
    program = a_program(
        a_diagram("start -> outer -> last -> done", inside("outer", "b -> all -> o", loop)), middle, ONE
    )
    case = Case(program, way, groups=[{"names": ["x", "y"]}, {"names": []}, {"names": ["z"]}])
    done = []
    while case.open != ["last"]:
        task = next(iter(case.tasks.values()))
        done += [task.values["item"]] if task.step == "work" else []
        case.complete(task)
    assert sorted(done) == ["x", "y", "z"]


def test_each_instance_is_a_branch_of_its_own(way: Way) -> None:
    case = Case(calling(for_each()), way, items=["x", "y"])
    branches = {task.branch for task in case.tasks.values()}
    assert len(branches) == 2
    branch = case.task("work", "x").branch
    assert branch
    assert case.do("work", of="x").task("review", "x").branch == branch
    assert case.task("review").process == "one"
    assert case.do("review").do("work").do("review").task("last").branch == ""


def test_a_timer_around_the_work_takes_all_of_it_away(way: Way) -> None:
    late = boundary("late", "body", after("P1D"))
    case = Case(calling(for_each(), "start -> body -> done; late -> mend -> mended", late), way, items=["x", "y", "z"])
    case.do("work", of="x").wait(days=1)
    assert case.open == ["mend"]
    assert [closed.how for closed in case.step.closed] == ["withdrawn"] * 3
    assert case.step.timers == ()
    assert case.do("mend").ended == "mended"


def test_a_timer_around_the_work_may_come_round_after_round(way: Way) -> None:
    program = calling(
        for_each(),
        "start -> body -> done; late -> again -> body",
        boundary("late", "body", after("P1D")),
        user("again"),
    )
    case = Case(program, way, items=["x", "y"])
    for _ in range(3):
        assert case.do("work", of="y").wait(days=1).open == ["again"]
        assert case.do("again").open == ["work", "work"]
    for item in "xy":
        case.do("work", of=item).do("review", of=item)
    assert (case.ended, case.step.timers) == ("done", ())


def test_a_reminder_around_the_work_leaves_it_open(way: Way) -> None:
    late = boundary("late", "body", after("P1D"), interrupting=False)
    program = calling(
        for_each(), "start -> body -> done; late -> remind -> reminded", late, service("remind", "notify")
    )
    case = Case(program, way, items=["x", "y"]).wait(days=1)
    assert case.open == ["work", "work"]
    assert [asked.element for asked in case.asked] == ["remind"]


def test_timers_inside_each_instance(way: Way) -> None:
    one = a_diagram(
        "start -> work -> done; late -> remind -> reminded",
        service("remind", "notify", who="item"),
        boundary("late", "work", after("item"), interrupting=False),
        id="one",
    )
    case = Case(a_program(a_diagram("start -> body -> done", for_each()), one), way, items=["P1D", "P3D"])
    assert [asked.inputs for asked in case.wait(days=1).asked] == [{"who": "P1D"}]
    case.do("work", of="P1D")
    assert [asked.inputs for asked in case.wait(days=2).asked] == [{"who": "P1D"}, {"who": "P3D"}]
    assert case.do("work").ended == "done"


def test_a_user_task_may_be_done_once_for_each(way: Way) -> None:
    task = user("each", groups="clerk@{item}", outputs={"seen": "outcome"}, each=each_of("items", "item"))
    case = Case(
        drawn("start -> body -> last -> done", inside("body", "begin -> each -> over", task)), way, items=["x", "y"]
    )
    assert sorted(task.groups[0].unit for task in case.tasks.values()) == ["x", "y"]
    case.do("each", of="y").do("each", of="x")
    assert case.values("last") == {"items": ["x", "y"], "seen": "submit"}
