"""Chinese for dates, lengths and runs of days, so that each line of a deadline's explanation can be disputed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from engine.time.days import Day
from engine.time.limit import Amount, Counts, Limit, Measure, Unit
from engine.time.stretch import Stretch

WEEKDAYS = "一二三四五六日"
MINUTE = timedelta(minutes=1)
AMOUNTS = {
    Unit.WORKING_DAYS: "{}个工作日",
    Unit.WORKING_HOURS: "工作时间{}小时",
    Unit.WORKING_MINUTES: "工作时间{}分钟",
    Unit.HOURS: "{}小时",
    Unit.MINUTES: "{}分钟",
    Unit.CALENDAR_DAYS: "{}天",
    Unit.WEEKS: "{}周",
    Unit.MONTHS: "{}个月",
}
COUNTS = {Counts.FROM_START: "从开始时往后数", Counts.BEFORE_DUE: "从到期时往前数"}


def say_limit(limit: Limit) -> str:
    """The limit with its clause: 平哨响应时限：2个工作日（依据：…，自2025年5月1日起执行）."""
    ahead = "到期前" if limit.counts is Counts.BEFORE_DUE else ""
    since = say_full_date(limit.value.since)
    return f"{limit.name}：{ahead}{say_amount(limit.value)}（依据：{limit.value.source}，自{since}起执行）"


def say_amount(amount: Amount) -> str:
    """How long a limit is: 2个工作日."""
    return AMOUNTS[amount.unit].format(amount.number)


def say_full_date(on: date) -> str:
    """2026年12月31日."""
    return f"{on.year}年{on.month}月{on.day}日"


class Teller:
    """Says dates around one date: a date of the same year goes without its year."""

    def __init__(self, around: date) -> None:
        """Remember the year that need not be said."""
        self._year = around.year

    def instant(self, at: datetime) -> str:
        """9月30日（周三）15:20."""
        return f"{self.day(at.date())}{at.hour:02}:{at.minute:02}"

    def day(self, on: date) -> str:
        """9月30日（周三）."""
        return f"{self._date(on)}（周{WEEKDAYS[on.weekday()]}）"

    def run(self, days: list[Day]) -> str:
        """One day with its weekday, or the first and last of several: 10月1日—10月7日."""
        first, last = sorted((days[0].on, days[-1].on))
        if first == last:
            return self.day(first)
        return f"{self._date(first)}—{Teller(first)._date(last)}"

    def _date(self, on: date) -> str:
        year = "" if on.year == self._year else f"{on.year}年"
        return f"{year}{on.month}月{on.day}日"


def say_day_off(day: Day) -> str:
    """Why a day is off: 国庆节放假, or 周末."""
    return f"{day.name}放假" if day.name else "周末"


def say_made_up(day: Day) -> str:
    """（国庆节调休上班） for a working day that the calendar names, else nothing."""
    return f"（{day.name}调休上班）" if day.name else ""


def say_periods(stretches: Iterable[Stretch]) -> str:
    """08:30—12:00、14:30—16:00."""
    return "、".join(f"{stretch.begins:%H:%M}—{stretch.ends:%H:%M}" for stretch in stretches)


def say_length(length: timedelta) -> str:
    """2小时10分, 2小时 or 10分钟."""
    hours, minutes = divmod(length // MINUTE, 60)
    if not hours:
        return f"{minutes}分钟"
    return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"


def say_elapsed(length: timedelta) -> str:
    """3天2小时, 2小时10分 or 10分钟: time on the clock, a day being 24 hours."""
    days, rest = divmod(length, timedelta(days=1))
    if not days:
        return say_length(rest)
    return f"{days}天{say_length(rest)}" if rest >= MINUTE else f"{days}天"


def say_measured(length: timedelta, measure: Measure) -> str:
    """工作时间2小时10分 or 3天2小时."""
    return f"工作时间{say_length(length)}" if measure is Measure.OFFICE else say_elapsed(length)
