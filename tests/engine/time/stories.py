"""Draws what may happen to a clock, and says by the oracle what must come of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from engine.time import (
    Amount,
    Clock,
    ClockState,
    Event,
    Extended,
    LimitChanged,
    Limits,
    Paused,
    Resumed,
    Started,
    Stopped,
    Transferred,
    Unit,
)
from tests.engine.time.oracle import DAWN, ZONE, Office, Oracle, instant, minute, offices

Draw = st.DrawFn

LONGEST = {
    "working days": 8,
    "working hours": 30,
    "working minutes": 900,
    "hours": 99,
    "minutes": 3000,
    "calendar days": 12,
    "weeks": 2,
    "months": 1,
}
LIMITS = """
[respond]
name = "响应时限"
transfer = "{transfer}"
[[respond.since]]
from = 2020-01-01
value = "{old}"
source = "第一条"
[[respond.since]]
from = {since}
value = "{new}"
source = "第二条"
running = "{running}"
"""


@dataclass(frozen=True)
class Rules:
    """Two values of one limit, and what the file says of running clocks and of transfers."""

    old: Amount
    new: Amount
    since: date
    running: str
    transfer: str

    @property
    def limits(self) -> Limits:
        return Limits.read(LIMITS.format(**vars(self)))

    def on(self, at: datetime) -> Amount:
        return self.new if at.date() >= self.since else self.old


@dataclass(frozen=True)
class Story:
    """A clock, the rules and the office it runs by, and the moment of asking."""

    office: Office
    rules: Rules
    clock: Clock
    now: datetime

    def oracle(self) -> Oracle:
        return Oracle(self.office, [*self.pauses()])

    def pauses(self) -> list[tuple[int, int]]:
        """From minute to minute; one that goes on ends now."""
        found: list[tuple[int, int]] = []
        begins = None
        for event in self.clock.events:
            if isinstance(event, Paused):
                begins = event.at
            if isinstance(event, Resumed) and begins:
                found.append((minute(begins), minute(event.at)))
                begins = None
        return found + ([(minute(begins), minute(self.asked))] if begins else [])

    @property
    def asked(self) -> datetime:
        """Now, or when the clock stopped."""
        return self.clock.events[-1].at if self.clock.state is ClockState.STOPPED else self.now

    @property
    def begins(self) -> int:
        """When the count began: a transfer may restart it."""
        restarts = self.rules.transfer == "restarts" and isinstance(self.clock.started.limit, str)
        moved = [event.at for event in self.clock.events if isinstance(event, Transferred) and restarts]
        return minute(max([self.clock.started.at, *moved]))

    @property
    def kind(self) -> str:
        unit = self.unit()
        return "clock" if unit in ("hours", "minutes") else "office"

    def unit(self) -> str | None:
        """What the limit counts in after all that happened."""
        if not isinstance(self.clock.started.limit, str):
            return None
        amount = self.rules.on(instant(self.begins))
        changed = any(isinstance(event, LimitChanged) for event in self.clock.events)
        return str((self.rules.new if changed and self.rules.running == "changes" else amount).unit)

    def due(self) -> int:
        """The end of the clock, as if it resumed now if it is paused."""
        oracle = self.oracle()
        end = self._base(oracle)
        for place, event in enumerate(self.clock.events):
            if isinstance(event, Extended) and not self._is_void(place):
                if isinstance(event.extension, Amount):
                    end = oracle.limit(end, event.extension.number, event.extension.unit)
                else:
                    end = max(end, self._chosen(oracle, event.extension, minute(event.at)))
        return end

    def _is_void(self, place: int) -> bool:
        """Was the extension granted to a holder whose count was restarted for the next one?"""
        rest = self.clock.events[place:]
        restarts = self.rules.transfer == "restarts" and isinstance(self.clock.started.limit, str)
        return restarts and any(isinstance(event, Transferred) for event in rest)

    def _base(self, oracle: Oracle) -> int:
        if not isinstance(self.clock.started.limit, str):
            return self._chosen(oracle, self.clock.started.limit, self.begins)
        first = self.rules.on(instant(self.begins))
        end = oracle.limit(self.begins, first.number, first.unit)
        changes = [event.at for event in self.clock.events if isinstance(event, LimitChanged)]
        for at in changes if self.rules.running == "changes" else ():
            if minute(at) >= self.begins:
                whole, anew = (
                    oracle.limit(n, self.rules.new.number, self.rules.new.unit) for n in (self.begins, minute(at))
                )
                end = whole if whole >= end else min(end, anew)
        return end

    def _chosen(self, oracle: Oracle, until: date, since: int) -> int:
        if isinstance(until, datetime):
            return oracle.chosen(minute(until), since, self.unit())
        return oracle.chosen(oracle.closing((until - DAWN.date()).days), since, self.unit())


# -- drawing

amounts = st.sampled_from(sorted(LONGEST)).flatmap(
    lambda unit: st.builds(Amount, st.integers(1, LONGEST[unit]), st.sampled_from([Unit(unit)]))
)
starts = st.datetimes(datetime(2026, 9, 17), datetime(2026, 10, 14), timezones=st.just(ZONE))  # noqa: DTZ001  # hypothesis adds the zone
gaps = st.one_of(st.integers(0, 300), st.integers(0, 12 * 3600), st.integers(0, 5 * 24 * 3600)).map(
    lambda seconds: timedelta(seconds=seconds)
)
aheads = st.integers(0, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def rules(draw: Draw, start: datetime) -> Rules:
    since = start.date() + timedelta(days=draw(st.integers(-1, 9)))
    running, transfer = draw(st.sampled_from(["keeps", "changes"])), draw(st.sampled_from(["goes on", "restarts"]))
    return Rules(draw(amounts), draw(amounts), since, running, transfer)


def chosen(draw: Draw, at: datetime) -> date:
    """A date or an instant some time ahead."""
    ahead = at + draw(aheads)
    return draw(st.sampled_from([ahead, ahead.date() + timedelta(days=1)]))


def next_event(draw: Draw, clock: Clock, at: datetime, since: date) -> Event:
    """Any event that is possible now."""
    stands = clock.stands
    pause: Event = Resumed(at) if stands.state is ClockState.PAUSED else Paused(at, "等批复")
    other = "乙" if stands.holder == "甲" else "甲"
    extension = draw(amounts) if draw(st.booleans()) else chosen(draw, at)
    events = [pause, pause, Extended(at, extension, "吹哨办", "第三条"), Transferred(at, stands.holder, other)]
    if isinstance(clock.started.limit, str) and at.date() >= since:
        events.append(LimitChanged(at, since))
    return draw(st.sampled_from(events))


@st.composite
def stories(draw: Draw, ends: tuple[str, ...] = ("running", "paused", "stopped")) -> Story:
    """Up to seven events in any order that is possible; the clock `ends` in one of these states."""
    at = draw(starts)
    drawn = draw(rules(at))
    limit = draw(st.sampled_from(["respond", "respond", "respond", chosen(draw, at)]))
    clock = Clock((Started(at, "甲", "派单", limit),))
    for gap in draw(st.lists(gaps, max_size=6)):
        at += gap
        clock = clock.then(next_event(draw, clock, at, drawn.since))
    at += draw(gaps)
    clock = _ended(clock, at, draw(st.sampled_from(ends)))
    return Story(draw(st.sampled_from(offices())), drawn, clock, at + draw(gaps))


def _ended(clock: Clock, at: datetime, state: str) -> Clock:
    if state == "stopped":
        return clock.then(Stopped(at))
    if state != clock.state:
        return clock.then(Paused(at, "等材料") if state == "paused" else Resumed(at))
    return clock
