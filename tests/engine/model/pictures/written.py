"""What a sample writes at each place of its drawing without a picture of its own: forms, limits, conditions, times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from lxml import etree

from tests.engine.model.test_lint import KNOWN
from web.drawing.reading import BPMNDI, MODEL

Written: TypeAlias = Mapping[str, tuple[str, ...]]

PROCESS = ""  # the place of what belongs to no shape
NAME, LENGTH, FILE, BUTTONS = "名称", "字数", "文件", "按钮"
BESIDE = frozenset({NAME, LENGTH, FILE, BUTTONS})  # told only where a page asks for them
LABELS = {
    "assignee": "办理人",
    "calledElement": "调用的流程",
    "candidateGroups": "岗位",
    "class": "程序",
    "collection": "集合",
    "condition": "条件",
    "conditionExpression": "条件",
    "decisionRef": "决策",
    "default": "默认连线",
    "dueDate": "时限",
    "elementVariable": "元素变量",
    "errorRef": "错误",
    "executionListener": "监听器",
    "failedJobRetryTimeCycle": "重试",
    "formKey": "表单",
    "id": "编号",
    "inputParameter": "输入",
    "isExecutable": "可执行",
    "loopMaximum": "最多次数",
    "mapDecisionResult": "取法",
    "messageRef": "消息",
    "name": NAME,
    "outputParameter": "输出",
    "property": "属性",
    "resultVariable": "结果变量",
    "signalRef": "信号",
    "script": "脚本",
    "taskListener": "监听器",
    "timeCycle": "周期",
    "timeDate": "时刻",
    "timeDuration": "时长",
    "topic": "动作",
    "type": "任务类型",
}
_WHOLE = frozenset({"taskListener", "executionListener", "potentialOwner"})  # one detail each, with all they hold
_DRAWN = frozenset({"sourceRef", "targetRef", "attachedToRef", "cancelActivity", "triggeredByEvent"})
_NOT_TOLD = frozenset({"incoming", "outgoing", "documentation", "text", "laneSet"})
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LONGEST = 60


def written_in(sample: bytes) -> dict[str, Written]:
    """Place → label → what is written there; a place is all that has a shape or an edge, and the process."""
    root = etree.fromstring(sample)
    drawn = {node.get("bpmnElement") for plane in root.iter(f"{BPMNDI}BPMNPlane") for node in plane}
    process = root.find(f"{MODEL}process")
    if process is None:
        return {}
    places = {node.get("id", ""): _told(node, drawn) for node in process.iter(f"{MODEL}*") if node.get("id") in drawn}
    return {**places, PROCESS: {FILE: ("sample.bpmn",), **_told(process, drawn)}}


def _told(node: etree._Element, drawn: set[str | None]) -> Written:
    told: dict[str, list[str]] = defaultdict(list)
    for label, value in _details(node, drawn):
        told[label].append(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
        if label == LABELS["formKey"] and value in KNOWN.forms:
            told[BUTTONS] += sorted(KNOWN.forms[value][1])
    if NAME in told:
        told[LENGTH].append(str(len(node.get("name", ""))))
    return {label: tuple(values) for label, values in told.items()}


def _details(node: etree._Element, drawn: set[str | None]) -> Iterator[tuple[str, str]]:
    for attribute, value in node.attrib.items():
        if _local(attribute) not in _DRAWN and attribute != _TYPE:
            yield _label(attribute), value
    for child in node:
        if isinstance(child.tag, str) and child.get("id") not in drawn and _local(child.tag) not in _NOT_TOLD:
            yield from _within(child, drawn)


def _within(child: etree._Element, drawn: set[str | None]) -> Iterator[tuple[str, str]]:
    """A part of a place: a named part is one detail, any other is its text and all it holds."""
    tag, text = _local(child.tag), " ".join((child.text or "").split())
    if tag in _WHOLE:
        yield _label(tag), " ".join([*"".join(child.itertext()).split(), *_values(child)])
    elif child.get("name"):
        yield f"{_label(tag)} {child.get('name')}", child.get("value") or text
    else:
        yield from [(_label(tag), text)] if text else []
        yield from ((label, value) for label, value in _details(child, drawn) if label != LABELS["id"])


def _values(part: etree._Element) -> list[str]:
    return [str(value) for attribute, value in part.attrib.items() if attribute != "id"]


def _label(name: str) -> str:
    return LABELS.get(_local(name), _local(name))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
