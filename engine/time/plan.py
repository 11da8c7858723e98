"""What the events of a clock make of its limit: what is counted, from when, and the extensions after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.time.calendar import Calendar
from engine.time.clock import Clock
from engine.time.errors import LimitNotInForce
from engine.time.events import Extended, LimitChanged, Started, Transferred
from engine.time.limit import Limit, Measure, Running, Transfer, Unit
from engine.time.limits import Limits
from engine.time.wording import say_amount


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit counted from an instant on; `event` names the beginning."""

    limit: Limit
    begins: datetime
    event: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """An end that a person chose at the beginning: a date, or an instant."""

    until: date
    begins: datetime
    event: str
    limit: None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A limit whose value changed while it ran: the old one, the new one from the beginning, and from the change on."""

    old: Counted | Changed
    new: Counted
    anew: Counted

    @property
    def limit(self) -> Limit:
        """The limit with the value it has now."""
        return self.new.limit

    @property
    def begins(self) -> datetime:
        """When it began under the old value."""
        return self.new.begins


Base = Counted | Changed | Chosen


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened at an instant, in Chinese, although it may have moved nothing."""

    at: datetime
    line: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to count. Instants are in the calendar's zone and to the minute; extensions in the order granted."""

    base: Base
    extensions: tuple[Extended, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def unit(self) -> Unit | None:
        """What the limit counts in; None for a chosen end."""
        return self.base.limit.value.unit if self.base.limit else None

    @property
    def measure(self) -> Measure:
        """Which minutes it is told in; those of the office for a chosen end."""
        return self.base.limit.value.measure if self.base.limit else Measure.OFFICE


def planned(clock: Clock, limits: Limits, calendar: Calendar) -> Plan:
    """What to count for this clock.

    The value of a limit is the one in force on the day the clock began. A transfer restarts the count (by the value
    then in force, without the extensions of the former holder) if the limit says so. A newer value replaces the old
    one in a running clock only if the value itself says `running = "changes"`.

    Raises `UnknownLimit`, `LimitNotInForce`, `LimitVersionUnknown`.
    """
    made = Plan(_beginning(clock.started, limits, calendar))
    for event in clock.events:
        match event:
            case Extended():
                made = replace(made, extensions=(*made.extensions, event))
            case Transferred():
                made = _transferred(made, event, limits, calendar)
            case LimitChanged():
                made = _changed(made, event, limits, calendar)
    return made


def _beginning(started: Started, limits: Limits, calendar: Calendar) -> Base:
    begins = calendar.to_the_minute(started.at)
    if isinstance(started.limit, str):
        return Counted(limits.get(started.limit, on=begins.date()), begins, started.event)
    return Chosen(started.limit, begins, started.event)


def _transferred(made: Plan, event: Transferred, limits: Limits, calendar: Calendar) -> Plan:
    at, base = calendar.to_the_minute(event.at), made.base
    restarts = base.limit is not None and base.limit.transfer is Transfer.RESTARTS
    then = "从转办起重新计算，此前的延期不再计入" if restarts else "时限接着计算"
    notes = (*made.notes, Note(at, f" 由{event.from_holder}转{event.to_holder}办理，{then}"))
    if base.limit is None or not restarts:
        return replace(made, notes=notes)
    return Plan(Counted(limits.get(base.limit.key, on=at.date()), at, "转办"), (), notes)


def _changed(made: Plan, event: LimitChanged, limits: Limits, calendar: Calendar) -> Plan:
    at, base = calendar.to_the_minute(event.at), made.base
    if isinstance(base, Chosen):  # `Clock` refuses it
        return made
    new = limits.version(base.limit.key, event.since)
    if event.since > at.date():
        raise LimitNotInForce(name=new.name, since=event.since, on=at.date())
    if new.value.running is Running.KEEPS:
        line = f" 时限改为{say_amount(new.value)}（依据：{new.value.source}），办理中的仍按开始时的规定"
        return replace(made, notes=(*made.notes, Note(at, line)))
    old = "开始" if isinstance(base, Changed) else base.event
    changed = Changed(base, Counted(new, base.begins, old), Counted(new, at, "时限变更"))
    return replace(made, base=changed)
