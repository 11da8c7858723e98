"""Names an element as its drawer would, 用户任务“审核把关”（vet）, so that a sentence can be found on the drawing."""

from __future__ import annotations

from engine.model.checking import Remark
from engine.model.diagram import Diagram, Element, Flow, Lane, Process
from engine.model.findings import Finding, about_file

LONGEST_SENTENCE = 600

KINDS = {
    "startEvent": ("开始事件", "start event"),
    "endEvent": ("结束事件", "end event"),
    "intermediateCatchEvent": ("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": ("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": ("边界事件", "boundary event"),
    "task": ("任务", "task"),
    "userTask": ("用户任务", "user task"),
    "manualTask": ("手工任务", "manual task"),
    "scriptTask": ("脚本任务", "script task"),
    "serviceTask": ("服务任务", "service task"),
    "sendTask": ("发送任务", "send task"),
    "receiveTask": ("接收任务", "receive task"),
    "businessRuleTask": ("业务规则任务", "business rule task"),
    "subProcess": ("子流程", "sub-process"),
    "transaction": ("事务子流程", "transaction"),
    "adHocSubProcess": ("即席子流程", "ad-hoc sub-process"),
    "callActivity": ("调用活动", "call activity"),
    "exclusiveGateway": ("排他网关", "exclusive gateway"),
    "inclusiveGateway": ("包容网关", "inclusive gateway"),
    "parallelGateway": ("并行网关", "parallel gateway"),
    "eventBasedGateway": ("事件网关", "event-based gateway"),
    "complexGateway": ("复杂网关", "complex gateway"),
}


def finding_of(rule: str, diagram: Diagram, remark: Remark) -> Finding:
    """The whole finding: rule and file added, the sentence begun with the element's kind, name and id."""
    place = remark.place
    if place is None:
        return about_file(rule, diagram.file, remark.zh, remark.en)
    zh, en = name_of(place, diagram)
    return Finding(
        rule=rule,
        file=diagram.file,
        element_id=place.id,
        element_name=place.name,
        message_zh=_bounded(f"{diagram.file}：{zh}{remark.zh}"),
        message_en=_bounded(f"{diagram.file}: {en} {remark.en}"),
        severity=remark.severity,
    )


def name_of(place: Element | Flow | Lane | Process, diagram: Diagram) -> tuple[str, str]:
    """What to call the place, in Chinese and in English."""
    if isinstance(place, Flow):
        return _name_of_flow(place, diagram)
    zh, en = _kind_of(place)
    if not place.name:
        return f"未命名的{zh}（{place.id}）", f"unnamed {en} ({place.id})"
    return f"{zh}“{place.name}”（{place.id}）", f"{en} “{place.name}” ({place.id})"


def _bounded(sentence: str) -> str:
    """A name or expression may be endless; a sentence about it may not."""
    return sentence if len(sentence) <= LONGEST_SENTENCE else sentence[:LONGEST_SENTENCE] + "…"


def _name_of_flow(flow: Flow, diagram: Diagram) -> tuple[str, str]:
    names = {element.id: element.name or element.id for element in diagram.elements}
    source, target = names.get(flow.source, flow.source or "?"), names.get(flow.target, flow.target or "?")
    zh = f"连线{f'“{flow.name}”' if flow.name else ''}（{flow.id}，从“{source}”到“{target}”）"
    en = f"flow {f'“{flow.name}” ' if flow.name else ''}({flow.id}, from “{source}” to “{target}”)"
    return zh, en


def _kind_of(place: Element | Lane | Process) -> tuple[str, str]:
    if isinstance(place, Element):
        return KINDS.get(place.kind, (f"元素 {place.kind}", place.kind))
    return ("流程", "process") if isinstance(place, Process) else ("泳道", "lane")
