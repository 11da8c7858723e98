"""Reads the year's notice: the days off and make-up days that the State Council publishes each autumn.

Rules: 全国年节及纪念日放假办法 (as revised for 2025) names seven holidays with thirteen days between them; make-up days
only move them about, so weekdays off less make-up days are thirteen in every notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.time.calendar_file import read_days
from engine.time.days import Day
from engine.time.errors import (
    FolderError,
    NoticeContradicts,
    NoticeIncomplete,
    NoticeMakesUpAWorkingDay,
    NoticeOfAnotherYear,
    NoticeUnbalanced,
)
from engine.time.folder_entries import Flaws, Place

NOTICE = "放假安排"
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
STATUTORY_DAYS = 13
WHOLE = Place(NOTICE, "全文")


def read_notice(csv_text: str, year: int, known: Mapping[date, Day]) -> Mapping[date, Day]:
    """The rows of one year's notice by date, or `FolderInvalid` with every flaw at its row.

    A row belongs to `year` or, since New Year's holiday may begin in December, to the last week before it. It may not
    say the opposite of a day `known` already: that is a local day, and somebody must decide.
    """
    flaws = Flaws()

    def fits(day: Day, place: Place) -> None:
        _belongs(day, year, place)
        _makes_sense(day, known.get(day.on), place)

    days = read_days(csv_text, NOTICE, flaws, fits)
    flaws.refuse_any()
    with flaws.gathered():
        _names_every_holiday(days)
        _balances(days)
    flaws.refuse_any()
    return days


def _belongs(day: Day, year: int, place: Place) -> None:
    if not date(year - 1, 12, 25) <= day.on <= date(year, 12, 31):
        raise _flaw(NoticeOfAnotherYear, place, on=day.on, year=year)


def _makes_sense(day: Day, known: Day | None, place: Place) -> None:
    if day.works and day.on.weekday() < 5:
        raise _flaw(NoticeMakesUpAWorkingDay, place, on=day.on)
    if known and known.works is not day.works:
        raise _flaw(NoticeContradicts, place, on=day.on, known="上班" if known.works else "放假", name=known.name)


def _names_every_holiday(days: Mapping[date, Day]) -> None:
    off = {day.name for day in days.values() if not day.works}
    missing = [holiday for holiday in HOLIDAYS if not any(holiday in name for name in off)]
    if missing:
        raise _flaw(NoticeIncomplete, WHOLE, missing="、".join(missing))


def _balances(days: Mapping[date, Day]) -> None:
    """A day off of the year's own (a parade, a mourning) is no holiday of the seven and stays out of the sum."""
    named = [day for day in days.values() if any(holiday in day.name for holiday in HOLIDAYS)]
    off = sum(not day.works and day.on.weekday() < 5 for day in named)
    made_up = sum(day.works for day in named)
    if off - made_up != STATUTORY_DAYS:
        raise _flaw(NoticeUnbalanced, WHOLE, off=off, made_up=made_up, days=STATUTORY_DAYS)


def _flaw(kind: type[FolderError], place: Place, **facts: object) -> FolderError:
    return kind(file=place.file, where=place.where, **facts)
