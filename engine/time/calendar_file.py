"""Reads a working calendar: calendar.csv, and the office hours, zone and end of publication from county.toml."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from io import StringIO
from itertools import pairwise
from types import MappingProxyType
from typing import TypedDict
from zoneinfo import ZoneInfo

from engine.time.days import Day
from engine.time.errors import EntryMissing, EntryTwice, PeriodsDisordered, Unreadable
from engine.time.folder_entries import (
    Flaws,
    Place,
    read_choice,
    read_clock,
    read_date,
    read_list,
    read_table,
    read_text,
    wrong_type,
)
from engine.time.hours import Period, Schedule

CALENDAR = "calendar.csv"
COUNTY = "county.toml"
COLUMNS = ("date", "kind", "name")


class CalendarParts(TypedDict):
    """What a calendar is made of."""

    special: Mapping[date, Day]
    schedules: tuple[Schedule, ...]
    published_until: date
    zone: ZoneInfo


def read_calendar(csv_text: str, hours: object, published_until: object, zone: object) -> CalendarParts:
    """The parts of a calendar, or `FolderInvalid` with every flaw in them."""
    flaws = Flaws()
    county = Place(COUNTY, "顶层")
    schedules: tuple[Schedule, ...] = ()
    until, tz = date.max, ZoneInfo("UTC")  # never seen: a part that stays unread is refused below
    special = read_days(csv_text, CALENDAR, flaws)
    with flaws.gathered():
        schedules = _read_schedules(hours, flaws)
    with flaws.gathered():
        until = read_date(published_until, "calendar_published_until", county)
    with flaws.gathered():
        tz = _read_zone(zone, county)
    flaws.refuse_any()
    return CalendarParts(special=special, schedules=schedules, published_until=until, zone=tz)


def read_days(
    csv_text: str, file: str, flaws: Flaws, fits: Callable[[Day, Place], None] | None = None
) -> Mapping[date, Day]:
    """The rows of date, kind and name by their date; `fits` raises a `FolderError` for a row that does not belong."""
    special: dict[date, Day] = {}
    rows = csv.DictReader(StringIO(csv_text.removeprefix("\ufeff"), newline=""), strict=True)
    with flaws.gathered():
        try:
            _check_columns(rows, file)
            for row in rows:
                place = Place(file, f"第{rows.line_num}行")
                with flaws.gathered():
                    day = _read_special_day(row, place)
                    if day.on in special:
                        raise EntryTwice(file=place.file, where=place.where, value=day.on)
                    if fits:
                        fits(day, place)
                    special[day.on] = day
        except csv.Error as error:
            raise Unreadable(file=file, where=f"第{rows.line_num}行", format="CSV", reason=error) from error
    return MappingProxyType(special)


def _check_columns(rows: csv.DictReader[str], file: str) -> None:
    for column in COLUMNS:
        if column not in (rows.fieldnames or ()):
            raise EntryMissing(file=file, where="第1行（表头）", key=column)


def _read_special_day(row: Mapping[str, str | None], place: Place) -> Day:
    on = read_date((row["date"] or "").strip(), "date", place)
    kind = read_choice((row["kind"] or "").strip(), "kind", ("off", "work"), place)
    return Day(on, kind == "work", read_text(row["name"], "name", place))


def _read_schedules(hours: object, flaws: Flaws) -> tuple[Schedule, ...]:
    schedules: dict[date, Schedule] = {}
    for number, entry in enumerate(read_list(hours, "hours", Place(COUNTY, "顶层")), start=1):
        place = Place(COUNTY, f"[[hours]] 第{number}段")
        with flaws.gathered():
            schedule = _read_schedule(entry, place)
            if schedule.since in schedules:
                raise EntryTwice(file=place.file, where=place.where, value=schedule.since)
            schedules[schedule.since] = schedule
    return tuple(schedules[since] for since in sorted(schedules))


def _read_schedule(entry: object, place: Place) -> Schedule:
    table = read_table(entry, "hours", ("from", "periods"), place)
    since = read_date(table.get("from"), "from", place)
    periods = tuple(_read_period(pair, place) for pair in read_list(table.get("periods"), "periods", place))
    clock = [time for period in periods for time in (period.opens, period.closes)]
    if any(earlier >= later for earlier, later in pairwise(clock)):
        raise PeriodsDisordered(file=place.file, where=place.where)
    return Schedule(since, periods)


def _read_period(pair: object, place: Place) -> Period:
    if not isinstance(pair, list) or len(pair) != 2:
        raise wrong_type("periods", '[["08:30", "12:00"], ["14:30", "17:30"]] 这样的时段', place)
    return Period(read_clock(pair[0], "periods", place), read_clock(pair[1], "periods", place))


def _read_zone(zone: object, place: Place) -> ZoneInfo:
    try:
        return ZoneInfo(read_text(zone, "time_zone", place))
    except (LookupError, ValueError, OSError) as error:
        raise wrong_type("time_zone", " Asia/Shanghai 这样的时区名称", place) from error
