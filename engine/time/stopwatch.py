"""Who used the time: how long each holder had the matter, waits taken out, no minute counted twice for anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise

from engine.time.calendar import Calendar
from engine.time.clock import Clock
from engine.time.clock_errors import ClockDisordered
from engine.time.limit import Measure
from engine.time.order import ClockState, say, standings
from engine.time.pauses import MEASURED, Pauses
from engine.time.stretch import Stretch, merged
from engine.time.wording import Teller, say_elapsed, say_length


@dataclass(frozen=True, slots=True)
class Held:
    """A holder had the matter from `begins` until `ends` (None: still); `waits` if only for an answer from outside.

    Instants are timezone-aware. Raises `ClockDisordered` when it would end before it begins.
    """

    holder: str
    begins: datetime
    ends: datetime | None
    waits: bool = False

    def __post_init__(self) -> None:
        if self.ends and self.ends < self.begins:
            raise ClockDisordered(what="移交", at=say(self.ends), last=say(self.begins))


@dataclass(frozen=True, slots=True)
class Spent:
    """Time of the office, and time on the clock day and night."""

    working: timedelta
    clock: timedelta


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """What each holder used of the time and what each waited, in the order they came to the matter.

    `together` is the time in which anybody at all worked on it: those side by side count once, so it is at most the
    sum of `held`. The explanation has a line for each span and a sum for each holder.
    """

    held: Mapping[str, Spent]
    waited: Mapping[str, Spent]
    together: Spent
    explanation: tuple[str, ...]


def stopwatch(intervals: Iterable[Held], calendar: Calendar, now: datetime) -> Stopwatch:
    """The time of each holder up to `now` (timezone-aware), to the minute.

    Intervals of one holder may overlap, as two tasks side by side do: they are merged. A wait is taken out of whatever
    else its holder held meanwhile, and told apart.
    """
    had: dict[str, list[Stretch]] = defaultdict(list)
    waits: dict[str, list[Stretch]] = defaultdict(list)
    for each in sorted(intervals, key=lambda each: each.begins):
        (waits if each.waits else had)[each.holder].append(_span(each, calendar, now))
    waited = {holder: list(merged(spans)) for holder, spans in waits.items()}
    worked = {holder: _without(waited.get(holder, ()), spans) for holder, spans in had.items()}
    together = list(merged(chain.from_iterable(worked.values())))
    told = [*_tell(worked, "办理", calendar), *_tell(waited, "等待", calendar), _sum("总计", together, calendar)]
    return Stopwatch(
        {holder: _spent(spans, calendar) for holder, spans in worked.items()},
        {holder: _spent(spans, calendar) for holder, spans in waited.items()},
        _spent(together, calendar),
        tuple(told),
    )


def holdings(clock: Clock) -> Iterator[Held]:
    """Who held the work of a clock from when to when; its pauses are waits of whoever held it then."""
    stands = list(standings(clock.events))
    for now, then in pairwise([*stands, None]):
        if now and now.state is not ClockState.STOPPED:
            yield Held(now.holder, now.last, then.last if then else None, now.state is ClockState.PAUSED)


def _span(each: Held, calendar: Calendar, now: datetime) -> Stretch:
    ends = min(each.ends, now) if each.ends else now
    return Stretch(calendar.to_the_minute(each.begins), calendar.to_the_minute(ends))


def _without(waits: Iterable[Stretch], spans: Iterable[Stretch]) -> list[Stretch]:
    return list(Pauses(tuple(waits), frozenset()).cut(merged(spans)))


def _spent(spans: Sequence[Stretch], calendar: Calendar) -> Spent:
    working, clock = (
        sum((MEASURED[measure](calendar, span.begins, span.ends) for span in spans), timedelta()) for measure in Measure
    )
    return Spent(working, clock)


def _tell(spans: Mapping[str, Sequence[Stretch]], doing: str, calendar: Calendar) -> Iterator[str]:
    for holder, each in spans.items():
        for span in each:
            tell = Teller(span.begins)
            yield _sum(f"{holder}{doing} {tell.instant(span.begins)}—{tell.instant(span.ends)}", [span], calendar)
        if len(each) > 1:
            yield _sum(f"{holder}{doing} 合计", each, calendar)


def _sum(what: str, spans: Sequence[Stretch], calendar: Calendar) -> str:
    spent = _spent(spans, calendar)
    return f"{what}：工作时间{say_length(spent.working)}，昼夜{say_elapsed(spent.clock)}"
