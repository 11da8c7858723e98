"""Where a clock stands: when it is due, what is used and what is left, and every line of the reasoning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.time.calendar import Calendar
from engine.time.chosen import instant_of
from engine.time.clock import Clock
from engine.time.clock_errors import NothingExtended
from engine.time.counting import Counting, Reached
from engine.time.deadlines import Deadline, caveat
from engine.time.events import Extended
from engine.time.holds import Hold, holds
from engine.time.limit import Amount, Measure
from engine.time.limits import Limits
from engine.time.order import ClockState, say
from engine.time.pauses import Pauses
from engine.time.plan import Plan, planned
from engine.time.telling import tell_events, tell_hold, tell_rules, tell_times


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A clock at an instant.

    `due` is None while it is paused and had not run out before: there is no deadline then. `used`, `left` and
    `overdue_by` are time in which it ran, of its `measure`: since it began, until it is due (while paused: if it
    resumed now), and since it was due. Of a stopped clock all is as it was then. `calendar_version` names the
    calendar that was used.
    """

    state: ClockState
    due: Deadline | None
    used: timedelta
    left: timedelta
    overdue_by: timedelta
    measure: Measure
    explanation: tuple[str, ...]
    calendar_version: str

    @property
    def provisional(self) -> bool:
        """Must it be counted again once more of the calendar is published?"""
        return self.due is not None and self.due.provisional


def reckon(clock: Clock, limits: Limits, calendar: Calendar, now: datetime) -> Reckoned:
    """Where the clock stands at `now` (timezone-aware), by these limits and this calendar; both may be newer than it.

    What a pause means (docs/decisions/0015):

    - Working hours and minutes: paused office time does not count.
    - Hours and minutes: paused time does not count, day or night.
    - Working days, calendar days, weeks and months: a day with a paused minute in its office hours does not count;
      months are first made days by the calendar. An end on a day off moves to a working day that was not paused.
    - A chosen end: see `give_back`.

    An extension goes on from the end before it, by the same rules. What a transfer and a new value do: see `planned`.
    Nothing after the end moves it, but an extension does.

    Raises `ClockDisordered` if `now` lies before the last event, and as `planned` and `deadline` do.
    """
    stands = clock.stands
    stands.expect(now, "现在")
    at = calendar.to_the_minute(stands.since if stands.state is ClockState.STOPPED else now)
    count = _count(clock, limits, calendar, at)
    due, reasoning = count.reached.at, count.reasoning
    used, left, over = count.ran(count.plan.base.begins, at), count.ran(at, due), count.ran(due, at)
    times, hold = tell_times(at, used, left, over, count.plan.measure), count.hold
    deadline = None if hold else Deadline(due, reasoning, count.reached.provisional)
    told = (*reasoning, tell_hold(hold.span.begins, due), times) if hold else (*reasoning, times)
    return Reckoned(stands.state, deadline, used, left, over, count.plan.measure, told, calendar.version)


def grant(clock: Clock, extension: Extended, limits: Limits, calendar: Calendar) -> Clock:
    """The clock with the extension; raises `NothingExtended` if that would not move its end, or only in the past."""
    later = clock.then(extension)
    at = calendar.to_the_minute(extension.at)
    before, after = (_count(each, limits, calendar, at).reached.at for each in (clock, later))
    until = extension.extension
    if not isinstance(until, Amount) and after <= max(before, at):
        raise NothingExtended(until=say(instant_of(until, calendar)), due=say(before))
    return later


@dataclass(frozen=True, slots=True)
class _Count:
    """A clock counted to its end, as if it resumed at the instant asked about."""

    plan: Plan
    held: tuple[Hold, ...]
    pauses: Pauses
    reached: Reached
    calendar: Calendar

    @property
    def hold(self) -> Hold | None:
        """The pause that keeps it from having a deadline: nobody resumed it, and it began before the end."""
        last = self.held[-1] if self.held else None
        return last if last and last.goes_on and last.span.begins < self.reached.at else None

    @property
    def reasoning(self) -> tuple[str, ...]:
        """The rules, what happened, the count and its caveat."""
        happened = tell_events(self.plan, self.held, self.calendar)
        rest = caveat(self.reached.provisional, self.calendar)
        return (*tell_rules(self.plan.base), *happened, *self.reached.lines, *rest)

    def ran(self, a: datetime, b: datetime) -> timedelta:
        """How long it ran between two instants."""
        return self.pauses.running(a, b, self.plan.measure, self.calendar)


def _count(clock: Clock, limits: Limits, calendar: Calendar, at: datetime) -> _Count:
    made, held = planned(clock, limits, calendar), holds(clock, at, calendar)
    pauses = Pauses.on(calendar, (hold.span for hold in held if hold.span.ends > made.base.begins))
    return _Count(made, held, pauses, Counting(calendar, pauses).end(made), calendar)
