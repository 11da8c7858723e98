"""The pauses of a clock as its events tell them: from when to when, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.time.calendar import Calendar
from engine.time.clock import Clock
from engine.time.events import Paused, Resumed
from engine.time.stretch import Stretch


@dataclass(frozen=True, slots=True)
class Hold:
    """One pause; `goes_on` when nobody has resumed it, so that its span ends with the moment that was asked about."""

    span: Stretch
    reason: str
    goes_on: bool


def holds(clock: Clock, until: datetime, calendar: Calendar) -> tuple[Hold, ...]:
    """The pauses up to an instant, earliest first, in the calendar's zone and to the minute."""
    return tuple(_holds(clock, until, calendar))


def _holds(clock: Clock, until: datetime, calendar: Calendar) -> Iterator[Hold]:
    paused: Paused | None = None
    for event in clock.events:
        if isinstance(event, Paused):
            paused = event
        elif isinstance(event, Resumed) and paused:
            yield Hold(_span(paused.at, event.at, calendar), paused.reason, goes_on=False)
            paused = None
    if paused:
        yield Hold(_span(paused.at, until, calendar), paused.reason, goes_on=True)


def _span(begins: datetime, ends: datetime, calendar: Calendar) -> Stretch:
    return Stretch(calendar.to_the_minute(begins), calendar.to_the_minute(ends))
