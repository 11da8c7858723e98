"""What FEEL may do with clocks: a process variable holds the clock as plain values, and each function gives the next.

    solving = start_clock("solve", "housing")
    solving = pause_clock(solving, "等上级批复")
    solving = extend_clock(resume_clock(solving), "5 working days", "县吹哨办", "办法第九条")

`transfer_clock(solving, "housing", "water")` passes it on; `change_clock(solving, date("2027-01-01"))` tells it of a
value of its limit that is in force since then. A user task whose limit is `{solving}` is due when that clock is, and
has no deadline while it is paused. `due_of(solving)` is that instant, for a timer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.time import Amount, Calendar, Clock, Limits, Paused, Resumed, Started, Stopped, Transferred, grant, reckon
from engine.time.events import Event, Extended, LimitChanged
from engine.values import plain

Written = list[dict[str, str]]


def clock_functions(limits: Limits, calendar: Calendar, now: Any) -> Mapping[str, Callable[..., object]]:
    """The functions by name, at one moment; a clock they cannot move raises the refusal that says why."""

    def then(clock: object, event: Event) -> Written:
        return Clock.read(plain(clock)).then(event).written()

    def extend(clock: object, extension: object, decided_by: object, clause: object = "") -> Written:
        granted = Extended(now, _extension(extension), str(decided_by), str(clause))
        return grant(Clock.read(plain(clock)), granted, limits, calendar).written()

    def due_of(clock: object) -> datetime | None:
        read = Clock.read(plain(clock))
        due = reckon(read, limits, calendar, max(now, read.events[-1].at)).due
        return due.at if due else None

    return {
        "start_clock": lambda limit, holder: Clock((Started(now, str(holder), "开始", _limit(limit)),)).written(),
        "pause_clock": lambda clock, reason: then(clock, Paused(now, str(reason))),
        "resume_clock": lambda clock: then(clock, Resumed(now)),
        "extend_clock": extend,
        "transfer_clock": lambda clock, giver, taker: then(clock, Transferred(now, str(giver), str(taker))),
        "change_clock": lambda clock, since: then(clock, LimitChanged(now, _date(since))),
        "stop_clock": lambda clock: then(clock, Stopped(now)),
        "due_of": due_of,
    }


def _limit(value: object) -> str | date:
    chosen = plain(value)
    return chosen if isinstance(chosen, date) else str(chosen)


def _date(value: object) -> date:
    """The day from which the changed limit is in force, as limits.toml has it."""
    since = plain(value)
    return since if isinstance(since, date) else date.fromisoformat(str(since))


def _extension(value: object) -> Amount | date:
    granted = plain(value)
    return granted if isinstance(granted, date) else Amount.read(str(granted))
