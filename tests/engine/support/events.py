"""Events: what is waited for, what is thrown, what interrupts, and what comes again and again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.run import NoSuchStart, NotAwaited, SeveralAwait, start
from tests.engine.support.rows import executed, refused
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    about,
    after,
    at,
    boundary,
    call,
    catch,
    drawn,
    each_of,
    end,
    every,
    inside,
    parallel,
    receive,
    service,
    throw,
)
from tests.kit.walks import Case, Way, a_world

HOUR = timedelta(hours=1)


@executed(
    "intermediateCatchEvent",
    "timer catch",
    "timerEventDefinition",
    zh="定时中间事件：时长、时刻、FEEL",
    en="a timer: duration, instant or FEEL",
)
def a_timer_is_waited_for(way: Way) -> None:
    for event in (after("PT2H"), at("2026-09-07T11:00:00+08:00"), at("now() + hours")):
        case = Case(drawn("start -> pause -> work -> done", catch("pause", event)), way, hours=2 * HOUR)
        assert (case.due, case.wait(hours=1).open, case.wait(hours=1).open) == ([2 * HOUR], [], ["work"])


@executed(
    "message catch",
    "signal catch",
    "signalEventDefinition",
    "signal",
    zh="等消息、等信号的中间事件",
    en="a message or signal is waited for",
)
def a_message_or_signal_is_waited_for(way: Way) -> None:
    for kind in ("message", "signal"):
        node = catch("wait", about(kind, "reply"), outputs={"answer": "text"})
        case = Case(drawn("start -> wait -> work -> done", node), way)
        with pytest.raises(NotAwaited):
            case.deliver("other", kind=kind)
        with pytest.raises(NotAwaited):
            case.deliver("reply", kind="signal" if kind == "message" else "message")
        assert case.deliver("reply", kind=kind, text="yes").values("work") == {"answer": "yes"}


@executed(
    "message for one of several instances",
    zh="同名消息按关联键交给一处；分不清就拒绝",
    en="of several that wait, the correlation key names the one; else it is refused",
)
def the_key_names_the_receiver(way: Way) -> None:
    for key, found in (("item", ["x", "y"]), ("", ["", ""])):
        wait = receive("wait", "reply", key=key)
        case = Case(
            drawn(
                "start -> all -> last -> done",
                inside("all", "b -> wait -> work -> o", wait, each=each_of("items", "item")),
            ),
            way,
            items=["x", "y"],
        )
        assert [wait.key for wait in case.step.awaited] == found
        if key:
            assert case.deliver("reply", key="y").task("work").values["item"] == "y"
            assert case.awaited == ["reply"]
        else:
            with pytest.raises(SeveralAwait):
                case.deliver("reply")


@executed(
    "none throw",
    "intermediateThrowEvent",
    zh="空的中间抛出事件只是经过",
    en="a throw event that throws nothing is just passed",
)
def a_milestone_is_passed(way: Way) -> None:
    assert Case(drawn("start -> half -> done", throw("half", "")), way).passed == ["start", "half", "done"]


@executed(
    "signal throw",
    "signal end",
    "signal to all",
    zh="信号：本事项所有等它的都收到，并送出事项",
    en="a signal reaches all that wait in the case, and leaves it",
)
def a_signal_reaches_all(way: Way) -> None:
    for ring in (
        throw("ring", about("signal", "bell"), tone='"high"'),
        end("ring", about("signal", "bell"), tone='"high"'),
    ):
        on = "ring -> rung" if ring.tag == "intermediateThrowEvent" else ""
        hears = catch("hear", about("signal", "bell"), outputs={"heard": "tone"})
        program = drawn(
            f"start -> split; split -> hear -> a -> e1; split -> b -> e2; cut -> c -> e3; split -> go -> ring; {on}",
            *parallel("split"),
            hears,
            boundary("cut", "b", about("signal", "bell")),
            ring,
        )
        case = Case(program, way).do("go")
        assert (case.open, case.values("a")) == (["a", "c"], {"heard": "high"})
        assert [(each.kind, each.name, each.values) for each in case.thrown] == [("signal", "bell", {"tone": "high"})]


_NAMED = (
    "<bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name='place'>place</camunda:outputParameter>"
    "</camunda:inputOutput></bpmn:extensionElements>"
)


@executed("message start", "signal start", zh="由消息或信号开始的流程", en="a process that a message or signal starts")
def a_message_or_signal_starts_a_case(way: Way) -> None:
    program = a_program(
        a_diagram(
            "start -> work; called -> answer -> work; rung -> hurry -> work; work -> done",
            Node("called", "startEvent", "", _NAMED + about("message", "call")),
            Node("rung", "startEvent", "", about("signal", "bell")),
        )
    )
    came = {"place": "东街", "secret": 1}
    for by, opened, values in (("", "work", {}), ("called", "answer", {"place": "东街"}), ("rung", "hurry", {})):
        (task,) = start(program, "main", {}, a_world(), by=by, payload=came).opened
        assert (task.step, task.values) == (opened, values)
    with pytest.raises(NoSuchStart):
        start(program, "main", {}, a_world(), by="nobody")


refused(
    "endless_start",
    a_diagram(
        "start -> odd -> done",
        Node("start", "startEvent", "", about("signal", "bell")),
        throw("odd", about("signal", "bell")),
    ),
    "message or signal start that sends itself",
    zh="一开始就又开始自己的流程",
    en="a process that begins its like at once",
)


@executed(
    "error end",
    "escalation boundary",
    "error from a called process",
    zh="错误、升级结束事件，也可来自被调用的流程",
    en="errors and escalations reach the border, from called processes too",
)
def an_error_rises_to_the_border(way: Way) -> None:
    for kind in ("error", "escalation"):
        broken = end("broken", about(kind, "no_money"))
        called = a_program(
            a_diagram(
                "start -> ask -> done; failed -> mend -> mended",
                call("ask", "one"),
                boundary("failed", "ask", about(kind, "no_money")),
            ),
            a_diagram("start -> body -> done", inside("body", "b -> work -> broken", broken), id="one"),
        )
        assert Case(called, way).do("work").do("mend").ended == "mended"
        any_code = drawn(
            "start -> body -> done; failed -> mend -> mended",
            inside("body", "b -> work -> broken", broken),
            boundary("failed", "body", about(kind)),
        )
        assert Case(any_code, way).do("work").open == ["mend"]


@executed(
    "error beside another activity",
    zh="错误只中断抛出它的活动，不碰旁边的",
    en="an error interrupts the activity it comes from, none beside it",
)
def an_error_stays_on_its_own_way_out(way: Way) -> None:
    def body(name: str) -> tuple[Node, Node]:
        within = inside(name, f"b_{name} -> work_{name} -> broken_{name}", end(f"broken_{name}", about("error", "bad")))
        return within, boundary(f"failed_{name}", name, about("error", "bad"))

    flows = "start -> split; " + "; ".join(
        f"split -> {name} -> done_{name}; failed_{name} -> mend_{name} -> mended_{name}" for name in "xy"
    )
    case = Case(drawn(flows, *parallel("split"), *body("x"), *body("y")), way).do("work_x")
    assert case.open == ["mend_x", "work_y"]


@executed(
    "escalation that nobody catches",
    zh="没人接收的升级不影响流程",
    en="an escalation that nobody catches stops nothing",
)
def an_unheard_escalation_stops_nothing(way: Way) -> None:
    within = inside("body", "b -> up -> work -> o", throw("up", about("escalation", "hard")))
    assert Case(drawn("start -> body -> done", within), way).do("work").ended == "done"


@executed(
    "terminate end",
    "terminateEventDefinition",
    "terminate in a sub-process",
    zh="终止结束事件结束它所在的一层",
    en="a terminate end ends its scope, and what runs inside",
)
def a_terminate_end_ends_its_scope(way: Way) -> None:
    flows = "{} -> split; split -> a -> stop; split -> deep -> {}"
    nodes = (
        *parallel("split"),
        end("stop", about("terminate")),
        inside("deep", "d -> all -> e", inside("all", "f -> b -> g", each=each_of("[1, 2]", "n"))),
    )
    whole = Case(drawn(flows.format("start", "done"), *nodes), way)
    assert whole.open == ["a", "b", "b"]
    assert (whole.do("a").ended, whole.open) == ("stop", [])
    part = Case(drawn("start -> body -> last -> done", inside("body", flows.format("i", "o"), *nodes)), way)
    assert part.do("a").open == ["last"]


refused(
    "uncaught_error",
    a_diagram("start -> work -> broken", end("broken", about("error", "bad"))),
    "error that nobody catches",
    zh="没人接收的错误",
    en="an error that nobody catches",
)
refused(
    "error_not_interrupting",
    a_diagram(
        "start -> work -> done; bad -> done",
        service("work", "x"),
        boundary("bad", "work", about("error", "bad"), interrupting=False),
    ),
    "boundary error without interrupting",
    zh="不中断的错误边界事件",
    en="an error boundary event that does not interrupt",
)
refused(
    "cycle_out_of_place",
    a_diagram("start -> pause -> done", catch("pause", every("R3/PT1H"))),
    "cycle elsewhere",
    zh="别处的循环定时",
    en="a cycle anywhere else",
)
refused(
    "start_events",
    a_diagram("start -> work -> done", Node("start", "startEvent", "", after("P1D"))),
    "timer start",
    zh="定时开始",
    en="a timer start",
)
refused(
    "start_events",
    a_diagram("start -> work -> done", Node("start", "startEvent", "", "<bpmn:conditionalEventDefinition/>")),
    "conditional start",
    zh="条件开始",
    en="a conditional start",
)


def odd_event(place: str, definition: str) -> str:
    """A diagram with this event definition in this place."""
    if place in ("boundary", "boundary beside"):
        return a_diagram(
            "start -> work -> done; odd -> done", boundary("odd", "work", definition, interrupting=place == "boundary")
        )
    if place in ("start", "end"):
        return a_diagram(
            f"{'odd' if place == 'start' else 'start'} -> work -> {'odd' if place == 'end' else 'done'}",
            Node("odd", f"{place}Event", "", definition),
        )
    return a_diagram("start -> odd -> done", Node("odd", f"intermediate{place.title()}Event", "", definition))


def refuse_event(rule: str, trigger: str, definition: str, places: str, *also: str, zh: str, en: str) -> None:
    for place in places.split(", "):
        refused(rule, odd_event(place, definition), f"{trigger} {place}", *also, zh=zh, en=en)


refuse_event(
    "compensation",
    "compensate",
    "<bpmn:compensateEventDefinition/>",
    "boundary, throw, end",
    "compensateEventDefinition",
    zh="补偿事件",
    en="compensation",
)
refuse_event(
    "cancel_event",
    "cancel",
    "<bpmn:cancelEventDefinition/>",
    "boundary, end",
    "cancelEventDefinition",
    zh="取消事件",
    en="a cancel event",
)
refuse_event(
    "conditional_event",
    "conditional",
    "<bpmn:conditionalEventDefinition/>",
    "catch, boundary, boundary beside",
    "conditionalEventDefinition",
    zh="条件事件",
    en="a conditional event",
)
refuse_event(
    "link_event",
    "link",
    '<bpmn:linkEventDefinition name="on"/>',
    "catch, throw",
    "linkEventDefinition",
    zh="链接事件",
    en="a link event",
)
refuse_event(
    "multiple_events",
    "multiple",
    about("signal", "a") + about("signal", "b"),
    "start, catch, boundary, boundary beside, throw, end",
    zh="多重事件",
    en="several events in one",
)
for where in ("start", "catch", "boundary", "boundary beside"):
    refused(
        "multiple_events",
        odd_event(where, about("signal", "a")).replace('id="odd"', 'id="odd" parallelMultiple="true"'),
        f"parallel multiple {where}",
        zh="并行多重事件",
        en="several events at once",
    )
