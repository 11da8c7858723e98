"""Pauses: the spans in which a clock does not run, and what they take from days and from stretches of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.time.calendar import Calendar
from engine.time.days import days_between
from engine.time.errors import OutOfReach
from engine.time.limit import Measure
from engine.time.stretch import Stretch, merged, take_first


@dataclass(frozen=True, slots=True)
class Pauses:
    """Spans apart from each other, earliest first, in the calendar's zone and to the minute.

    `days` are the dates that are given back: those with a paused minute in their office hours. A day off has the hours
    that a working day would have then, so that days are given back by one rule whatever they are.
    """

    spans: tuple[Stretch, ...]
    days: frozenset[date]

    @classmethod
    def on(cls, calendar: Calendar, spans: Iterable[Stretch]) -> Pauses:
        """The pauses and the dates of this calendar that they touch."""
        kept = tuple(merged(spans))
        return cls(kept, frozenset(day for span in kept for day in _touched(span, calendar)))

    def between(self, a: datetime, b: datetime) -> Iterator[Stretch]:
        """The parts of the pauses that lie between two instants."""
        for span in self.spans:
            if span.begins < b and span.ends > a:
                yield Stretch(max(span.begins, a), min(span.ends, b))

    def cut(self, stretches: Iterable[Stretch]) -> Iterator[Stretch]:
        """What is left of stretches, given and returned earliest first, when the pauses are taken out."""
        for stretch in stretches:
            begins = stretch.begins
            for gap in self.between(stretch.begins, stretch.ends):
                if begins < gap.begins:
                    yield Stretch(begins, gap.begins)
                begins = gap.ends
            if begins < stretch.ends:
                yield Stretch(begins, stretch.ends)

    def take(self, length: timedelta, start: datetime, measure: Measure, calendar: Calendar) -> list[Stretch]:
        """The pieces of running time that add up to a length (more than nothing) from an instant on."""
        if measure is Measure.OFFICE:
            return take_first(length, self.cut(calendar.stretches_after(start)))
        return [Stretch(calendar.local(each.begins), calendar.local(each.ends)) for each in self._elapse(length, start)]

    def _elapse(self, length: timedelta, start: datetime) -> list[Stretch]:
        """In UTC, where an hour is an hour even in the night when clocks are changed."""
        begins = start.astimezone(UTC)
        spans = tuple(Stretch(span.begins.astimezone(UTC), span.ends.astimezone(UTC)) for span in self.spans)
        paused = sum((span.length for span in spans), timedelta())
        try:
            return take_first(length, Pauses(spans, self.days).cut([Stretch(begins, begins + length + paused)]))
        except OverflowError as error:
            raise OutOfReach from error

    def around(self, at: datetime) -> Stretch | None:
        """The pause that began before this instant and ends after it."""
        return next((span for span in self.spans if span.begins < at < span.ends), None)

    def running(self, a: datetime, b: datetime, measure: Measure, calendar: Calendar) -> timedelta:
        """How long the clock ran between two instants; nothing when `b` is not after `a`."""
        if b <= a:
            return timedelta()
        return MEASURED[measure](calendar, a, b) - self.lost(a, b, measure, calendar)

    def lost(self, a: datetime, b: datetime, measure: Measure, calendar: Calendar) -> timedelta:
        """How long it was paused between two instants."""
        count = MEASURED[measure]
        return sum((count(calendar, gap.begins, gap.ends) for gap in self.between(a, b)), timedelta())


def _touched(span: Stretch, calendar: Calendar) -> Iterator[date]:
    first, last = span.begins.date(), span.ends.date()
    for day in days_between(first, last):
        if first < day < last or any(hours.within(span.begins, span.ends) for hours in calendar.hours_on(day)):
            yield day


MEASURED: dict[Measure, Callable[[Calendar, datetime, datetime], timedelta]] = {
    Measure.OFFICE: Calendar.open_time,
    Measure.CLOCK: lambda _, a, b: b.astimezone(UTC) - a.astimezone(UTC),
}
NO_PAUSES = Pauses((), frozenset())
