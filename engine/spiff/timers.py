"""Timers on our clock: moments come from FEEL or ISO 8601, `now` comes from the world, never from the machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.spiff.expressions import DiagramFault, as_instant, name_of

Due: TypeAlias = str | dict[str, Any]
"""What a case keeps of a timer: an instant, or {"next", "every", "cycles"} if it comes again (-1: for ever)."""

_ISO = re.compile(r"^(R\d*/.+|P[\dYMWDTHS.]+|\d{4}-\d\d-\d\dT\S+)$")
_CYCLE = re.compile(r"R(\d{0,9})/(?:(\d{4}-[^/]+)/)?([^/]+)")


@dataclass(frozen=True)
class Clock:
    """A timer as drawn: `text` is an instant, a duration, a cycle (R3/PT1H, R/2026-09-08T09:00:00Z/P1D), or FEEL."""

    text: str
    repeats: bool

    def arm(self, task: Any) -> Due:
        """What it waits for, counted from now."""
        now = task.workflow.top_workflow.world.now
        value = self._value(task)
        return _cycle(value, now, task) if self.repeats else _moment(value, now, task).isoformat()

    def _value(self, task: Any) -> object:
        text = self.text.strip()
        return text if _ISO.match(text) else task.workflow.script_engine.evaluate(task, text)


def due_at(due: Due) -> datetime:
    """The instant at which it is next due."""
    return datetime.fromisoformat(due["next"] if isinstance(due, dict) else due)


def due_again(due: Due, now: datetime, task: Any) -> Due | None:
    """What remains to wait for after it fired; None when it does not come again.

    After a pause of the service the missed rounds count, but fire once.
    """
    if not isinstance(due, dict):
        return None
    first, every = due_at(due), due["every"]
    rounds = _missed(first, every, now, task) + 1
    if 0 < due["cycles"] <= rounds:
        return None
    left = due["cycles"] - rounds if due["cycles"] > 0 else due["cycles"]
    return {"next": _later(first, every, rounds, task).isoformat(), "every": every, "cycles": left}


def _cycle(value: object, now: datetime, task: Any) -> Due:
    match = _CYCLE.fullmatch(str(value))
    if match is None:
        raise DiagramFault(where=name_of(task), why=f"“{value}”不是循环定时（例如 R3/PT24H）")
    times, begin, every = match[1], match[2], match[3]
    if _duration(every, now, task) < timedelta(seconds=1):
        raise DiagramFault(where=name_of(task), why=f"“{value}”的间隔应不短于一秒")
    if times and int(times) == 0:
        raise DiagramFault(where=name_of(task), why=f"“{value}”一次也不会触发")
    first = as_instant(begin, task) if begin else _later(now, every, 1, task)
    return {"next": first.isoformat(), "every": every, "cycles": int(times) if times else -1}


def _missed(first: datetime, every: str, now: datetime, task: Any) -> int:
    """How many rounds after the first lie in the past; months and years have no fixed length and are counted out."""
    if first > now:
        return 0
    if not re.match(r"P[^T]*[YM]", every):
        return (now - first) // _duration(every, first, task)
    missed = 0
    while _later(first, every, missed + 1, task) <= now:
        missed += 1
    return missed


def _later(first: datetime, every: str, rounds: int, task: Any) -> datetime:
    """The moment `rounds` intervals after the first."""
    try:
        if not re.match(r"P[^T]*[YM]", every):
            return first + rounds * _duration(every, first, task)
        for _ in range(rounds):
            first += _duration(every, first, task)
        return first
    except OverflowError as error:
        raise DiagramFault(where=name_of(task), why=f"“{every}”太长，超出了日历") from error


def _moment(value: object, now: datetime, task: Any) -> datetime:
    if not isinstance(value, timedelta) and not (isinstance(value, str) and value.startswith("P")):
        return as_instant(value, task)
    try:
        return now + _duration(value, now, task)
    except OverflowError as error:
        raise DiagramFault(where=name_of(task), why=f"“{value}”太长，超出了日历") from error


def _duration(value: object, now: datetime, task: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    try:
        parsed = TimerEventDefinition.parse_iso_duration(str(value))
        return TimerEventDefinition.get_timedelta_from_start(parsed, now)
    except Exception as error:  # the library raises bare Exception for a malformed duration
        raise DiagramFault(where=name_of(task), why=f"“{value}”不是时长（例如 P1D、PT2H）") from error
