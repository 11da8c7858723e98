"""The same diagrams on plain SpiffWorkflow: its parser, its workflow, its JSON. What anyone would write first.

Only what the library cannot read is put in its own words: conditions and variables in Python, timers quoted, the
collection of the multi-instance as BPMN writes it; rule and service tasks become scripts that do nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.model import Files

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
_IN_PYTHON = {
    "responder.led_by_leader": 'responder["led_by_leader"]',
    "count(": "len(",
    " = ": " == ",
    "true": "True",
    "false": "False",
}
_SCRIPTS = {"responder": 'responder = {"posts": ["deputy_head", "section_head"], "led_by_leader": False}'}


class PlainCase:
    """A case on the library alone, played to a step and kept as its JSON."""

    def __init__(self, files: Files, process: str = "whistle", values: Mapping[str, Any] | None = None) -> None:
        parser = BpmnParser()
        for name, raw in files.items():
            if name.endswith(".bpmn"):
                parser.add_bpmn_xml(_plain(raw), filename=name)
        self._serializer = BpmnWorkflowSerializer()
        self._workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
        self._workflow.task_tree.set_data(**(values or {}))
        self._workflow.do_engine_steps()

    def act(self, step: str, unit: str, values: Mapping[str, Any]) -> None:
        """Complete the open task of a step (in the branch of a unit)."""
        _complete(self._workflow, step, unit, values)

    def kept(self) -> str:
        """The case as text."""
        return str(self._serializer.serialize_json(self._workflow))

    def load_complete_save(self, kept: str, step: str, unit: str) -> str:
        """What one request does: everything from text, one task, everything to text."""
        workflow = self._serializer.deserialize_json(kept)
        _complete(workflow, step, unit, {"handling": "submit"})
        return str(self._serializer.serialize_json(workflow))


def _complete(workflow: BpmnWorkflow, step: str, unit: str, values: Mapping[str, Any]) -> None:
    task = next(each for each in _open(workflow) if each.task_spec.name == step and _is_of(each, unit))
    task.data.update(values)
    task.run()
    workflow.refresh_waiting_tasks()
    workflow.do_engine_steps()


def _open(workflow: BpmnWorkflow) -> list[Task]:
    return list(workflow.get_tasks(state=TaskState.READY, manual=True))


def _is_of(task: Task, unit: str) -> bool:
    return not unit or task.data.get("responder_unit", {}).get("unit") == unit


def _plain(raw: bytes) -> etree._Element:
    root = etree.fromstring(raw)
    for element in list(root.iter(f"{{{_BPMN}}}*")):
        _reword(element)
    for element in root.iter(f"{{{_BPMN}}}*"):
        for name in [name for name in element.attrib if name.startswith(_CAMUNDA)]:
            del element.attrib[name]
    return root


def _reword(element: etree._Element) -> None:
    tag = etree.QName(element).localname
    if tag in ("extensionElements", "documentation"):
        element.getparent().remove(element)
    elif tag == "conditionExpression":
        for feel, python in _IN_PYTHON.items():
            element.text = (element.text or "").replace(feel, python)
    elif tag in ("businessRuleTask", "serviceTask"):
        element.tag = f"{{{_BPMN}}}scriptTask"
        etree.SubElement(element, f"{{{_BPMN}}}script").text = _SCRIPTS.get(element.get("id", ""), "pass")
    elif tag == "timeDuration":
        element.text = f'"{element.text}"'
    elif tag == "timeDate":
        element.text = '"2099-01-01T00:00:00+08:00"'
    elif tag == "multiInstanceLoopCharacteristics":
        etree.SubElement(element, f"{{{_BPMN}}}loopDataInputRef").text = element.get(f"{_CAMUNDA}collection")
        variable = element.get(f"{_CAMUNDA}elementVariable", "")
        etree.SubElement(element, f"{{{_BPMN}}}inputDataItem", id=variable, name=variable)
