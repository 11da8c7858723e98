"""A clock: all that happened to one running limit, in order; only what can happen ever stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.time.clock_errors import ClockUnreadable
from engine.time.events import Event, Started, read_event, write_event
from engine.time.order import ClockState, Standing, standings


@dataclass(frozen=True, slots=True)
class Clock:
    """The events of one limit, the first of them `Started`; `then` adds the next.

    Raises `NotStartedOnce`, `ClockDisordered`, `ClockStopped`, `AlreadyPaused`, `NotPaused`, `NotHeld` or
    `NothingToChange` for events that cannot follow each other.
    """

    events: tuple[Event, ...]
    stands: Standing = field(init=False, compare=False, repr=False)
    """Its state, its holder and since when: what the events come to."""

    def __post_init__(self) -> None:
        *_, last = standings(self.events)
        object.__setattr__(self, "stands", last)

    def then(self, event: Event) -> Clock:
        """The clock with one more event, which must not lie before the last."""
        return Clock((*self.events, event))

    @property
    def started(self) -> Started:
        """How it began."""
        return self.stands.started

    @property
    def state(self) -> ClockState:
        """What it is doing since the last event."""
        return self.stands.state

    def written(self) -> list[dict[str, str]]:
        """The events as plain JSON, see `write_event`."""
        return [write_event(event) for event in self.events]

    @classmethod
    def read(cls, written: object) -> Clock:
        """The clock that `written` gave; raises `ClockUnreadable`, or as the constructor does."""
        if not isinstance(written, list):
            raise ClockUnreadable(written=written)
        return cls(tuple(read_event(each) for each in written))
