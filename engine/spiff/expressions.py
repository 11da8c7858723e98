"""FEEL instead of the library's `eval`: every expression of a diagram goes through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.errors import Rejected
from engine.feel import FeelError, compile_expression
from engine.values import plain, to_bytes


class DiagramFault(Rejected):
    """The diagram could not be continued at this step; nothing was written."""

    code = "diagram_fault"
    message = "流程图在“{where}”处无法继续：{why}。没有保存任何内容。"
    advice = "请把本页截图发给流程管理员，修正流程图后再办理。"


class FeelEngine:
    """What the library calls its script engine: evaluates FEEL over a task's data, and can execute nothing."""

    def evaluate(self, task: Any, expression: str) -> object:
        """Value of `expression` over the data of `task`; raises DiagramFault with the element's name."""
        return evaluate(expression, task.data, world=task.workflow.top_workflow.world, where=name_of(task))


def name_of(task: Any) -> str:
    """What people call this node: its name on the diagram, else its id."""
    spec = task.task_spec
    return spec.bpmn_name or spec.bpmn_id or spec.name


def evaluate(text: str, values: Mapping[str, object], *, world: Any, where: str) -> object:
    """Evaluate a FEEL text over process variables, as plain JSON-like values; a missing name is a fault, not null."""
    try:
        expression = compile_expression(text)
        missing = sorted(expression.names - values.keys() - world.functions.keys())
        if missing:
            raise DiagramFault(where=where, why=f"表达式“{text}”用到尚未填写的变量 {'、'.join(missing)}")
        return _keepable(plain(expression.evaluate(values, functions=world.functions)))
    except (FeelError, TypeError) as error:  # TypeError: a range, a function or months, which no variable can hold
        raise DiagramFault(where=where, why=f"表达式“{text}”有误（{error}）") from error


def _keepable(value: object) -> object:
    """The value; raises FeelError for what cannot be kept: half a character (a lone surrogate), say."""
    if value.__class__ in _HOLD_TEXT:
        try:
            to_bytes(value)
        except TypeError as error:
            raise FeelError("结果里有不成字的编码，或嵌套过深", "half a character, or nested too deeply") from error
    return value


_HOLD_TEXT = (str, list, dict)


def decide(text: str, task: Any) -> bool:
    """Evaluate a flow condition: true or false; anything else (null, a number) is a fault, never a silent false."""
    value = task.workflow.script_engine.evaluate(task, text)
    if not isinstance(value, bool):
        raise DiagramFault(where=name_of(task), why=f"条件“{text}”的结果不是“是”或“否”")
    return value


def as_instant(value: object, task: Any) -> datetime:
    """A timer's moment: an aware date-time, as value or ISO text; null, as `due_of` gives it while paused, is none."""
    if value is None:
        raise DiagramFault(where=name_of(task), why="定时器的时刻是空的，例如时钟正在暂停，没有到期时间")
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise DiagramFault(where=name_of(task), why=f"定时器没有给出带时区的时刻，而是“{value}”")
    return moment
