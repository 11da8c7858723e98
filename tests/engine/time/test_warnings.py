"""Warnings: a limit counted back from the instant something is due."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.time import before, deadline
from engine.time.errors import CountedTheOtherWay, OutOfReach

ZONE = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture(name="warn")
def _warn(calendar, limit_of):
    return lambda value, due: before(limit_of(value, counts="before due"), at(due), calendar)


def test_four_working_hours_before_closing_reach_back_over_lunch(warn):
    warning = warn("4 working hours", "2026-10-09 17:30")
    assert warning.at == at("2026-10-09 11:00")
    assert warning.explanation == (
        "平哨响应时限：到期前工作时间4小时（依据：工作规则第九条，自2020年5月1日起执行）",
        "10月9日（周五）17:30 到期",
        "10月9日（周五） 11:00—12:00、14:30—17:30 计4小时，11:00 提醒",
    )


def test_working_hours_reach_back_over_a_holiday_latest_day_first(warn):
    warning = warn("2 working hours", "2026-10-08 09:00")
    assert warning.at == at("2026-09-30 16:00")
    assert warning.explanation[1:] == (
        "10月8日（周四）09:00 到期",
        "10月8日（周四） 08:30—09:00 计30分钟",
        "10月1日—10月7日 国庆节放假，不计",
        "9月30日（周三） 16:00—17:30 计1小时30分，16:00 提醒",
    )


def test_something_due_on_a_day_off_is_warned_of_in_office_hours(warn):
    warning = warn("2 working hours", "2026-10-03 17:30")
    assert warning.at == at("2026-09-30 15:30")
    assert "，不在上班时间，从9月30日（周三）17:30 往前数" in warning.explanation[1]


def test_working_days_before_warn_when_the_office_opens(warn):
    warning = warn("2 working days", "2026-10-09 17:30")
    assert warning.at == at("2026-09-30 08:30")
    assert warning.explanation[1:] == (
        "10月9日（周五）17:30 到期，从前一日起往前数",
        "10月8日（周四） 往前第1个工作日",
        "10月1日—10月7日 国庆节放假，不计",
        "9月30日（周三） 往前第2个工作日，08:30 上班时提醒",
    )


def test_plain_hours_before_run_through_the_night(warn):
    assert warn("12 hours", "2026-10-09 08:00").at == at("2026-10-08 20:00")


def test_days_before_that_fall_on_a_holiday_warn_on_the_working_day_before_it(warn):
    warning = warn("3 calendar days", "2026-10-09 17:30")
    assert warning.at == at("2026-09-30 08:30")
    assert "10月6日（周二） 国庆节放假，提前到其前最后一个工作日9月30日（周三）" in warning.explanation


def test_a_month_before_ends_on_the_last_day_there_is(warn):
    assert warn("1 month", "2026-12-31 17:30").at == at("2026-11-30 08:30")
    assert warn("1 week", "2026-11-20 17:30").at == at("2026-11-13 08:30")


def test_a_warning_of_something_due_beyond_the_published_calendar_is_provisional(warn):
    assert warn("1 working day", "2027-01-05 17:30").provisional
    assert not warn("1 working day", "2026-12-31 17:30").provisional


def test_a_limit_from_the_start_cannot_serve_as_a_warning(calendar, limit_of):
    with pytest.raises(CountedTheOtherWay) as refusal:
        before(limit_of("2 hours"), at("2026-09-30 10:00"), calendar)
    assert "平哨响应时限" in refusal.value.sentence


def test_a_working_deadline_and_its_mirror_meet(calendar, limit_of):
    due = deadline(limit_of("5 working hours"), at("2026-09-30 15:20"), calendar).at
    assert before(limit_of("5 working hours", counts="before due"), due, calendar).at == at("2026-09-30 15:20")


def test_the_beginning_of_time_is_refused(calendar, limit_of):
    with pytest.raises(OutOfReach):
        before(limit_of("9999 months", counts="before due"), at("0500-01-05 10:00"), calendar)
