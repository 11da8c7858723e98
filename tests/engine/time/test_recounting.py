"""When next year's notice is imported, what was supposed is counted again, and the operator is told what moved."""

from datetime import date
from pathlib import Path

import pytest

from engine.time import Calendar, Clock, Paused, Started, recount
from tests.engine.time.clocks import at, limits_of

NOTICE = Path(__file__).with_name("notice_2027.csv").read_text(encoding="utf-8")
NEW_YEARS_EVE = Clock((Started(at("12-30 09:00"), "水利局", "派单", "respond"),))
NOW = at("12-30 16:00")


@pytest.fixture(name="later")
def _later(calendar: Calendar) -> Calendar:
    return calendar.with_notice(NOTICE)


def test_a_provisional_deadline_is_counted_again_and_says_from_what_to_what_and_why(
    calendar: Calendar, later: Calendar
) -> None:
    again = recount(NEW_YEARS_EVE, limits_of("3 working days"), calendar, later, NOW)
    assert again.due is not None
    assert (again.due.at, again.provisional) == (at("12-30 17:30").replace(year=2027, month=1, day=5), False)
    assert again.due.explanation[-2:] == (
        "1月1日（周五） 元旦放假，原按上班推算",
        "放假安排公布到2027年12月31日，重新计算：到期时间由1月4日（周一）17:30 改为1月5日（周二）17:30",
    )
    assert again.explanation[-2:] == again.due.explanation[-2:]
    assert again.calendar_version == later.version


def test_a_deadline_that_stays_says_so(calendar: Calendar, later: Calendar) -> None:
    again = recount(NEW_YEARS_EVE, limits_of("1 working day"), calendar, later, NOW)
    assert again.due is not None
    assert again.due.explanation[-1].endswith("到期时间不变，仍为12月31日（周四）17:30")


def test_days_that_are_worked_after_all_bring_a_deadline_forward(calendar: Calendar, later: Calendar) -> None:
    clock = Clock((Started(at("12-28 09:00").replace(year=2027, month=1, day=29), "水利局", "派单", "respond"),))
    again = recount(clock, limits_of("3 working days"), calendar, later, clock.started.at)
    assert again.due is not None
    assert again.due.explanation[-2:] == (
        "1月31日（周日） 上班（春节调休上班），原按休息推算",
        "放假安排公布到2027年12月31日，重新计算：到期时间由2月3日（周三）17:30 改为2月2日（周二）17:30",
    )


def test_a_local_closure_is_told_by_its_name(calendar: Calendar, calendar_with: type) -> None:
    flood = calendar_with("date,kind,name\n2026-12-31,off,防汛停工\n")
    again = recount(NEW_YEARS_EVE, limits_of("1 working day"), calendar, flood, NOW)
    assert "12月31日（周四） 防汛停工放假，原按上班推算" in again.explanation


def test_a_paused_clock_has_nothing_to_be_recounted(calendar: Calendar, later: Calendar) -> None:
    paused = NEW_YEARS_EVE.then(Paused(NOW, "等待省厅批复"))
    again = recount(paused, limits_of("3 working days"), calendar, later, NOW)
    assert (again.due, again.calendar_version) == (None, later.version)


def test_hours_have_nothing_to_do_with_it(calendar: Calendar, later: Calendar) -> None:
    before = recount(NEW_YEARS_EVE, limits_of("100 hours"), calendar, calendar, NOW)
    after = recount(NEW_YEARS_EVE, limits_of("100 hours"), calendar, later, NOW)
    assert before.due is not None
    assert after.due is not None
    assert before.due.at == after.due.at
    assert not before.provisional
    assert date(2027, 1, 3) == after.due.at.date()
