"""Gateways, and how branches come together again, also in rework loops."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from engine.spiff.expressions import DiagramFault
from tests.engine.support.rows import executed, refused
from tests.kit.diagrams import (
    Node,
    a_diagram,
    about,
    after,
    catch,
    drawn,
    exclusive,
    first_of,
    inclusive,
    inside,
    parallel,
    user,
)
from tests.kit.walks import Case, Way

CHECK = (exclusive("ok", "again"), exclusive("again"), user("check", outputs={"fine": "fine"}))


@executed(
    "exclusiveGateway",
    "exclusive gateway in a loop",
    zh="排他网关：第一条成立的线",
    en="the first flow whose condition is true",
)
def one_of_several(way: Way) -> None:
    program = drawn(
        "start -> fork; fork -> high if x > 1; fork -> low if x = 1; fork -> back; high -> e1; low -> e2; back -> fork",
        exclusive("fork", "back"),
        user("back", outputs={"x": "x + 1"}),
    )
    case = Case(program, way, x=-1)
    assert case.do("back").open == ["back"]
    assert case.do("back").open == ["low"]
    assert Case(program, way, x=2).open == ["high"]


@executed(
    "condition that is null or an error",
    "conditionExpression",
    "formalExpression",
    zh="条件为空或出错是故障，从不当作否",
    en="a condition that is null or an error is a fault, never a silent no",
)
def a_condition_is_true_false_or_a_fault(way: Way) -> None:
    for gateway in (exclusive, inclusive):
        program = drawn("start -> fork; fork -> a if x > 1; fork -> b; a -> e1; b -> e2", gateway("fork", "b"))
        for values in ({}, {"x": None}, {"x": "many"}):
            with pytest.raises(DiagramFault, match="fork"):
                Case(program, way, **values)


def looped(split: Node, join: Node, branches: str) -> str:
    flows = "start -> again -> split; join -> check -> ok; ok -> done if fine; ok -> again;"
    flows += "; ".join(
        f"split -> {branch} -> join{f' if {branch}_too' if split.tag[0] == 'i' else ''}" for branch in branches
    )
    return flows


@executed(
    "parallelGateway",
    "parallel gateway in a loop",
    zh="并行网关，返工循环里每种完成次序都等齐",
    en="a join waits for all, in every round and every order",
)
def all_of_several_in_every_round(way: Way) -> None:
    nodes = parallel("split", "join")
    program = drawn(looped(*nodes, "abc"), *nodes, *CHECK)
    for orders in product(permutations("abc"), repeat=2 if way == "live" else 1):
        case = Case(program, way, check=way == "restored")
        for order in orders:
            for number, step in enumerate(order, 1):
                case.do(step)
                assert case.open == (sorted(order[number:]) or ["check"])
            case.do("check", fine=False)
        assert case.open == ["a", "b", "c"]


@executed(
    "inclusiveGateway",
    "inclusive gateway in a loop",
    zh="包容网关，返工循环里每种选择、每种次序都等齐",
    en="an inclusive join waits for what was chosen, in every round and order",
)
def some_of_several_in_every_round(way: Way) -> None:
    split, join = inclusive("split", "c"), inclusive("join")
    flows = looped(split, join, "ab") + "; split -> c -> join"
    program = drawn(
        flows,
        split,
        join,
        CHECK[0],
        CHECK[1],
        user("check", outputs={"fine": "fine", "a_too": "a_too", "b_too": "b_too"}),
    )
    chosen = {(True, True): "ab", (True, False): "a", (False, True): "b", (False, False): "c"}
    for first, second in product(chosen, repeat=2):
        for order in permutations(chosen[first]):
            case = Case(program, way, check=way == "restored", a_too=first[0], b_too=first[1])
            for choice, steps in ((second, order), (first, tuple(reversed(chosen[second])))):
                for number, step in enumerate(steps, 1):
                    case.do(step)
                    assert case.open == (sorted(steps[number:]) or ["check"])
                case.do("check", fine=False, a_too=choice[0], b_too=choice[1])
            assert case.open == sorted(chosen[first])


@executed(
    "inclusive gateway beside a slow branch",
    zh="包容汇合等后来才选定的分支，也等子流程里的",
    en="an inclusive join waits for a token that may still come, also from inside a sub-process",
)
def a_token_that_may_still_come_is_waited_for(way: Way) -> None:
    program = drawn(
        """start -> split; split -> a -> join; split -> slow -> choose
        choose -> join if late; choose -> out -> gone; join -> last -> done""",
        inclusive("join"),
        *parallel("split"),
        exclusive("choose", "out"),
        inside("slow", "b -> work -> o", user("work", outputs={"late": "late"})),
        user("out"),
    )
    assert Case(program, way).do("a").open == ["work"]
    assert Case(program, way).do("a").do("work", late=True).open == ["last"]
    assert Case(program, way).do("a").do("work", late=False).open == ["last", "out"]
    assert Case(program, way).do("work", late=False).do("a").do("out").do("last").ended == "done"


def waiting_for(*events: tuple[Node, str]) -> tuple[object, ...]:
    flows = "; ".join(f"gate -> {node.id} -> {step} -> {step}_done" for node, step in events)
    return f"start -> gate; {flows}", first_of("gate"), *(node for node, _ in events)


@executed(
    "eventBasedGateway",
    "event-based gateway: message and timer",
    zh="事件网关：消息或定时，先来的",
    en="whichever comes first of message and timer",
)
def a_message_or_a_timer(way: Way) -> None:
    paid = catch("paid", about("message", "payment"), outputs={"sum": "sum"})
    program = drawn(*waiting_for((paid, "thank"), (catch("late", after("P1D")), "chase")))  # type: ignore[arg-type]  # flows first
    case = Case(program, way)
    assert (case.awaited, len(case.due)) == (["payment"], 1)
    case.deliver("payment", sum=5)
    assert (case.values("thank"), case.awaited, case.due) == ({"sum": 5}, [], [])
    assert Case(program, way).wait(days=1).open == ["chase"]


@executed(
    "event-based gateway: two timers",
    "event-based gateway: signal",
    zh="事件网关：几个定时、信号",
    en="several timers and a signal behind one gateway",
)
def the_earliest_of_two_timers_or_a_signal(way: Way) -> None:
    program = drawn(
        *waiting_for(  # type: ignore[arg-type]  # flows first
            (catch("later", after("PT3H")), "a"),
            (catch("sooner", after("PT1H")), "b"),
            (catch("rung", about("signal", "bell")), "c"),
        )
    )
    case = Case(program, way)
    assert [due.total_seconds() for due in case.due] == [3600, 10800]
    assert case.wait(hours=2).open == ["b"]
    assert Case(program, way).wait(hours=9).open == ["b"]
    assert Case(program, way).deliver("bell", kind="signal").open == ["c"]


refused(
    "starving_join",
    a_diagram(
        "start -> split; split -> a -> join; split -> b -> join; join -> ok; ok -> done if x; ok -> split",
        *parallel("split", "join"),
        exclusive("ok", "split"),
    ),
    "parallel gateway entered by its own loop",
    zh="返工直接连回并行网关",
    en="a loop straight back into a parallel gateway",
)
refused(
    "complex_gateway",
    a_diagram("start -> odd -> done", Node("odd", "complexGateway")),
    "complexGateway",
    zh="复杂网关",
    en="a complex gateway",
)
refused(
    "event_gateway_target",
    a_diagram(
        "start -> ok; ok -> gate if x; ok -> late; gate -> late -> done; gate -> bell -> done2",
        exclusive("ok", "late"),
        first_of("gate"),
        catch("late", after("P1D")),
        catch("bell", about("signal", "bell")),
    ),
    "event-based gateway: two ways into an event",
    zh="事件网关后的事件另有连入",
    en="another way into an event behind an event gateway",
)
refused(
    "unsupported_part",
    a_diagram(
        "start -> gate; gate -> late -> done; gate -> bell -> done2",
        Node("gate", "eventBasedGateway", ' eventGatewayType="Parallel"'),
        catch("late", after("P1D")),
        catch("bell", about("signal", "bell")),
    ),
    "event-based gateway: parallel",
    zh="并行的事件网关",
    en="a parallel event gateway",
)
refused(
    "implicit_split",
    a_diagram("start -> a; a -> b -> done; a -> c -> done2"),
    "several flows out of a task",
    zh="任务后有几条线",
    en="several flows out of a task",
)
refused(
    "condition_on_task_flow",
    a_diagram("start -> a -> b -> done; a -> c if x; c -> done2"),
    "condition on a flow out of a task",
    zh="任务后的条件",
    en="a condition on a task's flow",
)
refused(
    "gateway_without_default",
    a_diagram("start -> ok; ok -> a if x; ok -> b if y; a -> done; b -> done", exclusive("ok")),
    "gateway without default",
    zh="没有默认连线",
    en="a gateway without default",
)
refused(
    "overlapping_conditions",
    a_diagram(
        "start -> ok; ok -> a if x > 1; ok -> b if x > 0; ok -> done; a -> done; b -> done", exclusive("ok", "done")
    ),
    "conditions that overlap",
    zh="条件可能同时成立",
    en="two conditions that can both be true",
)
refused(
    "parallel_write",
    a_diagram(
        "start -> split; split -> a -> join; split -> b -> join; join -> done",
        *parallel("split", "join"),
        user("a", outputs={"x": "1"}),
        user("b", outputs={"x": "2"}),
    ),
    "variable written on two branches",
    zh="并行分支写同一变量",
    en="a variable written on two branches",
)
