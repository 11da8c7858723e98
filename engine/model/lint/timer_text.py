"""A time the engine misreads is a deadline missed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, error
from engine.model.diagram import Diagram, Element, EventDefinition
from engine.model.timer_text import fault_of

FAULTS = {
    "missing": (
        '没有写明时间。请填写，例如 P2D 或 limit("respond")。',
        'has no time; give one, such as P2D or limit("respond").',
    ),
    "form": (
        "的时间“{text}”不符合 ISO 8601 或与类型不符。时刻如 2026-05-01T08:30:00+08:00，时长如 P2D，周期如 R3/PT1H。",
        "has the time “{text}”, which is not ISO 8601 of its kind; an instant is 2026-05-01T08:30:00+08:00, "
        "a duration P2D, a cycle R3/PT1H.",
    ),
    "naive": (
        "的时间“{text}”没有写明时区。请写成 2026-05-01T08:30:00+08:00 这样的完整时刻。",
        "has the time “{text}” without a time zone; write a full instant such as 2026-05-01T08:30:00+08:00.",
    ),
    "short": (
        "的周期“{text}”短于一分钟。请至少间隔一分钟。",
        "has the cycle “{text}”, shorter than a minute; use a minute or more.",
    ),
}


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """A timer is ISO 8601 with its zone, or FEEL."""
    for element in diagram.elements:
        for event in element.events:
            if event.kind == "timer":
                yield from _check_timer(element, event)


def _check_timer(element: Element, event: EventDefinition) -> Iterator[Remark]:
    kind, text = (event.timer.kind, event.timer.text) if event.timer else ("", "")
    if fault := fault_of(kind, text):
        zh, en = FAULTS[fault]
        yield error(element, zh.format(text=text[:80]), en.format(text=text[:80]))
