"""Where a clock stands: due, used, left and overdue, with the lines an operator can dispute."""

from datetime import date, timedelta

import pytest

from engine.time import ClockState, Limits, Measure
from engine.time.clock_errors import ClockDisordered
from engine.time.errors import CountedTheOtherWay
from tests.engine.time.clocks import RULE, Stands, a_clock, a_pause, at, due

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_a_running_clock_says_when_it_is_due_and_what_is_used_and_left(stands: Stands) -> None:
    found = stands(a_clock(), "2 working days", "10-08 10:00")
    assert (found.state, found.measure, found.provisional) == (ClockState.RUNNING, Measure.OFFICE, False)
    assert (found.used, found.left, found.overdue_by) == (3 * HOUR + 40 * MINUTE, 11 * HOUR + 30 * MINUTE, timedelta())
    assert found.explanation == (
        RULE.format("2个工作日"),
        "9月30日（周三）15:20 派单，从次日起算",
        "10月1日—10月7日 国庆节放假，不计",
        "10月8日（周四） 第1个工作日",
        "10月9日（周五） 第2个工作日，17:30 下班时到期",
        "截至10月8日（周四）10:00：已用工作时间3小时40分，还剩工作时间11小时30分",
    )


def test_a_clock_that_has_run_out_says_by_how_much(stands: Stands) -> None:
    found = stands(a_clock(), "2 working days", "10-10 10:00")
    assert (found.left, found.overdue_by) == (timedelta(), 90 * MINUTE)
    assert found.explanation[-1].endswith("已逾期工作时间1小时30分")


def test_hours_of_day_and_night_are_told_as_such(stands: Stands) -> None:
    found = stands(a_clock(), "30 hours", "10-01 10:00")
    assert (found.measure, found.used, found.left) == (Measure.CLOCK, 18 * HOUR + 40 * MINUTE, 11 * HOUR + 20 * MINUTE)


def test_a_clock_may_end_when_somebody_chose(stands: Stands) -> None:
    found = stands(a_clock(limit=date(2026, 10, 12)), "2 working days", "10-12 10:00")
    assert due(found) == "10-12 17:30"
    assert found.explanation[0] == "9月30日（周三）15:20 派单，选定10月12日（周一）17:30 到期"
    assert found.left == 4 * HOUR + 60 * MINUTE
    paused = stands(a_clock(*a_pause("10-08 10:00", "10-08 11:00"), limit=date(2026, 10, 12)), "2 working days")
    assert due(paused) == "10-13 17:30"


def test_a_chosen_day_off_within_a_pause_moves_to_where_the_clock_runs(stands: Stands) -> None:
    weekend = a_clock(*a_pause("10-17 10:00", "10-19 08:00"), limit=date(2026, 10, 18))
    found = stands(weekend, "2 working days")
    assert due(found) == "10-19 17:30"
    assert "当时正在挂起，顺延到10月19日（周一）17:30 下班时" in found.explanation


def test_a_pause_that_is_resumed_and_renewed_in_one_minute_is_one_pause(stands: Stands) -> None:
    seam = at("10-18 11:00")
    twice = a_clock(*a_pause("10-17 10:00", "10-18 11:00"), *a_pause("10-18 11:00", "10-19 08:00"), limit=seam)
    assert due(stands(twice, "2 working days")) == "10-19 17:30"


def test_a_moment_before_the_last_event_is_refused(stands: Stands) -> None:
    with pytest.raises(ClockDisordered, match="现在的时间（2026年9月30日15:19）早于上一件事"):
        stands(a_clock(), "2 working days", "09-30 15:19")


def test_a_warning_cannot_be_a_clock(stands: Stands) -> None:
    warning = Limits.read("""
        [respond]
        name = "临期提醒"
        counts = "before due"
        [[respond.since]]
        from = 2020-05-01
        value = "2 working hours"
        source = "工作规则第十条"
    """)
    with pytest.raises(CountedTheOtherWay):
        stands(a_clock(), warning)
