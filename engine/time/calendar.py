"""The working calendar: which days and minutes count as work, and the arithmetic on them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.time.calendar_file import read_calendar
from engine.time.days import Day, days_between, days_from
from engine.time.errors import OutOfReach
from engine.time.hours import Schedule, schedule_on
from engine.time.notice import read_notice
from engine.time.stretch import Stretch, take_first, take_last

WEEKEND = frozenset({5, 6})
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZERO = timedelta()

remembered = lru_cache(maxsize=4096)


@dataclass(frozen=True)
class Calendar:
    """Working days and office hours of one county.

    Instants go in timezone-aware in any zone (a naive one raises `ValueError`) and come out in `zone`.
    Days after `published_until` are plain weekdays, apart from the rows that `special` already has for them.
    Counting raises `HoursUnknown` before the first schedule and `OutOfReach` beyond some fifty years.
    """

    special: Mapping[date, Day] = field(hash=False)
    schedules: tuple[Schedule, ...]
    published_until: date
    zone: ZoneInfo
    weekend: frozenset[int] = WEEKEND

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that name this calendar: two calendars that say the same bear the same ones."""
        days = sorted((on.isoformat(), day.works, day.name) for on, day in self.special.items())
        told = (days, self.schedules, self.published_until.isoformat(), self.zone.key, sorted(self.weekend))
        return sha256(repr(told).encode()).hexdigest()[:12]

    @classmethod
    def read(cls, csv_text: str, hours: object, published_until: object, zone: object) -> Calendar:
        """A calendar from the text of calendar.csv and three entries of county.toml, as the TOML reader gave them.

        `csv_text` has the columns date, kind (off | work) and name; `hours` is a list of
        `{"from": date, "periods": [["08:30", "12:00"], …]}`; dates may be dates or text like 2026-12-31.
        Raises `FolderInvalid` with every flaw.
        """
        return cls(**read_calendar(csv_text, hours, published_until, zone))

    def with_notice(self, csv_text: str) -> Calendar:
        """The calendar with the national notice of the year after `published_until` added.

        `csv_text` has the columns of calendar.csv. Raises `FolderInvalid` with every flaw, see `read_notice`.
        """
        return self._published(csv_text, self.special)

    def with_adopted(self, csv_text: str) -> Calendar:
        """The same with a notice let in before this calendar was written; where they differ, this one knew better."""
        return self._published(csv_text, {})

    def _published(self, csv_text: str, known: Mapping[date, Day]) -> Calendar:
        year = (self.published_until + DAY).year
        days = read_notice(csv_text, year, known)
        return replace(self, special=MappingProxyType({**days, **self.special}), published_until=date(year, 12, 31))

    def is_working_day(self, on: date) -> bool:
        """Does the office work on this date?"""
        return self.day(on).works

    def is_open(self, at: datetime) -> bool:
        """Is this instant inside office hours? Opening belongs to them, closing does not."""
        at = self.local(at)
        return any(stretch.begins <= at < stretch.ends for stretch in self.stretches_on(at.date()))

    def is_published(self, on: date) -> bool:
        """Are the days off around this date known, or only supposed?"""
        return on <= self.published_until

    def working_minutes(self, a: datetime, b: datetime) -> int:
        """Whole minutes of office time between two instants; negative when `b` comes before `a`."""
        a, b = self.local(a), self.local(b)
        if b < a:
            return -self.working_minutes(b, a)
        return self.open_time(a, b) // MINUTE

    def open_time(self, a: datetime, b: datetime) -> timedelta:
        """Office time between two instants of the calendar's zone, `a` not after `b`."""
        days = days_between(a.date(), b.date())
        return sum(map(self._open_on, days[:-1]), self._open_before(b)) - self._open_before(a)

    def _open_before(self, at: datetime) -> timedelta:
        """Office time of the same day that lies before an instant."""
        opened = ZERO
        for stretch in self.stretches_on(at.date()):
            if stretch.begins < at:
                opened += min(stretch.ends, at) - stretch.begins
        return opened

    def add_working_minutes(self, at: datetime, minutes: int) -> datetime:
        """The first instant by which so many minutes of office time (1, 2, …) have passed since `at`."""
        return take_first(minutes * MINUTE, self.stretches_after(at))[-1].ends

    def subtract_working_minutes(self, at: datetime, minutes: int) -> datetime:
        """The last instant from which so many minutes of office time (1, 2, …) are left until `at`."""
        return take_last(minutes * MINUTE, self.stretches_before(at))[-1].begins

    def end_of_nth_working_day(self, at: datetime, nth: int) -> datetime:
        """Closing time of the nth (1, 2, …) working day after the day of `at`, which itself does not count."""
        return self.closing(self.nth_working_day(self.local(at).date(), nth))

    def nth_working_day(self, after: date, nth: int, skip: Container[date] = ()) -> date:
        """The nth working day after a date, or before it when `nth` is negative; the date itself does not count.

        Nor do the dates in `skip`.
        """
        if nth == 0:
            raise ValueError("working days are counted from 1")
        step = 1 if nth > 0 else -1
        others = islice(days_from(after, step), 1, None)
        return next(islice((day for day in others if self.is_working_day(day) and day not in skip), abs(nth) - 1, None))

    def opening(self, on: date) -> datetime:
        """When the office opens on a date, by the hours of that date even if it is a day off."""
        return self.instant(on, schedule_on(on, self.schedules).opening)

    def closing(self, on: date) -> datetime:
        """When the office closes on a date, by the hours of that date even if it is a day off."""
        return self.instant(on, schedule_on(on, self.schedules).closing)

    def stretches_after(self, at: datetime) -> Iterator[Stretch]:
        """Office time from an instant on, earliest stretch first."""
        at = self.local(at)
        for day in days_from(at.date(), 1):
            for stretch in self.stretches_on(day):
                if stretch.ends > at:
                    yield Stretch(max(stretch.begins, at), stretch.ends)

    def stretches_before(self, at: datetime) -> Iterator[Stretch]:
        """Office time up to an instant, latest stretch first."""
        at = self.local(at)
        for day in days_from(at.date(), -1):
            for stretch in reversed(self.stretches_on(day)):
                if stretch.begins < at:
                    yield Stretch(stretch.begins, min(stretch.ends, at))

    # every count asks again about the same few hundred dates, so the answers are remembered

    @cached_property
    def day(self) -> Callable[[date], Day]:
        """What the calendar says about a date."""
        return remembered(lambda on: self.special.get(on) or Day(on, on.weekday() not in self.weekend, ""))

    @cached_property
    def hours_on(self) -> Callable[[date], tuple[Stretch, ...]]:
        """The office hours of a date, earliest first, even if it is a day off."""
        return remembered(self._hours_on)

    def _hours_on(self, on: date) -> tuple[Stretch, ...]:
        periods = schedule_on(on, self.schedules).periods
        return tuple(Stretch(self.instant(on, p.opens), self.instant(on, p.closes)) for p in periods)

    @cached_property
    def stretches_on(self) -> Callable[[date], tuple[Stretch, ...]]:
        """The office time of one date, earliest first; empty on a day off."""
        return remembered(lambda on: self.hours_on(on) if self.is_working_day(on) else ())

    @cached_property
    def _open_on(self) -> Callable[[date], timedelta]:
        return remembered(lambda on: sum((stretch.length for stretch in self.stretches_on(on)), ZERO))

    def local(self, at: datetime) -> datetime:
        """The same instant on the county's wall clock."""
        if at.utcoffset() is None:
            raise ValueError("an instant needs its time zone")
        try:
            return at.astimezone(UTC).astimezone(self.zone)  # by way of UTC: a time that no clock showed becomes one
        except OverflowError as error:
            raise OutOfReach from error

    def to_the_minute(self, at: datetime) -> datetime:
        """The same minute on the county's wall clock: screens show minutes, so minutes are what is counted."""
        return self.local(at).replace(second=0, microsecond=0)

    def elapsed(self, at: datetime, length: timedelta) -> datetime:
        """The instant so much later on the clock (or earlier), with no regard to office time."""
        try:
            return (at.astimezone(UTC) + length).astimezone(self.zone)
        except OverflowError as error:
            raise OutOfReach from error

    def instant(self, on: date, clock: time) -> datetime:
        """The instant at which the county's wall clock shows this date and time."""
        return datetime.combine(on, clock, self.zone)
