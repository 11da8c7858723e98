"""Pauses: what is given back, for each unit a limit may count in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.time import Calendar, Clock, ClockState, Paused, Resumed, Started, Stopped, reckon
from tests.engine.time.clocks import Stands, a_clock, a_pause, at, due, limits_of

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_a_day_with_a_paused_minute_in_office_hours_is_given_back(stands: Stands) -> None:
    found = stands(a_clock(*a_pause("10-08 10:00", "10-09 15:00")), "2 working days", "10-10 09:00")
    assert due(found) == "10-12 17:30"
    assert found.explanation[1:] == (
        "10月8日（周四）10:00—10月9日（周五）15:00 挂起（等待省厅批复），其间工作时间9小时",
        "9月30日（周三）15:20 派单，从次日起算",
        "10月1日—10月7日 国庆节放假，不计",
        "10月8日—10月9日 挂起，不计",
        "10月10日（周六） 第1个工作日（国庆节调休上班）",
        "10月11日（周日） 周末，不计",
        "10月12日（周一） 第2个工作日，17:30 下班时到期",
        "截至10月10日（周六）09:00：已用工作时间6小时40分，还剩工作时间12小时30分",
    )


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("10-08 17:30", "10-09 08:30"),
        ("10-08 12:00", "10-08 14:30"),
        ("10-01 00:00", "10-08 08:30"),
        ("09-30 15:30", "09-30 17:00"),
        ("10-09 17:30", "10-20 10:00"),
        ("10-08 10:00", "10-08 10:00"),
    ],
    ids=["overnight", "over lunch", "over the holiday", "on the day it began", "after it was due", "for no time"],
)
def test_a_pause_that_takes_no_counted_office_time_gives_nothing_back(stands: Stands, begins: str, ends: str) -> None:
    assert due(stands(a_clock(*a_pause(begins, ends)), "2 working days")) == "10-09 17:30"


def test_two_pauses_on_one_day_give_back_one_day(stands: Stands) -> None:
    twice = a_clock(*a_pause("10-08 09:00", "10-08 09:30"), *a_pause("10-08 16:00", "10-08 16:30"))
    assert due(stands(twice, "2 working days")) == "10-10 17:30"


def test_working_hours_get_back_the_minutes_of_the_office(stands: Stands) -> None:
    found = stands(a_clock(*a_pause("10-08 10:00", "10-09 15:00")), "9 working hours", "10-10 09:00")
    assert due(found) == "10-10 11:20"
    assert found.explanation[2:-1] == (
        "9月30日（周三）15:20 派单",
        "9月30日（周三） 15:20—17:30 计2小时10分",
        "10月1日—10月7日 国庆节放假，不计",
        "10月8日（周四） 08:30—10:00 计1小时30分",
        "10月9日（周五） 15:00—17:30 计2小时30分",
        "10月10日（周六）（国庆节调休上班） 08:30—11:20 计2小时50分，11:20 到期",
    )


def test_working_hours_say_the_days_that_were_paused_whole(stands: Stands) -> None:
    found = stands(a_clock(*a_pause("09-30 15:20", "10-09 08:30")), "1 working hour")
    assert due(found) == "10-09 09:30"
    assert found.explanation[2:5] == (
        "9月30日（周三）15:20 派单，挂起中，从10月9日（周五）08:30 起算",
        "9月30日（周三） 挂起，不计",
        "10月1日—10月7日 国庆节放假，不计",
    )


def test_plain_hours_get_back_every_paused_minute(stands: Stands) -> None:
    found = stands(a_clock(*a_pause("09-30 16:20", "10-01 01:00")), "3 hours", "10-01 02:00")
    assert due(found) == "10-01 03:00"
    assert found.explanation[1:] == (
        "9月30日（周三）16:20—10月1日（周四）01:00 挂起（等待省厅批复），其间8小时40分",
        "9月30日（周三）15:20 派单，昼夜和节假日连续计算",
        "9月30日（周三）15:20—9月30日（周三）16:20 计1小时",
        "10月1日（周四）01:00—10月1日（周四）03:00 计2小时",
        "10月1日（周四）03:00 到期",
        "截至10月1日（周四）02:00：已用2小时，还剩1小时",
    )


def test_an_hour_is_an_hour_even_in_the_night_the_clocks_are_changed(calendar_with: Callable[..., Calendar]) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begins, pauses, resumes = (
        datetime(2026, 10, day, hour, tzinfo=berlin) for day, hour in ((24, 23), (25, 1), (25, 4))
    )
    clock = Clock((Started(begins, "水利局", "派单", "respond"), Paused(pauses, "等待"), Resumed(resumes)))
    found = reckon(clock, limits_of("3 hours"), calendar_with(zone="Europe/Berlin"), resumes)
    assert due(found) == "10-25 05:00"  # two hours before the pause, which itself lasted four
    assert "其间4小时" in found.explanation[1]


def test_calendar_days_get_back_each_paused_date_be_it_a_day_off(stands: Stands) -> None:
    found = stands(a_clock(*a_pause("10-02 10:00", "10-03 09:00")), "3 calendar days")
    assert due(found) == "10-08 17:30"
    assert found.explanation[3:6] == (
        "满3天为10月3日（周六）",
        "其间挂起2天不计，延至10月5日（周一）",
        "10月5日（周一） 国庆节放假，顺延到其后第一个工作日10月8日（周四）",
    )


def test_an_end_moved_to_a_working_day_moves_on_if_that_day_is_paused(stands: Stands) -> None:
    assert due(stands(a_clock(*a_pause("10-08 09:00", "10-08 10:00")), "1 week")) == "10-09 17:30"


def test_a_month_is_made_days_before_paused_ones_are_given_back(stands: Stands) -> None:
    found = stands(a_clock(*a_pause("10-12 09:00", "10-14 10:00")), "1 month")
    assert due(found) == "11-02 17:30"
    assert "其间挂起3天不计，延至11月2日（周一）" in found.explanation


def test_a_paused_clock_has_no_deadline_and_says_what_it_would_be(stands: Stands) -> None:
    found = stands(a_clock(Paused(at("10-08 10:00"), "等待省厅批复")), "2 working days", "10-09 15:00")
    assert (found.state, found.due, found.provisional) == (ClockState.PAUSED, None, False)
    assert found.used == 3 * HOUR + 40 * MINUTE
    assert found.explanation[1] == "10月8日（周四）10:00 起挂起（等待省厅批复），至今工作时间9小时"
    assert found.explanation[-2:] == (
        "10月8日（周四）10:00 起挂起，没有到期时间；以上按现在恢复推算，为10月12日（周一）17:30",
        "截至10月9日（周五）15:00：已用工作时间3小时40分，还剩工作时间15小时30分",
    )


def test_a_clock_paused_in_the_minute_it_runs_out_has_run_out(stands: Stands) -> None:
    found = stands(a_clock(Paused(at("10-09 17:30"), "等待省厅批复")), "2 working days", "10-15 10:00")
    assert (due(found), found.overdue_by) == ("10-09 17:30", timedelta())


def test_a_clock_paused_after_it_ran_out_stays_overdue_but_no_more(stands: Stands) -> None:
    late = a_clock(Paused(at("10-10 09:30"), "等待省厅批复"))
    found = stands(late, "2 working days", "10-15 10:00")
    assert (due(found), found.overdue_by) == ("10-09 17:30", HOUR)


def test_a_stopped_clock_is_as_it_was_then(stands: Stands) -> None:
    stopped = a_clock(Stopped(at("10-09 16:30")))
    assert stands(stopped, "2 working days", "10-09 16:30") == stands(stopped, "2 working days", "10-31 10:00")
    assert stands(stopped, "2 working days").left == HOUR


def test_a_clock_stopped_on_hold_was_never_due(stands: Stands) -> None:
    found = stands(a_clock(Paused(at("10-08 10:00"), "等待省厅批复"), Stopped(at("10-20 10:00"))), "2 working days")
    assert (found.state, found.due, found.overdue_by) == (ClockState.STOPPED, None, timedelta())
