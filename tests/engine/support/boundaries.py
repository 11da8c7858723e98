"""Events on the border of an activity: they interrupt it, or come again and again beside it."""

from __future__ import annotations

import pytest

from engine.run import NotAwaited, NotOpen, complete
from tests.engine.support.rows import executed
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    about,
    after,
    boundary,
    call,
    drawn,
    each_of,
    every,
    inside,
    service,
    user,
)
from tests.kit.walks import Case, Way

INTERRUPTING = {"timer": after("P1D"), "message": about("message", "stop"), "signal": about("signal", "stop")}


def happens(case: Case, kind: str) -> Case:
    return case.wait(days=1) if kind == "timer" else case.deliver("stop", kind=kind)


@executed(
    "timer boundary",
    "message boundary",
    "signal boundary",
    "boundary timer on sub-process and call",
    zh="中断的边界事件：定时、消息、信号",
    en="interrupting boundary events on tasks, sub-processes and calls",
)
def a_boundary_event_interrupts(way: Way) -> None:
    one = a_diagram("start -> work -> done", id="one")
    for kind, event in INTERRUPTING.items():
        for host in (user("work"), inside("body", "b -> work -> o"), call("body", "one")):
            program = a_program(
                a_diagram(
                    f"start -> {host.id} -> done; late -> mend -> mended", host, boundary("late", host.id, event)
                ),
                one,
            )
            case = happens(Case(program, way), kind)
            assert (case.open, [closed.how for closed in case.step.closed]) == (["mend"], ["withdrawn"])
            assert (case.do("mend").ended, case.step.timers, case.awaited) == ("mended", (), [])
            assert Case(program, way).do("work").ended == "done"


@executed(
    "timer boundary beside",
    "message boundary beside",
    "signal boundary beside",
    "boundary message, signal, escalation: every time",
    zh="不中断的边界事件：消息、信号每次都响应，定时一次",
    en="a boundary event that does not interrupt reacts every time; a timer once",
)
def a_boundary_event_beside_the_work_comes_every_time(way: Way) -> None:
    for kind, event in INTERRUPTING.items():
        program = drawn(
            "start -> work -> done; late -> note -> noted", boundary("late", "work", event, interrupting=False)
        )
        case = Case(program, way)
        for number in (1, 2, 3):
            if kind != "timer" or number == 1:
                happens(case, kind)
            assert case.open == ["note"] * (1 if kind == "timer" else number) + ["work"]
        assert (case.do("work").awaited, case.step.timers) == ([], ())
        while case.open:
            case.do("note")
        assert case.ended == "noted"


@executed(
    "boundary cycle: one reminder after downtime",
    zh="循环提醒：停机后补一次，不补五次",
    en="a cycle reminds; after downtime once, not five times",
)
def a_cycle_reminds_once_after_downtime(way: Way) -> None:
    for text, left in (("R/PT1H", 1), ("R9/PT1H", 1), ("R3/PT1H", 0), ("R/2026-09-07T10:00:00+08:00/PT1H", 1)):
        program = drawn(
            "start -> work -> done; late -> tell -> told",
            boundary("late", "work", every(text), interrupting=False),
            service("tell", "notify"),
        )
        case = Case(program, way).wait(hours=5.5)
        assert (len(case.asked), len(case.due)) == (1, left)
        assert len(case.wait(hours=0.5).asked) == 1 + left


@executed(
    "boundary cycle: work for people behind it",
    zh="循环之后可以有人办的步骤",
    en="work for people behind a cycle stays open",
)
def what_a_cycle_opens_stays_open(way: Way) -> None:
    program = drawn(
        "start -> work -> done; late -> chase -> chased", boundary("late", "work", every("R/PT1H"), interrupting=False)
    )
    case = Case(program, way).wait(hours=1).wait(hours=1)
    assert case.open == ["chase", "chase", "work"]
    assert case.do("work").open == ["chase", "chase"]
    assert case.do("chase").do("chase").ended == "chased"


BY_HAND = "<bpmn:messageEventDefinition/>"


@executed(
    "message event with a form: an optional task",
    zh="带表单的消息事件：可办可不办的一步，由人填写表单触发",
    en="a message event with a form is a task that nobody need do: a person brings it about",
)
def a_person_brings_it_about(way: Way) -> None:
    add = boundary(
        "add", "body", BY_HAND, interrupting=False, form="note", groups="clerk@{n}", outputs={"extra": "note"}
    )
    stop = boundary("stop", "body", BY_HAND, form="note", groups="head@office", outputs={"why": "note + outcome"})
    one = a_diagram("start -> work -> done", id="one")
    for host in (
        user("body"),
        inside("body", "b -> work -> o"),
        call("body", "one"),
        inside("body", "b -> work -> o", each=each_of("items", "item")),
    ):
        flows = f"start -> {host.id} -> done; add -> tell -> told; stop -> mend -> mended"
        program = a_program(a_diagram(flows, host, add, stop, service("tell", "notify", what="extra")), one)
        case = Case(program, way, n="u1", items=[1, 2])
        assert (case.optional, case.awaited, case.step.timers) == (["add", "stop"], [], ())
        assert [group.unit for group in case.task("add").groups] == ["u1"]
        for note in ("first", "second"):
            before = case.task("add")
            case.do("add", note=note)
            assert (case.asked[-1].inputs, case.optional) == ({"what": note}, ["add", "stop"])
            with pytest.raises(NotOpen):
                complete(program, case._state, before.id, {}, "submit", case.world)
        with pytest.raises(NotAwaited):
            case.deliver("stop")
        case.do("stop", "now", note="because ")
        assert (case.open, case.optional, case.values("mend")["why"]) == (["mend"], [], "because now")
        assert case.do("mend").ended == "mended"
        case = Case(program, way, n="u1", items=[1])
        while case.open:
            case.do(case.open[0])
        assert (case.ended, case.optional) == ("done", [])
