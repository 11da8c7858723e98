"""Which way a case goes, and when branches are together again."""

from itertools import permutations, product

import pytest

from engine.spiff.expressions import DiagramFault
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    about,
    after,
    catch,
    drawn,
    end,
    exclusive,
    first_of,
    inclusive,
    inside,
    parallel,
    user,
)
from tests.kit.walks import Case, Way, both_ways

pytestmark = both_ways

TWO_ROADS = (
    "start -> fork; fork -> high if x > 1; fork -> low if x > 0; fork -> other; high -> e1; low -> e2; other -> e3"
)


# -- one of several


def test_the_first_true_flow_is_taken(way: Way) -> None:
    program = drawn(TWO_ROADS, exclusive("fork", "other"))
    assert Case(program, way, x=2).open == ["high"]
    assert Case(program, way, x=1).open == ["low"]


def test_the_default_is_taken_when_nothing_is_true(way: Way) -> None:
    assert Case(drawn(TWO_ROADS, exclusive("fork", "other")), way, x=0).open == ["other"]


@pytest.mark.parametrize("heights", [{"high": 0, "low": 100}, {"high": 100, "low": 0}])
def test_moving_a_shape_changes_no_road(way: Way, heights: dict[str, int]) -> None:
    program = a_program(a_diagram(TWO_ROADS, exclusive("fork", "other"), heights={**heights, "fork": 50, "other": 200}))
    assert Case(program, way, x=2).open == ["high"]


def test_the_order_of_the_file_decides(way: Way) -> None:
    swapped = (
        "start -> fork; fork -> low if x > 0; fork -> high if x > 1; fork -> other; high -> e1; low -> e2; other -> e3"
    )
    assert Case(drawn(swapped, exclusive("fork", "other")), way, x=2).open == ["low"]


@pytest.mark.parametrize("x", [None, "many"])
def test_a_condition_that_is_neither_true_nor_false_is_a_fault(way: Way, x: object) -> None:
    program = drawn(
        "start -> write -> fork; fork -> high if x > 1; fork -> other; high -> e1; other -> e2",
        exclusive("fork", "other"),
    )
    case = Case(program, way, x=x)
    with pytest.raises(DiagramFault, match=r"“fork”.*x > 1"):
        case.do("write")


def test_a_condition_on_an_unknown_variable_is_a_fault_that_names_both(way: Way) -> None:
    program = drawn(
        "start -> write -> fork; fork -> a if nobody = 1; fork -> b; a -> e1; b -> e2", exclusive("fork", "b")
    )
    with pytest.raises(DiagramFault, match=r"“fork”.*nobody"):
        Case(program, way).do("write")


# -- all of several


def test_a_join_waits_for_every_branch(way: Way) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> b -> join; join -> last -> done", *parallel("split", "join")
    )
    case = Case(program, way)
    assert case.open == ["a", "b"]
    assert case.do("b").open == ["a"]
    assert case.do("a").open == ["last"]
    assert case.do("last").ended == "done"


@pytest.mark.parametrize("orders", list(product(permutations("ab"), repeat=3)))
def test_a_join_waits_in_every_round_of_rework(way: Way, orders: tuple[tuple[str, ...], ...]) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> b -> join; join -> check -> ok; ok -> done if fine; ok -> split",
        *parallel("split", "join"),
        exclusive("ok", "split"),
        user("check", outputs={"fine": "fine"}),
    )
    case = Case(program, way)
    for first, second in orders:
        assert case.open == ["a", "b"]
        assert case.do(first).open == [second]
        assert case.do(second).open == ["check"]
        case.do("check", fine=False)
    case.do("a").do("b").do("check", fine=True)
    assert case.ended == "done"


def test_a_join_at_the_entry_of_a_loop_waits_only_for_the_way_back(way: Way) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> b -> join; join -> check -> ok; ok -> done if fine; ok -> join",
        *parallel("split", "join"),
        exclusive("ok", "join"),
        user("check", outputs={"fine": "fine"}),
    )
    case = Case(program, way).do("a").do("b")
    for _ in range(3):
        assert case.do("check", fine=False).open == ["check"]
    assert case.do("check", fine=True).ended == "done"


def test_a_branch_may_go_round_before_it_joins(way: Way) -> None:
    program = drawn(
        "start -> split; split -> a -> again; again -> a if more; again -> join; split -> b -> join; join -> done",
        *parallel("split", "join"),
        exclusive("again", "join"),
        user("a", outputs={"more": "more"}),
    )
    case = Case(program, way)
    assert case.do("a", more=True).open == ["a", "b"]
    assert case.do("b").open == ["a"]
    assert case.do("a", more=True).open == ["a"]
    assert case.do("a", more=False).ended == "done"


def test_branches_within_branches_join_inside_out(way: Way) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> split2; split2 -> b -> join2; split2 -> c -> join2;"
        "join2 -> d -> join; join -> done",
        *parallel("split", "join", "split2", "join2"),
    )
    case = Case(program, way).do("c").do("a")
    assert case.do("b").open == ["d"]
    assert case.do("d").ended == "done"


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_what_each_branch_wrote_survives_the_join(way: Way, order: tuple[str, ...]) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> b -> join; split -> c -> join; join -> last -> done",
        *parallel("split", "join"),
        user("a", outputs={"v": "true", "fresh": "[1]"}),
        user("b", outputs={"w": "w + 1"}),
    )
    case = Case(program, way, v=1, w=1, kept={"deep": [1]})
    for step in order:
        case.do(step)
    assert case.values("last") == {"v": True, "fresh": [1], "w": 2, "kept": {"deep": [1]}}
    assert case.values("last")["v"] is True


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_branches_that_parted_later_lose_nothing_in_a_shared_join(way: Way, order: tuple[str, ...]) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> first -> split2; split2 -> b -> join; split2 -> c -> join;"
        "join -> last -> done",
        *parallel("split", "join", "split2"),
        user("first", outputs={"x": "1"}),
        user("b", outputs={"x": "2"}),
    )
    case = Case(program, way, x=0).do("first")
    for step in order:
        case.do(step)
    assert case.values("last") == {"x": 2}


def test_each_round_joins_its_own_data(way: Way) -> None:
    program = drawn(
        "start -> split; split -> a -> join; split -> b -> join; join -> check -> ok; ok -> done if fine; ok -> split",
        *parallel("split", "join"),
        exclusive("ok", "split"),
        user("check", outputs={"fine": "fine"}),
        user("a", outputs={"v": "v + 1"}),
        user("b", outputs={"w": "w + 10"}),
    )
    case = Case(program, way, v=0, w=0)
    for done in range(1, 5):
        case.do("a").do("b")
        assert (case.values("check")["v"], case.values("check")["w"]) == (done, 10 * done)
        case.do("check", fine=False)


# -- some of several

SOME = inside(
    "body",
    "begin -> split; split -> a -> join if x > 0; split -> b -> join if x > 1; split -> c -> join; join -> over",
    inclusive("split", "c"),
    inclusive("join"),
    user("a", outputs={"v": "v + 1"}),
    user("b", outputs={"w": "w + 1"}),
)
LOOPED = (
    "start -> body -> check -> ok; ok -> done if fine; ok -> body",
    SOME,
    exclusive("ok", "body"),
    user("check", outputs={"fine": "fine"}),
)


def test_every_true_flow_is_taken_and_waited_for(way: Way) -> None:
    case = Case(drawn(*LOOPED), way, x=2, v=0, w=0)
    assert case.open == ["a", "b"]
    assert case.do("a").open == ["b"]
    assert case.do("b").open == ["check"]


def test_only_what_is_true_is_waited_for(way: Way) -> None:
    assert Case(drawn(*LOOPED), way, x=1, v=0, w=0).do("a").open == ["check"]
    assert Case(drawn(*LOOPED), way, x=0, v=0, w=0).do("c").open == ["check"]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_an_embedded_choice_of_some_is_right_in_every_round_and_loses_no_data(way: Way, order: str) -> None:
    case = Case(drawn(*LOOPED), way, x=2, v=0, w=0)
    for done in range(1, 4):
        for step in order:
            case.do(step)
        assert case.values("check")["v"] == case.values("check")["w"] == done
        case.do("check", fine=False)
    case.do("a").do("b").do("check", fine=True)
    assert case.ended == "done"


# -- whichever comes first

EITHER = (
    "start -> gate; gate -> paid -> thank -> done; gate -> late -> chase -> chased",
    first_of("gate"),
    catch("paid", about("message", "payment"), outputs={"amount": "amount"}),
    catch("late", after("P1D")),
)


def test_a_message_before_the_timer(way: Way) -> None:
    case = Case(drawn(*EITHER), way)
    assert case.awaited == ["payment"]
    case.deliver("payment", amount=5)
    assert (case.open, case.values("thank")) == (["thank"], {"amount": 5})
    assert (case.awaited, case.step.timers) == ([], ())
    assert case.wait(days=2).open == ["thank"]


def test_the_timer_before_a_message(way: Way) -> None:
    case = Case(drawn(*EITHER), way)
    assert case.wait(hours=23).open == []
    assert case.wait(hours=1).open == ["chase"]
    assert (case.awaited, case.step.timers) == ([], ())


def test_either_of_two_messages(way: Way) -> None:
    program = drawn(
        "start -> gate; gate -> yes -> a -> done; gate -> no -> b -> done2",
        first_of("gate"),
        catch("yes", about("message", "accepted")),
        catch("no", about("message", "refused")),
    )
    case = Case(program, way)
    assert case.awaited == ["accepted", "refused"]
    assert case.deliver("refused").open == ["b"]
    assert case.awaited == []


# -- ends


def test_a_terminate_end_ends_everything(way: Way) -> None:
    program = drawn(
        "start -> split; split -> a -> stop; split -> b -> c -> done",
        *parallel("split"),
        end("stop", about("terminate")),
    )
    case = Case(program, way).do("a")
    assert (case.ended, case.open) == ("stop", [])
    assert [closed.how for closed in case.step.closed] == ["completed", "withdrawn"]


def test_a_terminate_end_inside_a_sub_process_ends_only_that(way: Way) -> None:
    within = inside(
        "body",
        "begin -> split; split -> a -> stop; split -> b -> over",
        *parallel("split"),
        end("stop", about("terminate")),
    )
    case = Case(drawn("start -> body -> last -> done", within), way)
    assert case.do("a").open == ["last"]
    assert case.do("last").ended == "done"


@pytest.mark.parametrize(("first", "second", "ended"), [("a", "b", "e2"), ("b", "a", "e1")])
def test_the_end_that_came_last_ended_the_case(way: Way, first: str, second: str, ended: str) -> None:
    case = Case(drawn("start -> split; split -> a -> e1; split -> b -> e2", *parallel("split")), way)
    assert case.do(first).ended is None
    assert case.do(second).ended == ended
