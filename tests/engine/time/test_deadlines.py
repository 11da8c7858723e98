"""Deadlines, with the lines an operator can check them by."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.time import deadline, end_of_day
from engine.time.errors import CountedTheOtherWay, OutOfReach

ZONE = ZoneInfo("Asia/Shanghai")
RULE = "平哨响应时限：{}（依据：工作规则第九条，自2020年5月1日起执行）"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture(name="due")
def _due(calendar, limit_of):
    return lambda value, start: deadline(limit_of(value), at(start), calendar)


def test_a_flat_whistle_sent_before_the_national_holiday_is_due_on_the_second_working_day_after_it(calendar, limit_of):
    due = deadline(limit_of("2 working days"), at("2026-09-30 15:20:37"), calendar, event="派单")
    assert due.at == at("2026-10-09 17:30")
    assert due.explanation == (
        RULE.format("2个工作日"),
        "9月30日（周三）15:20 派单，从次日起算",
        "10月1日—10月7日 国庆节放假，不计",
        "10月8日（周四） 第1个工作日",
        "10月9日（周五） 第2个工作日，17:30 下班时到期",
    )
    assert not due.provisional


def test_with_three_working_days_it_is_due_on_the_make_up_saturday(due):
    third = due("3 working days", "2026-09-30 15:20")
    assert third.at == at("2026-10-10 17:30")
    assert third.explanation[-2:] == (
        "10月8日—10月9日 第1—2个工作日",
        "10月10日（周六） 第3个工作日（国庆节调休上班），17:30 下班时到期",
    )


def test_the_result_is_in_the_countys_zone_whatever_the_zone_of_the_start(calendar, limit_of):
    due = deadline(limit_of("1 working day"), datetime(2026, 10, 8, 16, 30, tzinfo=UTC), calendar)
    assert due.at.tzinfo == ZONE
    assert due.at == at("2026-10-10 17:30")  # 00:30 on 9 October by the county's clock


def test_a_start_on_a_holiday_counts_from_the_day_after_it(due):
    first = due("1 working day", "2026-10-03 10:00")
    assert first.at == at("2026-10-08 17:30")
    assert first.explanation[1:3] == ("10月3日（周六）10:00 开始，从次日起算", "10月4日—10月7日 国庆节放假，不计")


def test_a_start_on_a_make_up_saturday_counts_from_monday(due):
    first = due("1 working day", "2026-10-10 09:00")
    assert first.at == at("2026-10-12 17:30")
    assert "10月11日（周日） 周末，不计" in first.explanation


def test_working_hours_say_what_each_day_gave(due):
    nine = due("9 working hours", "2026-09-30 15:20:59")
    assert nine.at == at("2026-10-09 08:50")
    assert nine.explanation[1:] == (
        "9月30日（周三）15:20 开始",
        "9月30日（周三） 15:20—17:30 计2小时10分",
        "10月1日—10月7日 国庆节放假，不计",
        "10月8日（周四） 08:30—12:00、14:30—17:30 计6小时30分",
        "10月9日（周五） 08:30—08:50 计20分钟，08:50 到期",
    )


@pytest.mark.parametrize(
    ("start", "expected", "beginning"),
    [
        ("2026-10-08 07:00", "2026-10-08 10:30", "，不在上班时间，从10月8日（周四）08:30 起算"),
        ("2026-10-08 08:30", "2026-10-08 10:30", ""),
        ("2026-10-08 12:00", "2026-10-08 16:30", "，不在上班时间，从10月8日（周四）14:30 起算"),
        ("2026-10-08 13:10", "2026-10-08 16:30", "，不在上班时间，从10月8日（周四）14:30 起算"),
        ("2026-10-08 11:00", "2026-10-08 15:30", ""),
        ("2026-10-09 17:30", "2026-10-10 10:30", "，不在上班时间，从10月10日（周六）08:30 起算"),
        ("2026-10-10 16:30", "2026-10-12 09:30", ""),
        ("2026-10-02 16:30", "2026-10-08 10:30", "，不在上班时间，从10月8日（周四）08:30 起算"),
        ("2025-12-31 17:00", "2026-01-04 10:00", ""),
    ],
)
def test_two_working_hours_from_any_kind_of_moment(due, start, expected, beginning):
    two = due("2 working hours", start)
    assert two.at == at(expected)
    assert two.explanation[1].endswith(f"开始{beginning}")


def test_working_minutes_are_a_sixtieth_of_working_hours(due):
    assert due("90 working minutes", "2026-09-30 16:30").at == at("2026-10-08 09:00")


def test_plain_hours_run_through_the_night_and_the_holiday(due):
    three = due("3 hours", "2026-09-30 23:20")
    assert three.at == at("2026-10-01 02:20")
    assert three.explanation[1:] == (
        "9月30日（周三）23:20 开始，昼夜和节假日连续计算",
        "10月1日（周四）02:20 到期",
    )
    assert due("30 minutes", "2026-12-31 23:45").at == at("2027-01-01 00:15")


def test_a_year_is_said_only_where_it_changes(due):
    lines = due("3 working days", "2025-12-30 09:00").explanation
    assert lines[2:] == (
        "12月31日（周三） 第1个工作日",
        "2026年1月1日—1月3日 元旦放假，不计",
        "2026年1月4日（周日） 第2个工作日（元旦调休上班）",
        "2026年1月5日（周一） 第3个工作日，17:30 下班时到期",
    )


def test_calendar_days_end_at_closing_time(due):
    three = due("3 calendar days", "2026-09-21 18:00")
    assert three.at == at("2026-09-24 17:30")
    assert three.explanation[1:] == (
        "9月21日（周一）18:00 开始，从次日起算",
        "满3天为9月24日（周四）",
        "9月24日（周四）17:30 下班时到期",
    )


def test_a_week_that_ends_on_a_holiday_moves_to_the_next_working_day(due):
    week = due("1 week", "2026-09-28 09:00")
    assert week.at == at("2026-10-08 17:30")
    assert "10月5日（周一） 国庆节放假，顺延到其后第一个工作日10月8日（周四）" in week.explanation
    assert due("1 week", "2026-09-21 09:00").at == at("2026-09-28 17:30")


@pytest.mark.parametrize(
    ("months", "start", "expected"),
    [
        (1, "2026-08-31 09:00", "2026-09-30 17:30"),
        (1, "2027-12-31 09:00", "2028-01-31 17:30"),
        (6, "2027-08-31 09:00", "2028-02-29 17:30"),
        (18, "2026-08-31 09:00", "2028-02-29 17:30"),
        (3, "2026-06-30 09:00", "2026-09-30 17:30"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one_there_is(due, months, start, expected):
    assert due(f"{months} months", start).at == at(expected)


def test_a_shorter_month_is_explained(due):
    assert "满1个月为9月30日（周三）（当月没有31日，取月末）" in due("1 month", "2026-08-31 09:00").explanation


def test_a_deadline_beyond_the_published_calendar_is_provisional_and_says_so(due):
    late = due("3 working days", "2026-12-30 09:00")
    assert late.at == at("2027-01-04 17:30")  # Friday 1 January counts: nobody has published it as a holiday yet
    assert late.provisional
    assert late.explanation[-1].startswith("2026年12月31日以后的放假安排尚未公布")
    assert not due("1 working day", "2026-12-30 09:00").provisional


@pytest.mark.parametrize("value", ["100 hours", "6000 minutes"])
def test_plain_hours_and_minutes_are_never_provisional(due, value):
    assert due(value, "2026-12-30 09:00").at == at("2027-01-03 13:00")
    assert not due(value, "2026-12-30 09:00").provisional


def test_a_chosen_date_ends_at_closing_time(calendar):
    end = end_of_day(date(2026, 10, 9), calendar)
    assert end.at == at("2026-10-09 17:30")
    assert end.explanation == ("选定日期 10月9日（周五），当日17:30 下班时到期",)


def test_a_chosen_day_off_is_kept_and_pointed_out(calendar):
    end = end_of_day(date(2026, 10, 3), calendar)
    assert end.at == at("2026-10-03 17:30")
    assert end.explanation[1] == "当日国庆节放假，仍以选定的日期为准，不顺延"


def test_a_chosen_date_beyond_the_published_calendar_is_provisional(calendar):
    assert end_of_day(date(2027, 1, 4), calendar).provisional
    assert not end_of_day(date(2026, 12, 31), calendar).provisional


def test_a_warning_cannot_serve_as_a_deadline(calendar, limit_of):
    with pytest.raises(CountedTheOtherWay):
        deadline(limit_of("2 hours", counts="before due"), at("2026-09-30 10:00"), calendar)


@pytest.mark.parametrize("unit", ["working days", "working hours", "hours", "calendar days", "weeks", "months"])
def test_the_end_of_time_is_refused(calendar, limit_of, unit):
    with pytest.raises(OutOfReach):
        deadline(limit_of(f"9999 {unit}"), at("9999-12-30 10:00"), calendar)


def test_the_longest_limit_still_has_an_answer(due):
    assert due("9999 working days", "2026-09-30 10:00").at.year == 2065
