"""Which of a rule's samples its page shows: the first of either kind, unless the page is written about another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.engine.model.test_lint import SAMPLES


@dataclass(frozen=True)
class Shown:
    """The names of two samples, and what their notes tell at a place, where it is not just in what they differ."""

    wrong: str = ""
    right: str = ""
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_CONDITION, _OUTPUT = ("条件",), ("输出",)
_SHOWN = {
    "compensation": Shown("throw"),
    "complex_gateway": Shown(told={"choose": ()}),
    "condition_on_task_flow": Shown("on-task", told={"vet_to_end": _CONDITION, "choose_to_end": _CONDITION}),
    "conditional_event": Shown(told={"wait": _CONDITION}),
    "cycle_out_of_place": Shown(told={"pause": ("周期",), "late": ("周期",)}),
    "dangling_reference": Shown("no-target"),
    "dead_end": Shown("task-last"),
    "duplicate_id": Shown("two-steps", "two-steps", {"vet": ("编号",), "audit": ("编号",)}),
    "endless_loop": Shown("no-maximum"),
    "endless_start": Shown(told={"start": ("消息",), "tell": ("消息",)}),
    "event_gateway_target": Shown("task"),
    "event_without_definition": Shown("empty-catch", "message"),
    "executable_process": Shown("not-executable"),
    "feel_kinds": Shown("text-with-number", "text-with-text", {"vet": _OUTPUT, "choose_to_end": _CONDITION}),
    "feel_syntax": Shown("condition"),
    "file_name": Shown(told={"": ("文件", "编号")}),
    "flow_without_condition": Shown("missing"),
    "listener": Shown("task-listener"),
    "long_name": Shown("task", told={"vet": ("字数",)}),
    "missing_drawing": Shown("one-missing", told={"": ()}),
    "missing_name": Shown("task", told={"vet": ("名称",)}),
    "multi_instance_collection": Shown("no-collection", "on-a-task"),
    "multiple_events": Shown("two-definitions", told={"wait": ()}),
    "no_way_to_end": Shown(told={"vet": ()}),
    "orphan_node": Shown("loose-task"),
    "overlapping_conditions": Shown(
        "numbers-overlap", "numbers-apart", {"choose_to_a": _CONDITION, "choose_to_b": _CONDITION}
    ),
    "parallel_write": Shown("same", "different", {"a": _OUTPUT, "b": _OUTPUT}),
    "script": Shown("script-task", told={"vet": ("脚本", "输出")}),
    "snake_case_id": Shown("editor-made", told={"Event_0k3f": ("编号",), "start": ("编号",)}),
    "start_events": Shown("two", "one"),
    "starving_join": Shown("loop-into-split"),
    "task_without_fallback": Shown("alone", "one-of-two"),
    "task_without_limit": Shown("none", "limit"),
    "task_without_post": Shown("none", "post"),
    "timer_text": Shown("naive", "instant"),
    "uncaught_error": Shown("nobody-catches", told={"broken": ("错误",), "failed": ("错误",)}),
    "unknown_function": Shown("misspelt", "offered"),
    "unknown_limit": Shown("misspelt", "listed"),
    "unknown_outcome": Shown("misspelt", told={"vet": ("按钮",), "choose_to_end": _CONDITION}),
    "unknown_unit": Shown("misspelt", "listed"),
    "unread_outcome": Shown("two-left-over", told={"vet": ("按钮",), "choose_to_end": _CONDITION}),
    "unsupported_element": Shown("plain-task", told={"vet": ()}),
    "unsupported_part": Shown("potential-owner", told={"vet": ("potentialOwner",)}),
    "unwritten_name": Shown("misspelt", "written-before", {"vet": _OUTPUT, "choose_to_end": _CONDITION}),
}


@cache
def shown_on(rule: str) -> tuple[Path, Path, Mapping[str, tuple[str, ...]]]:
    """The wrong and the right sample of a rule's page, and what the notes are to tell."""
    shown = _SHOWN.get(rule, Shown())
    return _sample(rule, "invalid", shown.wrong), _sample(rule, "valid", shown.right), shown.told


def _sample(rule: str, kind: str, name: str) -> Path:
    return min((SAMPLES / rule).glob(f"{kind}-{name or '*'}.bpmn"))
