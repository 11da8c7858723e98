"""Builds what SpiffWorkflow executes from what the linter judged: one reading of a diagram for both.

Nodes first, flows second, in the order of the file and without recursion, however long the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.errors import Rejected
from engine.model.diagram import ACTIVITIES, SUB_PROCESSES, Element, Flow, Process
from engine.spiff.events import (
    BoundaryEvent,
    ByPerson,
    CatchEvent,
    EventGateway,
    Split,
    TerminateEvent,
    ThrowEvent,
    Trigger,
    disarm,
)
from engine.spiff.gateways import Choice, EndJoin, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.spiff.messages import named
from engine.spiff.node import Node
from engine.spiff.repetition import Again, EachAtOnce, EachInTurn
from engine.spiff.rising import Raised
from engine.spiff.scopes import CallProcess, End, Start, SubProcess
from engine.spiff.tasks import AskVerb, DecideRule, UserTask
from engine.spiff.timers import Clock


class NotExecutable(Rejected):
    """The diagrams of this folder cannot be executed."""

    code = "not_executable"
    message = "流程图无法执行：{why}"
    advice = "请先用“检查”列出全部问题，修正后再发布。"


_NODES: dict[str, type[Node]] = {
    "userTask": UserTask,
    "serviceTask": AskVerb,
    "businessRuleTask": DecideRule,
    "sendTask": ThrowEvent,
    "receiveTask": CatchEvent,
    "callActivity": CallProcess,
    "subProcess": SubProcess,
    "exclusiveGateway": ExclusiveGateway,
    "inclusiveGateway": InclusiveGateway,
    "parallelGateway": ParallelGateway,
    "eventBasedGateway": EventGateway,
    "startEvent": CatchEvent,
    "intermediateCatchEvent": CatchEvent,
    "intermediateThrowEvent": ThrowEvent,
    "endEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
}
_RISING = ("error", "escalation")
_SPLITTING = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway")


class ScopeSpec(BpmnProcessSpec):
    """The executable form of a process or an embedded sub-process. `objects` are the data objects drawn in it."""

    def __init__(self, name: str, objects: frozenset[str]) -> None:
        """Only the library's own nodes yet; cases of earlier versions know them by these names."""
        super().__init__(name=name)
        self.objects = objects
        self.task_specs.clear()
        self.start = Start(self, "Start")
        self.end = EndJoin(self, f"{name}.EndJoin")
        self.end.connect(End(self, "End"))


def build(process: Process) -> Iterator[ScopeSpec]:
    """The executable form of a process and of every sub-process in it; raises NotExecutable."""
    if not process.executable:
        raise NotExecutable(why=f"“{process.name or process.id}”没有标为可执行")
    for scope in process.scopes:
        yield _Builder(process, scope).build()


class _Builder:
    """Builds one scope."""

    def __init__(self, process: Process, scope: str | None) -> None:
        self.process, self.scope = process, scope
        objects = frozenset(id_ for id_, within in process.data_objects if within == scope)
        self.spec = ScopeSpec(scope or process.id, objects)
        self.elements = process.inside(scope)

    def build(self) -> ScopeSpec:
        if not any(element.kind == "startEvent" for element in self.elements):
            raise NotExecutable(why=f"“{self.spec.name}”没有开始事件")
        for element in self.elements:
            self._add(element)
        for element in self.elements:
            if element.kind == "boundaryEvent":
                self._attach(element)
        for flow in self.process.flows:
            if flow.scope == self.scope:
                self._connect(flow)
        for element in self.elements:
            self._check_ways(element)
        return self.spec

    # -- nodes

    def _add(self, element: Element) -> None:
        if not element.id or element.id in self.spec.task_specs:
            raise NotExecutable(why=f"编号“{element.id}”重复、缺失或保留")
        repeated = element.multi_instance or element.loop
        if repeated and element.kind not in ACTIVITIES:
            raise NotExecutable(why=f"“{element.name or element.id}”不是活动，不能重复")
        node = self._node(element, f"{element.id} [child]" if repeated else element.id)
        if repeated:
            kind = EachAtOnce if element.multi_instance else Again
            kind = EachInTurn if element.multi_instance and element.multi_instance.sequential else kind
            if element.multi_instance and element.multi_instance.output_collection:
                node.own = frozenset({element.multi_instance.output_element})
            node = kind(self.spec, element.id, node, bpmn_name=element.name)
            node.element = element
        node.reads, node.writes = element.reads, element.writes
        if element.kind == "startEvent":
            self.spec.start.connect(node)
        if element.kind == "endEvent":
            node.connect(self.spec.end)

    def _node(self, element: Element, name: str) -> Node:
        kind = (
            TerminateEvent
            if element.kind == "endEvent" and element.has_event("terminate")
            else _NODES.get(element.kind)
        )
        if kind is None:
            raise NotExecutable(why=f"没有实现“{element.kind}”（{element.name or element.id}）")
        given: dict[str, Any] = {"bpmn_name": element.name}
        if issubclass(kind, SubProcess | CallProcess):
            given["subworkflow_spec"] = element.id if kind is SubProcess else element.called_element
        node = kind(self.spec, name, **given)
        node.element = element
        if isinstance(node, ThrowEvent):
            node.what = named(element) or self._raised(element)
        elif isinstance(node, CatchEvent) and element.kind != "startEvent" and (trigger := self._trigger(element)):
            node.triggers[element.id] = (element, trigger)
        return node

    def _trigger(self, element: Element) -> Trigger | None:
        timer = next((event.timer for event in element.events if event.timer), None)
        if timer:
            return Clock(timer.text, repeats=timer.kind == "timeCycle")
        if element.is_optional:
            return ByPerson()
        return named(element) or self._raised(element)

    @staticmethod
    def _raised(element: Element) -> Raised | None:
        found = next((event for event in element.events if event.kind in _RISING), None)
        return Raised(found.kind, found.code or found.name) if found else None

    def _attach(self, event: Element) -> None:
        """Put a split before the activity, so that its boundary events are armed with it."""
        host, node = self.spec.task_specs.get(event.attached_to or ""), self.spec.task_specs[event.id]
        if host is None or not node.triggers:
            raise NotExecutable(why=f"边界事件“{event.name or event.id}”没有附着在活动上，或没有写明等待什么")
        node.interrupting = event.cancel_activity
        split = self.spec.task_specs.get(split_before(host.name))
        if split is None:
            split = Split(self.spec, split_before(host.name))
            split.connect(host)
            host.completed_event.connect(disarm)
        split.connect(node)

    # -- flows

    def _connect(self, flow: Flow) -> None:
        source, target = self.spec.task_specs.get(flow.source), self.spec.task_specs.get(flow.target)
        if not (isinstance(source, Node) and isinstance(target, Node)):
            raise NotExecutable(why=f"连线“{flow.id}”没有接好")
        target = self.spec.task_specs.get(split_before(flow.target), target)
        if isinstance(source, Choice):
            self._lead(source, flow, target)
        else:
            source.connect(target)
        if isinstance(source, EventGateway):
            self._wait_for(source, target)

    def _lead(self, source: Choice, flow: Flow, target: Node) -> None:
        only_way = sum(each.source == flow.source for each in self.process.flows) == 1
        is_default = flow.id == source.element.default or (only_way and not flow.condition)
        if not is_default and not flow.condition:
            raise NotExecutable(why=f"连线“{flow.id}”没有条件，也不是默认连线")
        source.lead(None if is_default else flow.condition, target)

    @staticmethod
    def _wait_for(gateway: EventGateway, target: Node) -> None:
        """The gateway waits in place of the event behind it, which then lets the token pass."""
        if not isinstance(target, CatchEvent) or not target.triggers:
            raise NotExecutable(why=f"事件网关“{gateway.name}”之后只能是等待的事件")
        if target.is_optional:
            raise NotExecutable(why=f"事件网关“{gateway.name}”之后不能是由人办的事件")
        gateway.triggers |= target.triggers
        target.triggers = {}

    def _check_ways(self, element: Element) -> None:
        ways = sum(flow.source == element.id for flow in self.process.flows)
        if ways > 1 and element.kind not in _SPLITTING:
            raise NotExecutable(why=f"“{element.name or element.id}”之后有多条连线")
        if element.kind in SUB_PROCESSES and element.triggered_by_event:
            raise NotExecutable(why=f"没有实现事件子流程（{element.name or element.id}）")


def split_before(name: str) -> str:
    """The name of the node before an activity that has boundary events."""
    return f"{name}.BoundaryEventSplit"
