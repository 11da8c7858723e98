"""A running case on another version of its diagrams: what moves, what is refused and why, and that nothing is lost.

The first part is the table of spiffworkflow.md §5, row by row, standing on step b.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.migrate import CannotMigrate, migrate
from engine.model.checking import Known
from engine.spiff.program import Program
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    a_table,
    about,
    after,
    boundary,
    call,
    catch,
    drawn,
    each_of,
    every,
    exclusive,
    first_of,
    inside,
    parallel,
    rule,
    service,
    user,
)
from tests.kit.walks import Case, a_world, assert_restores_alike

ABC = drawn("start -> a -> b -> c -> done")


def standing_on_b(program: Program = ABC, **values: object) -> Case:
    """A case whose step a is done."""
    return Case(program, **values).do("a")


def moved(case: Case, new: Program) -> Case:
    """The same case, on another version."""
    step = migrate(case.program, case.step.state, new, case.world, Known())
    assert (step.opened, step.closed, step.asked, step.thrown) == ((), (), (), ())
    assert step.open_ids == case.tasks.keys()
    assert set(step.timers) == set(case.step.timers)
    assert_restores_alike(new, step, case.world)
    case.program, case.step = new, step
    return case


def refused(case: Case, new: Program) -> str:
    """Why it cannot move; it stands as before."""
    before = case.step.state
    with pytest.raises(CannotMigrate) as refusal:
        migrate(case.program, case.step.state, new, case.world, Known())
    assert case.step.state == before
    return refusal.value.sentence


def walked(case: Case, *steps: str) -> Case:
    """Do these steps, one after the other, each the only way on; and the case has ended."""
    for step in steps:
        case.do(step)
    assert case.ended == "done", case.open
    return case


# -- the table of §5


def test_a_step_inserted_ahead_is_met() -> None:
    walked(moved(standing_on_b(), drawn("start -> a -> b -> x -> c -> done")), "b", "x", "c")


def test_a_step_inserted_behind_is_not_met() -> None:
    walked(moved(standing_on_b(), drawn("start -> a -> x -> b -> c -> done")), "b", "c")


def test_a_step_taken_out_ahead_is_not_met() -> None:
    walked(moved(standing_on_b(), drawn("start -> a -> b -> done")), "b")


def test_another_name_and_post_of_the_open_step() -> None:
    case = standing_on_b()
    walked(moved(case, drawn("start -> a -> b -> c -> done", user("b", groups="head@office"))), "b", "c")


def test_a_step_inserted_in_the_open_branch() -> None:
    two = parallel("g", "j")
    case = Case(drawn("start -> g -> a -> j -> z -> done; g -> b -> j", *two)).do("a")
    new = drawn("start -> g -> a -> j -> z -> done; g -> b -> b2 -> j", *two)
    walked(moved(case, new), "b", "b2", "z")


CALLED = "start -> a -> ca -> z -> done"


def with_called(inner: str, *nodes: Node, each: str = "", outer: str = CALLED) -> Program:
    """A process that calls another."""
    return a_program(
        a_diagram(outer, call("ca", "one", ins={"item": "item"} if each else {}, each=each), *nodes),
        a_diagram(inner, id="one"),
    )


def test_a_step_inserted_ahead_in_a_called_process() -> None:
    case = Case(with_called("start -> q1 -> q2 -> done")).do("a").do("q1")
    walked(moved(case, with_called("start -> q1 -> q2 -> q3 -> done")), "q2", "q3", "z")


EACH = each_of("items", "item")


def test_a_step_inserted_ahead_in_every_instance_of_a_called_process() -> None:
    case = Case(with_called("start -> q1 -> q2 -> done", each=EACH), items=["n", "s"]).do("a").do("q1", of="n")
    moved(case, with_called("start -> q1 -> q2 -> q3 -> done", each=EACH))
    for step, of in (("q2", "n"), ("q1", "s"), ("q3", "n"), ("q2", "s"), ("q3", "s")):
        case.do(step, of=of)
    walked(case, "z")


def test_a_step_that_is_long_done_taken_out_is_refused() -> None:
    case = Case(drawn("start -> a -> x -> b -> c -> done")).do("a").do("x")
    assert "“a”已经办过，新版本里没有了" in refused(case, drawn("start -> x -> b -> c -> done"))


def test_a_gateway_that_a_case_has_passed_may_go() -> None:
    case = Case(drawn("start -> a -> way -> x -> b -> c -> done", exclusive("way"))).do("a").do("x")
    walked(moved(case, drawn("start -> a -> x -> b -> c -> done")), "b", "c")


def test_a_step_renamed_while_it_is_open_is_refused() -> None:
    assert "“b”正在办理，新版本里没有了" in refused(standing_on_b(), drawn("start -> a -> b2 -> c -> done"))


def test_the_open_step_taken_out_is_refused() -> None:
    assert "“b”正在办理，新版本里没有了" in refused(standing_on_b(), drawn("start -> a -> c -> done"))


def test_a_step_that_is_done_taken_out_is_refused() -> None:
    assert "“a”已经办过，新版本里没有了" in refused(standing_on_b(), drawn("start -> b -> c -> done"))


def with_timer(length: str, *, kind: str = "timeDuration") -> Program:
    """A reminder beside b."""
    timer = boundary("t", "b", after(length, kind), interrupting=False)
    return drawn("start -> a -> b -> c -> done; t -> remind -> over", timer)


def test_another_length_of_a_running_timer_is_refused() -> None:
    assert "“t”正在计时或等待" in refused(standing_on_b(with_timer("PT10H")), with_timer("PT2H"))


def test_a_running_timer_goes_on_to_its_own_moment() -> None:
    case = standing_on_b(with_timer("PT10H")).wait(hours=3)
    timer = boundary("t", "b", after("PT10H"), interrupting=False)
    moved(case, drawn("start -> a -> b -> x -> c -> done; t -> remind -> over", timer))
    assert case.due == [timedelta(hours=7)]
    case.wait(hours=7)
    assert case.open == ["b", "remind"]
    walked(case, "remind", "b", "x", "c")


def test_rounds_of_a_running_cycle_go_on() -> None:
    cycle = boundary("t", "b", every("R3/PT10H"), interrupting=False)
    case = standing_on_b(drawn("start -> a -> b -> c -> done; t -> remind -> over", cycle)).wait(hours=10)
    moved(case, drawn("start -> a -> b -> c -> done; t -> remind -> note -> over", cycle))
    assert case.wait(hours=10).open == ["b", "remind", "remind"]
    assert case.do("remind").open == ["b", "note", "remind"]


def test_a_step_added_behind_running_instances_is_not_skipped_and_their_work_is_kept() -> None:
    inner = "start -> q1 -> q2 -> done"
    case = Case(with_called(inner, each=EACH), items=["n", "s"]).do("a").do("q1", of="n")
    moved(case, with_called(inner, each=EACH, outer="start -> a -> ca -> zz -> z -> done"))
    assert case.open == ["q1", "q2"]
    case.do("q2", of="n").do("q1", of="s").do("q2", of="s")
    walked(case, "zz", "z")


def test_a_timer_put_on_the_border_of_an_open_step_is_refused() -> None:
    assert "“b”正在办理，新版本增减了它边上的事件" in refused(standing_on_b(), with_timer("PT10H"))


def test_a_timer_taken_off_the_border_of_an_open_step_is_refused() -> None:
    assert "“t”正在办理，新版本里没有了" in refused(standing_on_b(with_timer("PT10H")), ABC)


def test_a_second_timer_on_the_border_of_an_open_step_is_refused() -> None:
    first = boundary("t", "b", after("PT10H"), interrupting=False)
    second = boundary("t2", "b", after("PT20H"), interrupting=False)
    new = drawn("start -> a -> b -> c -> done; t -> remind -> over; t2 -> chase -> over", first, second)
    assert "增减了它边上的事件" in refused(standing_on_b(with_timer("PT10H")), new)


def test_a_timer_on_a_step_that_is_still_ahead_runs_when_it_opens() -> None:
    timer = boundary("t", "c", after("PT10H"), interrupting=False)
    case = moved(standing_on_b(), drawn("start -> a -> b -> c -> done; t -> remind -> over", timer))
    assert case.do("b").due == [timedelta(hours=10)]


# -- what else would be lost, or wait for ever


def test_another_kind_of_step_is_refused() -> None:
    assert "“b”在新版本里变成了另一种步骤" in refused(
        standing_on_b(), drawn("start -> a -> b -> c -> done", catch("b", about("message", "paid")))
    )
    assert "“b”在新版本里变成了另一种步骤" in refused(
        standing_on_b(items=[1]), drawn("start -> a -> b -> c -> done", user("b", each=EACH))
    )


def test_another_process_in_a_running_call_is_refused() -> None:
    case = Case(with_called("start -> q1 -> done")).do("a")
    other = a_program(a_diagram(CALLED, call("ca", "two")), a_diagram("start -> q1 -> done", id="two"))
    assert "“ca”里面正在办理" in refused(case, other)


def test_another_list_of_running_instances_is_refused() -> None:
    case = Case(with_called("start -> q1 -> done", each=EACH), items=["n", "s"], others=["w"]).do("a")
    other = with_called("start -> q1 -> done", each=each_of("others", "item"))
    assert "“ca”正在逐个办理" in refused(case, other)


def test_a_called_process_that_is_gone_is_refused() -> None:
    case = Case(with_called("start -> q1 -> done")).do("a")
    assert "“ca”" in refused(case, drawn("start -> a -> ca -> z -> done"))


def test_another_message_in_a_running_wait_is_refused() -> None:
    flow = "start -> a -> b -> c -> done"
    case = standing_on_b(drawn(flow, catch("b", about("message", "paid"))))
    assert "“b”正在计时或等待" in refused(case, drawn(flow, catch("b", about("message", "refunded"))))


def asked_for(verb: str) -> Program:
    """A verb between two steps."""
    return drawn("start -> a -> ask -> c -> done", service("ask", verb))


def test_another_verb_in_a_running_service_task_is_refused() -> None:
    case = Case(asked_for("notify"), answering=False).do("a")
    assert "“ask”正在由系统办理" in refused(case, asked_for("send"))
    assert moved(case, asked_for("notify")).answer("ask").open == ["c"]


def test_a_timer_that_is_due_fires_after_the_move_and_not_by_it() -> None:
    case = standing_on_b(with_timer("PT10H"))
    case.now += timedelta(hours=12)
    moved(case, with_timer("PT10H"))
    assert case.due == [timedelta(hours=-2)]
    assert case.wait(hours=0).open == ["b", "remind"]


def first(event: str) -> Program:
    """Behind b, whichever comes first: a payment, or an event."""
    behind = (first_of("gate"), catch("paid", about("message", "payment")), catch("other", event))
    return drawn("start -> a -> b -> gate; gate -> paid -> c -> done; gate -> other -> chase -> over", *behind)


def test_what_waits_behind_an_event_gateway_stays_or_the_move_is_refused() -> None:
    case = standing_on_b(first(after("PT30H"))).do("b").wait(hours=10)
    assert "“gate”正在计时或等待" in refused(case, first(after("PT20H")))
    assert "“gate”正在计时或等待" in refused(case, first(about("message", "refusal")))
    moved(case, first(after("PT30H")))
    assert case.due == [timedelta(hours=20)]
    assert case.wait(hours=20).open == ["chase"]


FORK = parallel("g", "j")


def test_a_new_branch_beside_running_ones_would_never_come_and_is_refused() -> None:
    case = Case(drawn("start -> g -> a -> j -> z -> done; g -> b -> j", *FORK)).do("a")
    new = drawn("start -> g -> a -> j -> z -> done; g -> b -> j; g -> c -> j", *FORK)
    assert "“j”要等的分支在新版本里变了" in refused(case, new)


def test_a_step_added_in_a_branch_that_is_through_would_never_come_and_is_refused() -> None:
    case = Case(drawn("start -> g -> a -> j -> z -> done; g -> b -> j", *FORK)).do("a")
    assert "“j”" in refused(case, drawn("start -> g -> a -> a2 -> j -> z -> done; g -> b -> j", *FORK))


def test_a_new_branch_ahead_is_taken() -> None:
    case = Case(drawn("start -> a -> g; g -> b -> j -> z -> done; g -> c -> j", *FORK))
    new = drawn("start -> a -> g; g -> b -> j -> z -> done; g -> c -> j; g -> d -> j", *FORK)
    moved(case, new).do("a")
    assert case.open == ["b", "c", "d"]
    walked(case, "b", "c", "d", "z")


def test_a_later_round_of_rework_takes_the_new_branch() -> None:
    again = exclusive("ok", "g0")
    old = "start -> g0 -> g; g -> b -> j; g -> c -> j; j -> check -> ok; ok -> done if good; ok -> g0"
    nodes = (*FORK, exclusive("g0"), user("check", outputs={"good": 'outcome = "accept"'}), again)
    case = Case(drawn(old, *nodes), good=False).do("b").do("c")
    moved(case, drawn(old.replace("g -> c -> j", "g -> c -> j; g -> d -> j"), *nodes)).do("check")
    assert case.open == ["b", "c", "d"]
    case.do("b").do("d").do("c").do("check", "accept")
    assert case.ended == "done"


# -- variables


def test_a_name_that_only_the_new_way_needs_is_refused_with_its_step() -> None:
    new = drawn(
        "start -> a -> b -> way -> c -> done; way -> x -> c if size > 3", exclusive("way", "c"), user("b")
    )  # fmt: skip
    assert "“way”要用到“size”，这件事没有" in refused(standing_on_b(), new)
    walked(moved(standing_on_b(size=5), new), "b", "x", "c")


def test_a_name_that_a_step_ahead_writes_is_there_in_time() -> None:
    new = drawn(
        "start -> a -> b -> way -> c -> done; way -> x -> c if size > 3",
        exclusive("way", "c"),
        user("b", outputs={"size": "5"}),
    )
    walked(moved(standing_on_b(), new), "b", "x", "c")


def test_a_name_that_a_step_behind_would_have_written_is_missing() -> None:
    new = drawn(
        "start -> a -> b -> way -> c -> done; way -> x -> c if size > 3",
        exclusive("way", "c"),
        user("a", outputs={"size": "5"}),
    )
    assert "“size”" in refused(standing_on_b(), new)


def test_a_name_that_a_decision_table_ahead_asks_for_is_missing() -> None:
    table = a_table("size_of", "UNIQUE", "size", ["answer"], (">= 3", '"large"'), ("< 3", '"small"'))
    flow = a_diagram("start -> a -> b -> weigh -> c -> done", rule("weigh", "size_of", "kind"))
    new = a_program(flow, size_of=table)
    assert "“weigh”要用到“size”，这件事没有" in refused(standing_on_b(), new)
    walked(moved(standing_on_b(size=5), new), "b", "c")


def test_what_was_missing_before_is_no_reason() -> None:
    flow = "start -> a -> b -> way -> c -> done; way -> x -> c if size > 3"
    case = standing_on_b(drawn(flow, exclusive("way", "c")))
    moved(case, drawn(flow.replace("b -> way", "b -> b2 -> way"), exclusive("way", "c")))


# -- everything that is wrong is said at once


def test_everything_in_the_way_is_named() -> None:
    case = Case(drawn("start -> g -> a -> j -> z -> done; g -> b -> j", *FORK))
    words = refused(case, drawn("start -> x -> done"))
    assert all(f"“{name}”" in words for name in ("a", "b", "g"))


def test_a_case_inside_an_embedded_sub_process_moves_too() -> None:
    body = inside("body", "i -> b -> over", user("b"))
    case = standing_on_b(drawn("start -> a -> body -> c -> done", body))
    longer = inside("body", "i -> b -> b2 -> over", user("b"))
    walked(moved(case, drawn("start -> a -> body -> c -> done", longer)), "b", "b2", "c")


def test_the_world_is_not_asked_for_any_deadline_again() -> None:
    case = standing_on_b(drawn("start -> a -> b -> c -> done", user("b", due="respond")))
    step = migrate(
        case.program,
        case.step.state,
        drawn("start -> a -> b -> c -> done", user("b", due="no_such_limit")),
        a_world(),
        Known(),
    )
    assert step.open_ids == case.step.open_ids
