"""Timers on our clock: moments come from FEEL or ISO 8601, `now` comes from the world, never from the machine."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)

from engine.spiff.expressions import DiagramFault, as_instant, name_of

_ISO = re.compile(r"^(R\d*/.+|P[\dYMWDTHS.]+|\d{4}-\d\d-\d\dT\S+)$")


class DueTimer(TimeDateEventDefinition):
    """Fires once, at a date-time or after a duration; what is waited for is kept as an absolute instant."""

    def has_fired(self, my_task: Any) -> bool:
        """Whether the moment has come; the first call fixes the moment."""
        now = my_task.workflow.top_workflow.world.now
        due = my_task._get_internal_data("event_value")
        if due is None:
            due = _moment(_value(self.expression, my_task), now, my_task).isoformat()
            my_task._set_internal_data(event_value=due)
        if datetime.fromisoformat(due) <= now:
            my_task._set_internal_data(event_fired=True)
        return my_task._get_internal_data("event_fired", False)


class CycleTimer(CycleTimerEventDefinition):
    """Fires again and again (R3/PT1H, R/PT24H); after downtime the missed rounds count, but fire once."""

    def cycle_complete(self, my_task: Any) -> bool:
        """Whether a round is due now; moves on to the first round that lies ahead."""
        now = my_task.workflow.top_workflow.world.now
        cycle = my_task._get_internal_data("event_value") or self._begin(my_task, now)
        due = datetime.fromisoformat(cycle["next"])
        fires = cycle["cycles"] != 0 and due <= now
        if fires:
            missed = (now - due) // timedelta(seconds=cycle["duration"]) + 1
            rounds = missed if cycle["cycles"] < 0 else min(missed, cycle["cycles"])
            due += rounds * timedelta(seconds=cycle["duration"])
            cycle = {
                **cycle,
                "next": due.isoformat(),
                "cycles": cycle["cycles"] - (rounds if cycle["cycles"] > 0 else 0),
            }
        if cycle["cycles"] == 0 and not fires:
            my_task.internal_data.pop("event_value", None)
            my_task.internal_data["event_fired"] = True
        else:
            my_task._set_internal_data(event_value=cycle)
        return fires

    def _begin(self, my_task: Any, now: datetime) -> dict[str, Any]:
        text = _value(self.expression, my_task)
        match = re.fullmatch(r"R(\d{0,9})/(.+)", str(text))
        if match is None:
            raise DiagramFault(where=name_of(my_task), why=f"“{text}”不是循环定时（例如 R3/PT24H）")
        every = _duration(match[2], now, my_task)
        if every <= timedelta():
            raise DiagramFault(where=name_of(my_task), why=f"“{text}”的间隔应长于零")
        return {
            "cycles": int(match[1]) if match[1] else -1,
            "next": _moment(every, now, my_task).isoformat(),
            "duration": every.total_seconds(),
        }


def waiting_until(task: Any) -> datetime | None:
    """The instant at which a waiting task's timer is next due; None when it does not wait for a timer."""
    value = task.notes.get("event_value")
    if isinstance(value, dict):
        value = value["next"] if value["cycles"] != 0 else None
    return datetime.fromisoformat(value) if value else None


def is_due(task: Any, now: datetime) -> bool:
    """Whether a waiting task's moment has come; a cycle that is used up has only to be told so."""
    due = waiting_until(task)
    used_up = isinstance(task.notes.get("event_value"), dict) or task.notes.get("event_fired", False)
    return due <= now if due is not None else used_up


def _value(text: str, task: Any) -> object:
    text = text.strip()
    return text if _ISO.match(text) else task.workflow.script_engine.evaluate(task, text)


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
