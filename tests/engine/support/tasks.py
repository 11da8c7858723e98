"""Tasks: people, verbs, tables, messages."""

from __future__ import annotations

import pytest

from engine.run import NotAsked, Uncaught, answer
from tests.engine.support.rows import around, executed, refused
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_program,
    a_table,
    about,
    after,
    boundary,
    drawn,
    end,
    inside,
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


refused("unsupported_element", around(Node("odd", "task")), "task", zh="未定类型的任务", en="an abstract task")
refused("unsupported_element", around(Node("odd", "manualTask")), "manualTask", zh="手工任务", en="a manual task")
refused(
    "script",
    around(script("odd", "x")),
    "scriptTask",
    "script",
    "script, listener, program class",
    zh="脚本任务",
    en="a script task",
)
