"""What may follow what: where a clock stands after its events, or the refusal of the first impossible one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.time.clock_errors import (
    AlreadyPaused,
    ClockDisordered,
    ClockStopped,
    NotHeld,
    NothingToChange,
    NotPaused,
    NotStartedOnce,
)
from engine.time.events import WORDS, Event, LimitChanged, Paused, Resumed, Started, Stopped, Transferred


class ClockState(StrEnum):
    """What a clock is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


AFTER: dict[type[Event], ClockState] = {
    Started: ClockState.RUNNING,
    Paused: ClockState.PAUSED,
    Resumed: ClockState.RUNNING,
    Stopped: ClockState.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clock stands: `since` is when it got into this state, `last` when anything happened last."""

    started: Started
    state: ClockState
    since: datetime
    holder: str
    last: datetime

    def expect(self, at: datetime, what: str) -> None:
        """Raise `ClockDisordered` if an instant lies before the last event; `what` names it in Chinese."""
        if at < self.last:
            raise ClockDisordered(what=what, at=say(at), last=say(self.last))


def standings(events: Sequence[Event]) -> Iterator[Standing]:
    """Where the clock of these events stands after each of them; raises what `Clock` says it does."""
    if not events or not isinstance(events[0], Started):
        raise NotStartedOnce
    first = events[0]
    stands = Standing(first, ClockState.RUNNING, first.at, first.holder, first.at)
    yield stands
    for event in events[1:]:
        _refuse_the_impossible(stands, event)
        stands = _after(stands, event)
        yield stands


def _after(stands: Standing, event: Event) -> Standing:
    state = AFTER.get(type(event), stands.state)
    since = event.at if type(event) in AFTER else stands.since
    holder = event.to_holder if isinstance(event, Transferred) else stands.holder
    return Standing(stands.started, state, since, holder, event.at)


def _refuse_the_impossible(stands: Standing, event: Event) -> None:
    if isinstance(event, Started):
        raise NotStartedOnce
    if stands.state is ClockState.STOPPED:
        raise ClockStopped(what=WORDS[type(event)], since=say(stands.since))
    if isinstance(event, Paused) and stands.state is ClockState.PAUSED:
        raise AlreadyPaused(since=say(stands.since))
    if isinstance(event, Resumed) and stands.state is not ClockState.PAUSED:
        raise NotPaused
    if isinstance(event, Transferred) and event.from_holder != stands.holder:
        raise NotHeld(holder=stands.holder, giver=event.from_holder)
    if isinstance(event, LimitChanged) and not isinstance(stands.started.limit, str):
        raise NothingToChange
    stands.expect(event.at, WORDS[type(event)])


def say(at: datetime) -> str:
    """2026年9月30日 15:20."""
    return f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"
