"""What stands in attributes and references, and drawings that lead nowhere: none is passed over in silence."""

from __future__ import annotations

from tests.engine.support.data import beside_process
from tests.engine.support.rows import refused
from tests.kit.diagrams import Node, a_diagram, about, after, again, call, catch, each_of, end, receive, user

PLAIN = a_diagram("start -> work -> done")
TWO_TIMES = after("PT1H").replace("</bpmn:timerEventDefinition>", "<bpmn:timeDate/></bpmn:timerEventDefinition>")
BY_REFERENCE = '<bpmn:terminateEventDefinition id="all"/>'


def _refused(rule: str, diagram: str, name: str, zh: str) -> None:
    refused(rule, diagram, name, zh=zh, en=name)


_refused(
    "unsupported_part",
    a_diagram("start -> work -> odd", end("odd", "<bpmn:eventDefinitionRef>all</bpmn:eventDefinitionRef>")),
    "event definition by reference",
    "引用别处的事件定义",
)
_refused(
    "unsupported_part", beside_process(PLAIN, BY_REFERENCE), "event definition beside a process", "流程外的事件定义"
)
_refused(
    "unsupported_part",
    a_diagram("start -> odd -> done", Node("odd", "receiveTask", ' messageRef="m" instantiate="1"')),
    "receive task that starts a process",
    "启动流程的接收任务",
)
_refused(
    "unsupported_part",
    a_diagram(
        "start -> odd; odd -> late -> done; odd -> bell -> done2",
        Node("odd", "eventBasedGateway", ' instantiate="1"'),
        catch("late", after("P1D")),
        catch("bell", about("signal", "bell")),
    ),
    "event-based gateway: instantiating",
    "启动流程的事件网关",
)
_refused(
    "unsupported_part",
    a_diagram("start -> odd -> done", Node("odd", "userTask", ' startQuantity="2"')),
    "several tokens at once into or out of an activity",
    "一次几个令牌",
)
_refused(
    "unsupported_part",
    a_diagram("start -> odd -> done", user("odd", each=each_of("[1]", "item") + again(3))),
    "multi-instance and standard loop on one activity",
    "既多实例又循环",
)
_refused(
    "unsupported_part",
    a_diagram("start -> odd -> done", catch("odd", TWO_TIMES)),
    "timer with two times",
    "一个定时写了两个时间",
)
_refused(
    "unsupported_part",
    a_diagram("start -> work -> odd", end("odd", '<bpmn:dataInput id="i"/><bpmn:inputSet/>')),
    "data inputs and outputs of an event",
    "事件的数据输入输出",
)
_refused(
    "unsupported_part",
    beside_process(PLAIN, '<bpmn:extension mustUnderstand="true"/>'),
    "extension that must be understood",
    "必须理解的扩展",
)
_refused(
    "start_events", a_diagram("start -> work -> done; start2 -> work"), "several plain start events", "几个开始事件"
)
_refused("dead_end", a_diagram("start -> odd", receive("odd", "m")), "node that leads nowhere", "没有去向的步骤")
_refused(
    "orphan_node",
    a_diagram("start -> work -> done; odd -> done", Node("odd", "userTask")),
    "node that nothing leads to",
    "没有来路的步骤",
)
_refused(
    "timer_text",
    a_diagram("start -> odd -> done", catch("odd", after("2026-09-30T17:00:00", "timeDate"))),
    "instant without its offset from UTC",
    "没有时区的时刻",
)
_refused(
    "unknown_process",
    a_diagram("start -> odd -> done", call("odd", "nowhere")),
    "call activity: process that is not there",
    "调用不存在的流程",
)
