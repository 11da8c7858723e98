"""The definition of every limit, written a second time in the plainest way: minute after minute, day after day.

It knows nothing of the engine's calendar: from the same plain table (`Office`) the engine reads its files and the
oracle fills one byte for each minute. Minutes are numbers since `DAWN`, days are numbers of 1440 of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from engine.time import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
DAWN = datetime(2026, 9, 1, tzinfo=ZONE)
DAYS = 240
DAY = 1440


@dataclass(frozen=True)
class Office:
    """Days off, make-up days, and hours since a date."""

    off: frozenset[date]
    made_up: frozenset[date]
    hours: tuple[tuple[date, tuple[tuple[str, str], ...]], ...]

    @cached_property
    def calendar(self) -> Calendar:
        rows = [f"{day},off,放假" for day in self.off] + [f"{day},work,调休" for day in self.made_up]
        hours = [{"from": since, "periods": [list(pair) for pair in periods]} for since, periods in self.hours]
        return Calendar.read("date,kind,name\n" + "\n".join(rows), hours, "2027-12-31", "Asia/Shanghai")

    @cached_property
    def works(self) -> list[bool]:
        dates = [DAWN.date() + timedelta(days=n) for n in range(DAYS)]
        return [day in self.made_up or (day.weekday() < 5 and day not in self.off) for day in dates]

    @cached_property
    def open_minutes(self) -> bytes:
        """One for each minute that lies in the hours of its day, whether or not the office works that day."""
        return b"".join(self._open_minutes_of(DAWN.date() + timedelta(days=n)) for n in range(DAYS))

    def _open_minutes_of(self, day: date) -> bytes:
        periods = max(entry for entry in self.hours if entry[0] <= day)[1]
        clock = [time(n // 60, n % 60).isoformat("minutes") for n in range(DAY)]
        return bytes(any(a <= now < b for a, b in periods) for now in clock)


NATIONAL_OFF = frozenset({date(2026, 9, d) for d in (25, 26, 27)} | {date(2026, 10, d) for d in range(1, 8)})
NATIONAL_MADE_UP = frozenset({date(2026, 9, 20), date(2026, 10, 10)})
LUNCH = (date(2020, 1, 1), (("08:30", "12:00"), ("14:30", "17:30")))


@cache
def offices() -> tuple[Office, ...]:
    """An ordinary one; one with seasons and three periods a day; one that a flood and a closure shut."""
    seasons = (
        (date(2020, 1, 1), (("08:00", "11:30"), ("15:00", "18:00"))),
        (date(2026, 10, 1), (("09:00", "10:15"), ("10:45", "12:00"), ("13:30", "17:00"))),
        (date(2026, 11, 1), (("09:00", "17:00"),)),
    )
    flood = frozenset({date(2026, 9, 22), date(2026, 9, 23), date(2026, 10, 12)})
    local = date(2026, 9, 27)  # the county works on the last day of the festival
    return (
        Office(NATIONAL_OFF, NATIONAL_MADE_UP, (LUNCH,)),
        Office(NATIONAL_OFF, NATIONAL_MADE_UP, seasons),
        Office(NATIONAL_OFF - {local} | flood, NATIONAL_MADE_UP | {local}, (LUNCH,)),
    )


def minute(at: datetime) -> int:
    return (at - DAWN) // timedelta(minutes=1)


def instant(number: int) -> datetime:
    return DAWN + timedelta(minutes=number)


class Oracle:
    """Counts by walking, with the pauses as one byte for each minute."""

    def __init__(self, office: Office, pauses: list[tuple[int, int]]) -> None:
        self.office = office
        self.paused = bytearray(DAYS * DAY)
        for begins, ends in pauses:
            self.paused[begins:ends] = b"\1" * (ends - begins)

    def works(self, number: int) -> bool:
        return bool(self.office.open_minutes[number]) and self.office.works[number // DAY]

    def counts(self, number: int, kind: str) -> bool:
        """Is this minute one of the clock's own, paused or not?"""
        return self.works(number) if kind == "office" else True

    def is_given_back(self, day: int) -> bool:
        minutes = slice(day * DAY, (day + 1) * DAY)
        both = zip(self.paused[minutes], self.office.open_minutes[minutes], strict=True)
        return 1 in self.paused[minutes] and (1, 1) in both

    def closing(self, day: int) -> int:
        return day * DAY + self.office.open_minutes[day * DAY : (day + 1) * DAY].rindex(1) + 1

    def ran(self, a: int, b: int, kind: str) -> int:
        return sum(self.counts(n, kind) and not self.paused[n] for n in range(a, b))

    def minutes(self, start: int, amount: int, kind: str) -> int:
        now = start
        while amount:
            amount -= self.counts(now, kind) and not self.paused[now]
            now += 1
        return now

    def working_days(self, start: int, amount: int) -> int:
        day = start // DAY
        while amount:
            day += 1
            amount -= self.office.works[day] and not self.is_given_back(day)
        return self.closing(day)

    def dates(self, start: int, amount: int) -> int:
        day = start // DAY
        while amount:
            day += 1
            amount -= not self.is_given_back(day)
        if not self.office.works[day]:
            while not self.office.works[day] or self.is_given_back(day):
                day += 1
        return self.closing(day)

    def limit(self, start: int, number: int, unit: str) -> int:
        match unit:
            case "working days":
                return self.working_days(start, number)
            case "working hours" | "working minutes":
                return self.minutes(start, number * (60 if "hours" in unit else 1), "office")
            case "hours" | "minutes":
                return self.minutes(start, number * (60 if "hours" in unit else 1), "clock")
            case "months":
                return self.dates(start, days_of_months(instant(start).date(), number))
            case _:
                return self.dates(start, number * (7 if unit == "weeks" else 1))

    def chosen(self, end: int, since: int, unit: str | None) -> int:
        """What was lost between the choice and its end is owed after it."""
        if unit in (None, "working days", "calendar days", "weeks", "months"):
            return self._chosen_by_days(end, since)
        kind = "office" if "working" in unit else "clock"
        owed = sum(self.counts(n, kind) and self.paused[n] for n in range(since, end))
        if not owed:
            return self._where_it_runs(end, since)
        return self.minutes(end, owed, kind)

    def _chosen_by_days(self, end: int, since: int) -> int:
        lost = {n // DAY for n in range(since, end) if self.paused[n] and self.works(n)}
        if not lost and self._where_it_runs(end, since) == end:
            return end
        return self.working_days(end, max(len(lost), 1))

    def _where_it_runs(self, end: int, since: int) -> int:
        if end <= since or not self.paused[end - 1]:
            return end
        while self.paused[end]:
            end += 1
        return end


def days_of_months(on: date, number: int) -> int:
    """How many dates lie between a date and the same day of a later month, or its last day."""
    months = on.month - 1 + number
    year, month = on.year + months // 12, months % 12 + 1
    for day in range(on.day, 0, -1):
        try:
            return (date(year, month, day) - on).days
        except ValueError:
            continue
    raise AssertionError
