"""The same activity several times: at once, in turn, again; with what interrupts it, joins it, leaves it."""

from __future__ import annotations

import pytest

from engine.run import AlreadyRunning, NotRunning
from tests.engine.support.rows import around, executed, refused
from tests.kit.diagrams import (
    a_diagram,
    a_program,
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
    service,
    throw,
    user,
)
from tests.kit.walks import Case, Way

ONE = a_diagram("start -> work -> done", user("work", outputs={"result": "outcome"}), id="one")
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


@executed(
    "multi-instance: collected output",
    zh="多实例的结果集合，按名单的顺序",
    en="what instances leave is collected in the order of the list",
)
def what_instances_leave_is_collected(way: Way) -> None:
    for in_turn in (False, True):
        loop = each_of("items", "item", in_turn=in_turn, gives="answer", into="answers")
        answering = user("work", outputs={"answer": "outcome"})
        called = call("all", "one", ins={"item": "item"}, outs={"answer": "result"}, each=loop)
        for activity in (called, inside("all", "b -> work -> o", answering, each=loop)):
            program = a_program(a_diagram("start -> all -> last -> done", activity), ONE)
            assert Case(program, way, items=[]).values("last")["answers"] == []
            case = Case(program, way, items=["x", "y"])
            for item in "xy" if in_turn else "yx":
                case.do("work", f"{item} agrees", of=item)
            assert case.values("last") == {"items": ["x", "y"], "answers": ["x agrees", "y agrees"]}


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
        with pytest.raises(AlreadyRunning):
            case.add(activity(case), "y")
        assert case.do("work", of="x").do("work", of="y").open == ["last"]
        with pytest.raises(NotRunning):
            case.add(activity(case), "z")
    for case in running(way, in_turn=True, items=["x"]):
        assert case.add(activity(case), "y").add(activity(case), "z").open == ["work"]
        with pytest.raises(AlreadyRunning):
            case.add(activity(case), "z")
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


refused(
    "endless_loop",
    around(user("odd", each="<bpmn:standardLoopCharacteristics/>")),
    "standard loop without maximum",
    zh="没有上限的循环",
    en="a loop without maximum",
)
refused(
    "multi_instance_collection",
    around(
        user(
            "odd",
            each="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
        )
    ),
    "multi-instance: cardinality, behaviour",
    "complexBehaviorDefinition",
    zh="多实例的次数、行为",
    en="cardinality, behaviour",
)
refused(
    "multi_instance_collection",
    around(user("odd", each=each_of("items", "item", gives="answer", into="answers"))),
    "multi-instance: collected output that nothing writes",
    zh="要收集、但没有哪一步写入的结果",
    en="collected output that nothing writes",
)
