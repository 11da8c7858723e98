"""Sub-processes and called processes, and how deep and how long they may be."""

from __future__ import annotations

from tests.engine.support.rows import around, executed, refused
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    about,
    call,
    drawn,
    end,
    exclusive,
    inside,
    parallel,
    throw,
    user,
)
from tests.kit.walks import Case, Way

ONE = a_diagram("start -> work -> done", user("work", outputs={"result": "outcome"}), id="one")


@executed(
    "callActivity",
    "call activity: variables in and out",
    zh="调用活动只传写明的变量",
    en="only named variables cross a call's border",
)
def a_call_passes_what_is_named(way: Way) -> None:
    program = a_program(
        a_diagram("start -> ask -> read -> done", call("ask", "one", ins={"n": "n + 1"}, outs={"got": "result"})), ONE
    )
    case = Case(program, way, n=1, secret=2)
    assert case.values("work") == {"n": 2}
    assert case.do("work", "good").values("read") == {"n": 1, "secret": 2, "got": "good"}


@executed(
    "call activity: process calls itself", zh="流程可以有条件地调用自己", en="a process may call itself, if it can stop"
)
def a_process_calls_itself_until_it_stops(way: Way) -> None:
    deep = a_diagram(
        "start -> more; more -> write -> done if n = 0; more -> deeper -> done2",
        exclusive("more", "deeper"),
        call("deeper", "main", ins={"n": "n - 1"}),
    )
    case = Case(a_program(deep), way, n=5)
    assert case.values("write") == {"n": 0}
    assert case.do("write").ended == "done2"


@executed(
    "subProcess",
    "sub-process in a loop",
    zh="嵌入子流程，也可在返工循环里",
    en="an embedded sub-process, also in a rework loop",
)
def a_sub_process_in_a_rework_loop(way: Way) -> None:
    program = drawn(
        "start -> body -> ok; ok -> done if n > 2; ok -> body",
        inside("body", "b -> work -> o", user("work", outputs={"n": "n + 1"})),
        exclusive("ok", "body"),
    )
    case = Case(program, way, n=0)
    for _ in range(3):
        assert case.open == ["work"]
        case.do("work")
    assert case.ended == "done"


@executed("sub-processes nested 50 deep", zh="子流程嵌套 50 层", en="sub-processes nested 50 deep")
def fifty_sub_processes_within_each_other(way: Way) -> None:
    node = user("work")
    for depth in range(50):
        node = inside(f"body{depth}", f"b{depth} -> {node.id} -> o{depth}", node)
    case = Case(a_program(a_diagram(f"start -> {node.id} -> done", node)), way)
    assert case.do("work").ended == "done"


@executed("600 consecutive nodes", zh="连续 600 步", en="600 steps one after the other")
def six_hundred_steps_in_a_row(way: Way) -> None:
    steps = [f"s{number}" for number in range(600)]
    program = a_program(a_diagram(" -> ".join(["start", *steps, "done"]), *(throw(step, "") for step in steps[:-1])))
    assert Case(program, way).do("s599").ended == "done"


@executed("loop of 1,000 rounds", zh="返工 1000 轮", en="a loop of 1,000 rounds")
def a_thousand_rounds(way: Way) -> None:
    program = drawn(
        "start -> work -> ok; ok -> done if fine; ok -> work",
        exclusive("ok", "work"),
        user("work", outputs={"fine": 'outcome = "fine"'}),
    )
    case = Case(program, "live", check=False) if way == "live" else Case(program, way, check=False)
    for _ in range(1000 if way == "live" else 100):
        case.do("work", "again")
    assert case.open == ["work"]
    assert case.do("work", "fine").ended == "done"


@executed(
    "terminate in a called process",
    zh="被调用流程里的终止只结束它自己",
    en="a terminate end ends the called process only",
)
def a_terminate_in_a_call_ends_only_that(way: Way) -> None:
    stops = a_diagram(
        "start -> split; split -> a -> stop; split -> b -> done",
        *parallel("split"),
        end("stop", about("terminate")),
        id="stops",
    )
    case = Case(a_program(a_diagram("start -> ask -> last -> done", call("ask", "stops")), stops), way)
    assert case.do("a").open == ["last"]


refused("transaction", around(Node("odd", "transaction")), "transaction", zh="事务子流程", en="a transaction")
refused(
    "ad_hoc_sub_process",
    around(Node("odd", "adHocSubProcess")),
    "adHocSubProcess",
    zh="即席子流程",
    en="an ad-hoc sub-process",
)
refused(
    "endless_call",
    around(call("odd", "main")),
    "call activity: endless calls",
    zh="无尽地调用自己",
    en="a process that always calls itself",
)
refused(
    "event_sub_process",
    a_diagram("start -> work -> done", Node("odd", "subProcess", ' triggeredByEvent="true"')),
    "event sub-process",
    *(
        f"{kind} event sub-process"
        for kind in (
            "message",
            "timer",
            "error",
            "escalation",
            "compensate",
            "conditional",
            "signal",
            "multiple",
            "parallel multiple",
        )
    ),
    zh="事件子流程",
    en="an event sub-process",
)
