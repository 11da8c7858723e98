"""Tasks, calls and sub-processes, and what repeats them."""

from __future__ import annotations

import pytest

from engine.run import NotAsked, NotRunning, Uncaught, answer
from tests.engine.support.rows import executed, refused
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    a_table,
    about,
    after,
    again,
    boundary,
    call,
    drawn,
    each_of,
    end,
    every,
    exclusive,
    inside,
    parallel,
    receive,
    rule,
    script,
    send,
    service,
    throw,
    user,
)
from tests.kit.walks import Case, Way


@executed(
    "userTask",
    "process",
    "sequenceFlow",
    "definitions",
    "documentation",
    "extensionElements",
    "none start",
    "none end",
    "startEvent",
    "endEvent",
    zh="用户任务等人办理，办完往下走",
    en="a user task waits for a person",
)
def a_user_task_waits_for_a_person(way: Way) -> None:
    case = Case(drawn("start -> write -> read -> done", user("write", outputs={"x": "n + 1"})), way)
    assert (case.open, case.ended) == (["write"], None)
    assert case.do("write", n=1).values("read") == {"x": 2}
    assert case.do("read").ended == "done"


@executed(
    "serviceTask", zh="服务任务提出动作，等到答复才往下走", en="a service task asks for a verb and waits for its answer"
)
def a_service_task_waits_for_its_answer(way: Way) -> None:
    node = service("tell", "notify", outputs={"sent": "count"}, who="[1, 2]")
    case = Case(drawn("start -> tell -> read -> done", node), way, answering=False)
    (asked,) = case.step.asked
    assert (asked.verb, asked.inputs, case.open, case.step.asking) == ("notify", {"who": [1, 2]}, [], {asked.key})
    assert case.wait(days=1).step.asking == {asked.key}
    assert case.answer("tell", count=2, secret=1).values("read") == {"sent": 2}
    assert case.step.asking == frozenset()
    with pytest.raises(NotAsked):
        answer(case.program, case.step.state, asked.key, {}, case.world)


@executed("retry of a verb", zh="服务任务写明怎样重试", en="a service task says how its verb is tried again")
def a_retry_is_read_from_the_step(way: Way) -> None:
    case = Case(drawn("start -> tell -> done", service("tell", "notify", retry="R5/PT5M")), way, answering=False)
    retry = case.asked[0].retry
    assert retry is not None
    assert (retry.times, retry.every.total_seconds()) == (5, 300)


@executed(
    "error of a verb",
    "boundary event on a running service task",
    "error boundary",
    "errorEventDefinition",
    "boundaryEvent",
    "error",
    zh="动作报出的错误到达最近的边界事件",
    en="a verb's business error reaches the nearest boundary event",
)
def a_verbs_error_reaches_the_boundary(way: Way) -> None:
    program = drawn(
        "start -> body -> done; broke -> mend -> mended; other -> given_up",
        inside(
            "body",
            "b -> pay -> o; late -> hurry -> hurried",
            service("pay", "pay"),
            boundary("late", "pay", after("P1D")),
        ),
        boundary("broke", "body", about("error", "no_money")),
        boundary("other", "body", about("error")),
    )
    case = Case(program, way, answering=False)
    assert case.fail("pay", "no_money").open == ["mend"]
    assert (case.step.asking, case.step.timers, case.do("mend").ended) == (frozenset(), (), "mended")
    assert Case(program, way, answering=False).fail("pay", "strange").ended == "given_up"
    assert Case(program, way, answering=False).wait(days=1).open == ["hurry"]
    alone = Case(drawn("start -> pay -> done", service("pay", "pay")), way, answering=False)
    with pytest.raises(Uncaught):
        alone.fail("pay", "no_money")
    assert alone.answer("pay").ended == "done"


TABLE = a_table("level", "UNIQUE", "size", ["post"], ('"large"', '"head"'), ('"small"', '"deputy"'))


@executed("businessRuleTask", zh="业务规则任务查决策表", en="a business rule task asks a decision table")
def a_rule_task_decides_by_table(way: Way) -> None:
    program = a_program(
        a_diagram("start -> decide -> read -> done", rule("decide", "level", "who", "singleEntry")), level=TABLE
    )
    assert Case(program, way, size="large").values("read") == {"size": "large", "who": "head"}


@executed(
    "sendTask",
    "message",
    "messageEventDefinition",
    "message throw",
    "message end",
    "message with correlation key",
    zh="发送任务、抛出和结束事件把消息送出事项",
    en="send tasks, throw and end events send messages out of the case",
)
def messages_leave_the_case(way: Way) -> None:
    program = drawn(
        "start -> ask -> tell -> told",
        send("ask", "question", key="number", text='"why?"'),
        throw("tell", about("message", "news"), key='"n" + string(number)'),
        end("told", about("message", "closed"), total="number + 1"),
    )
    case = Case(program, way, number=7)
    said = [(each.kind, each.name, each.key, each.element, each.values) for each in case.thrown]
    assert said == [
        ("message", "question", "7", "ask", {"text": "why?"}),
        ("message", "news", "n7", "tell", {}),
        ("message", "closed", "", "told", {"total": 8}),
    ]
    assert (len({each.id for each in case.thrown}), case.ended) == (3, "told")


@executed(
    "receiveTask",
    "message payload: output parameters only",
    zh="接收任务等消息，只有输出参数进入流程",
    en="a receive task waits for a message; only output parameters enter the process",
)
def a_receive_task_takes_its_message(way: Way) -> None:
    node = receive("wait", "reply", key="number", outputs={"answer": 'text + "!"'})
    case = Case(drawn("start -> wait -> read -> done", node), way, number=7, text="old")
    (wait,) = case.step.awaited
    assert (wait.kind, wait.name, wait.key, wait.element) == ("message", "reply", "7", "wait")
    assert case.deliver("reply", key="7", text="yes", secret=1).values("read") == {
        "number": 7,
        "text": "old",
        "answer": "yes!",
    }


# -- calls and sub-processes

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


# -- several times

EACH = each_of("items", "item")
TIMES = [f"multi-instance: {each}" for each in ("parallel", "sequential", "empty list", "of a sub-process")]


@executed(
    "multiInstanceLoopCharacteristics",
    *TIMES,
    zh="多实例：同时或依次，子流程或调用活动",
    en="several at once or in turn, of a sub-process or a call",
)
def one_instance_for_each_item(way: Way) -> None:
    for in_turn in (False, True):
        loop = each_of("items", "item", in_turn=in_turn)
        called = a_program(
            a_diagram("start -> all -> last -> done", call("all", "one", ins={"item": "item"}, each=loop)), ONE
        )
        drawn_inside = drawn("start -> all -> last -> done", inside("all", "b -> work -> o", each=loop))
        for program in (called, drawn_inside):
            assert Case(program, way, items=[]).open == ["last"]
            case = Case(program, way, items=["x", "y"])
            assert case.open == (["work"] if in_turn else ["work", "work"])
            assert case.do("work", of="x").task("work").values["item"] == "y"
            assert case.do("work", of="y").values("last") == {"items": ["x", "y"]}


@executed(
    "completionCondition",
    "multi-instance: completion condition",
    zh="多实例的完成条件",
    en="a completion condition ends the rest",
)
def enough_is_enough(way: Way) -> None:
    loop = each_of("items", "item", until="nrOfCompletedInstances = 2")
    case = Case(drawn("start -> all -> last -> done", inside("all", "b -> work -> o", each=loop)), way, items=[1, 2, 3])
    assert case.do("work", of=3).open == ["work", "work"]
    assert case.do("work", of=1).open == ["last"]
    assert [closed.how for closed in case.step.closed] == ["completed", "withdrawn"]


@executed("multi-instance: nested", zh="多实例里的多实例", en="a list within a list")
def several_of_several(way: Way) -> None:
    inner = inside("inner", "i -> work -> k", each=each_of("group", "item"))
    program = drawn(
        "start -> outer -> last -> done", inside("outer", "b -> inner -> o", inner, each=each_of("groups", "group"))
    )
    case = Case(program, way, groups=[[1, 2], [], [3]])
    for item in (2, 3, 1):
        assert "last" not in case.open
        case.do("work", of=item)
    assert case.open == ["last"]


@executed("multi-instance: of a service task", zh="多实例的服务任务", en="a verb asked for once for each item")
def a_verb_for_each_item(way: Way) -> None:
    node = service("tell", "notify", who="item", each=EACH)
    case = Case(drawn("start -> tell -> last -> done", node), way, answering=False, items=["x", "y"])
    assert sorted(asked.inputs["who"] for asked in case.asked) == ["x", "y"]
    assert case.answer("tell").open == []
    assert case.answer("tell").open == ["last"]


@executed("multi-instance: in a loop", zh="循环里的多实例每轮重新开始", en="in a loop every round starts anew")
def several_in_every_round(way: Way) -> None:
    for in_turn in (False, True):
        program = a_program(
            a_diagram(
                "start -> all -> check -> ok; ok -> done if fine; ok -> all",
                call("all", "one", ins={"item": "item"}, each=each_of("items", "item", in_turn=in_turn)),
                exclusive("ok", "all"),
                user("check", outputs={"fine": "fine", "items": "items"}),
            ),
            ONE,
        )
        case = Case(program, way, items=["x", "y"])
        for items in (["z"], [], ["x", "y", "z"]):
            while "work" in case.open:
                case.do("work")
            case.do("check", fine=False, items=items)
        while "work" in case.open:
            case.do("work")
        assert case.do("check", fine=True, items=[]).ended == "done"


def running(way: Way, *, in_turn: bool = False, until: str = "", items: list[object]) -> list[Case]:
    """The same list on a call, on a sub-process and on a user task."""
    loop = each_of("items", "item", in_turn=in_turn, until=until)
    called = a_program(
        a_diagram("start -> all -> last -> done", call("all", "one", ins={"item": "item"}, each=loop)), ONE
    )
    within = drawn("start -> all -> last -> done", inside("all", "b -> work -> o", each=loop))
    alone = drawn("start -> work -> last -> done", user("work", each=loop))
    return [Case(program, way, items=items) for program in (called, within, alone)]


def activity(case: Case) -> str:
    return "work" if case.program.process("main").find("all") is None else "all"


@executed("multi-instance: one more while it runs", zh="进行中可增加一个", en="one more may join while it runs")
def one_more_may_join(way: Way) -> None:
    for case in running(way, items=["x"]):
        assert case.add(activity(case), "y").open == ["work", "work"]
        assert case.do("work", of="x").do("work", of="y").open == ["last"]
        with pytest.raises(NotRunning):
            case.add(activity(case), "z")
    for case in running(way, in_turn=True, items=["x"]):
        assert case.add(activity(case), "y").add(activity(case), "z").open == ["work"]
        for item in "xyz":
            case.do("work", of=item)
        assert case.open == ["last"]


@executed(
    "multi-instance: one less while it runs",
    zh="进行中可撤回一个；撤回最后一个就算办完",
    en="one may be withdrawn; the last one withdrawn, it is done",
)
def one_may_be_withdrawn(way: Way) -> None:
    for case in running(way, items=["x", "y"]):
        assert case.withdraw(activity(case), "x").open == ["work"]
        assert [closed.how for closed in case.step.closed] == ["withdrawn"]
        with pytest.raises(NotRunning):
            case.withdraw(activity(case), "x")
        assert case.withdraw(activity(case), "y").open == ["last"]
    for case in running(way, in_turn=True, items=["x", "y", "z"]):
        assert case.withdraw(activity(case), "y").withdraw(activity(case), "x").task("work").values["item"] == "z"
        assert case.do("work").open == ["last"]
    for case in running(way, until="nrOfCompletedInstances / nrOfInstances >= 0.5", items=[1, 2, 3]):
        assert case.do("work", of=1).withdraw(activity(case), 2).open == ["last"]


BORDER = {
    "timer": ("", after("P1D")),
    "message": ("recall", about("message", "recall")),
    "signal": ("alarm", about("signal", "alarm")),
}


@executed(
    *(f"multi-instance: interrupting {kind}" for kind in BORDER),
    zh="定时、消息、信号直接中断多实例",
    en="timer, message or signal interrupt it directly",
)
def what_interrupts_takes_every_instance_along(way: Way) -> None:
    for kind, (name, event) in BORDER.items():
        for host in (call("all", "one", ins={"item": "item"}, each=EACH), inside("all", "b -> work -> o", each=EACH)):
            border = boundary("stop", "all", event)
            program = a_program(a_diagram("start -> all -> done; stop -> mend -> mended", host, border), ONE)
            case = Case(program, way, items=["x", "y", "z"]).do("work", of="y")
            case = case.wait(days=1) if kind == "timer" else case.deliver(name, kind=kind)
            assert (case.open, case.step.timers, case.awaited) == (["mend"], (), [])
            assert [closed.how for closed in case.step.closed] == ["withdrawn", "withdrawn"]
            assert case.do("mend").ended == "mended"


@executed(
    "multi-instance: interrupting error",
    "multi-instance: interrupting escalation",
    zh="任一实例的错误或升级中断全部",
    en="one instance's error or escalation interrupts all",
)
def one_instance_may_interrupt_all(way: Way) -> None:
    for kind in ("error", "escalation"):
        one = a_diagram("start -> work -> up", end("up", about(kind, "too_big")), id="one")
        program = a_program(
            a_diagram(
                "start -> all -> done; stop -> mend -> mended",
                call("all", "one", ins={"item": "item"}, each=EACH),
                boundary("stop", "all", about(kind, "too_big")),
            ),
            one,
        )
        assert Case(program, way, items=["x", "y"]).do("work", of="y").open == ["mend"]


@executed(
    "multi-instance: every instance escalates",
    "escalation throw",
    "escalation end",
    "escalation boundary beside",
    "escalation",
    "escalationEventDefinition",
    zh="每个实例都可升级一次，活动不中断",
    en="every instance may escalate, and the work goes on",
)
def every_instance_escalates(way: Way) -> None:
    one = a_diagram(
        "start -> work -> up -> rest -> out",
        throw("up", about("escalation", "hard")),
        end("out", about("escalation", "over")),
        id="one",
    )
    program = a_program(
        a_diagram(
            "start -> all -> last -> done; raised -> decide -> decided; told -> note -> noted",
            call("all", "one", ins={"item": "item"}, each=EACH),
            boundary("raised", "all", about("escalation", "hard"), interrupting=False),
            boundary("told", "all", about("escalation", "over"), interrupting=False),
        ),
        one,
    )
    case = Case(program, way, items=["x", "y"])
    assert case.do("work", of="x").open == ["decide", "rest", "work"]
    assert case.do("work", of="y").open == ["decide", "decide", "rest", "rest"]
    assert case.do("rest").do("rest").open == ["decide", "decide", "last", "note", "note"]


@executed("multi-instance: reminders", zh="多实例上的循环提醒", en="reminders around several instances")
def reminders_around_several(way: Way) -> None:
    program = drawn(
        "start -> all -> done; late -> tell -> told",
        inside("all", "b -> work -> o", each=EACH),
        boundary("late", "all", every("R/PT1H"), interrupting=False),
        service("tell", "notify"),
    )
    case = Case(program, way, items=["x", "y"]).wait(hours=1).wait(hours=3)
    assert (len(case.asked), case.open) == (2, ["work", "work"])
    assert (case.do("work").do("work").ended, case.step.timers) == ("done", ())


@executed(
    "terminate in an instance", zh="一个实例里的终止只结束该实例", en="a terminate end in an instance ends that one"
)
def a_terminate_in_an_instance_ends_that_one(way: Way) -> None:
    within = inside(
        "all",
        "b -> split; split -> work -> stop; split -> wait -> o",
        *parallel("split"),
        end("stop", about("terminate")),
        each=EACH,
    )
    case = Case(drawn("start -> all -> last -> done", within), way, items=["x", "y"])
    assert case.do("work", of="x").open == ["wait", "work"]
    assert case.do("work", of="y").open == ["last"]


LOOPS = ("standardLoopCharacteristics", "standard loop: condition, maximum, test before")


@executed(*LOOPS, zh="标准循环：条件、上限、先判断", en="a standard loop by condition and maximum")
def a_task_comes_again_while_its_condition_holds(way: Way) -> None:
    outputs = {"n": "n + 1", "rows": "append(rows, n)"}
    for node in (
        lambda loop: user("work", outputs=outputs, each=loop),
        lambda loop: inside("body", "b -> work -> o", user("work", outputs=outputs), each=loop),
    ):
        for start, loop, rounds in ((0, again(9, "n < 3"), 3), (7, again(9, "n < 3"), 1), (0, again(2, "n < 3"), 2)):
            host = node(loop)
            case = Case(drawn(f"start -> {host.id} -> last -> done", host), way, n=start, rows=[])
            for _ in range(rounds):
                case.do("work")
            assert case.values("last")["n"] == start + rounds
        host = node(again(9, "n < 3", test_before=True))
        assert Case(drawn(f"start -> {host.id} -> last -> done", host), way, n=7, rows=[]).open == ["last"]


# -- what is not


def odd(node: Node, *more: Node) -> str:
    return a_diagram(f"start -> {node.id} -> done", node, *more)


refused("unsupported_element", odd(Node("odd", "task")), "task", zh="未定类型的任务", en="an abstract task")
refused("unsupported_element", odd(Node("odd", "manualTask")), "manualTask", zh="手工任务", en="a manual task")
refused(
    "script",
    odd(script("odd", "x")),
    "scriptTask",
    "script",
    "script, listener, program class",
    zh="脚本任务",
    en="a script task",
)
refused("transaction", odd(Node("odd", "transaction")), "transaction", zh="事务子流程", en="a transaction")
refused(
    "ad_hoc_sub_process",
    odd(Node("odd", "adHocSubProcess")),
    "adHocSubProcess",
    zh="即席子流程",
    en="an ad-hoc sub-process",
)
refused(
    "endless_call",
    odd(call("odd", "main")),
    "call activity: endless calls",
    zh="无尽地调用自己",
    en="a process that always calls itself",
)
refused(
    "endless_loop",
    odd(user("odd", each="<bpmn:standardLoopCharacteristics/>")),
    "standard loop without maximum",
    zh="没有上限的循环",
    en="a loop without maximum",
)
refused(
    "multi_instance_collection",
    odd(
        user(
            "odd",
            each="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
        )
    ),
    "multi-instance: cardinality, collected output, behaviour",
    "complexBehaviorDefinition",
    zh="多实例的次数、结果集合、行为",
    en="cardinality, collected output, behaviour",
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
