"""Where a clock stands: pauses, extensions, transfers and new rules, each with the lines an operator can dispute."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.time import (
    Amount,
    Calendar,
    Clock,
    ClockState,
    Extended,
    LimitChanged,
    Limits,
    Measure,
    Paused,
    Reckoned,
    Resumed,
    Started,
    Stopped,
    Transferred,
    grant,
    reckon,
)
from engine.time.errors import (
    ClockDisordered,
    CountedTheOtherWay,
    LimitNotInForce,
    LimitVersionUnknown,
    NothingExtended,
)

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RULE = "平哨响应时限：{}（依据：工作规则第九条，自2020年5月1日起执行）"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def limits_of(value: str, transfer: str = "goes on", newer: str = "") -> Limits:
    return Limits.read(f"""
        [respond]
        name = "平哨响应时限"
        transfer = "{transfer}"
        [[respond.since]]
        from = 2020-05-01
        value = "{value}"
        source = "工作规则第九条"
        {newer}
    """)


def newer(value: str, running: str) -> str:
    return f"""
        [[respond.since]]
        from = 2026-10-10
        value = "{value}"
        source = "工作规则（修订）第九条"
        running = "{running}"
    """


def a_clock(
    *events: Paused | Resumed | Extended | Transferred | LimitChanged | Stopped, limit: str | date = "respond"
) -> Clock:
    return Clock((Started(at("09-30 15:20"), "水利局", "派单", limit), *events))


def a_pause(begins: str, ends: str) -> tuple[Paused, Resumed]:
    return Paused(at(begins), "等待省厅批复"), Resumed(at(ends))


def more(text: str, on: str = "10-09 09:00") -> Extended:
    return Extended(at(on), Amount.read(text), "县吹哨办", "工作规则第十二条")


def until(end: date, on: str = "10-09 09:00") -> Extended:
    return Extended(at(on), end, "县吹哨办", "工作规则第十二条")


PASSED_ON = Transferred(at("10-10 10:00"), "水利局", "住建局")
Stands = Callable[..., Reckoned]


@pytest.fixture(name="stands")
def _stands(calendar: Calendar) -> Stands:
    def stands(clock: Clock, value: str | Limits, now: str = "10-31 10:00") -> Reckoned:
        return reckon(clock, limits_of(value) if isinstance(value, str) else value, calendar, at(now))

    return stands


def due(found: Reckoned) -> str:
    assert found.due is not None
    return f"{found.due.at:%m-%d %H:%M}"


# -- running


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


# -- pauses


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


# -- extensions


def test_an_extension_goes_on_from_the_end_before_it(stands: Stands) -> None:
    found = stands(a_clock(more("2 working days")), "2 working days", "10-09 10:00")
    assert due(found) == "10-12 17:30"
    assert found.explanation[4:-1] == (
        "10月9日（周五） 第2个工作日，17:30 下班时到期",
        "10月9日（周五）09:00 县吹哨办批准延期2个工作日（依据：工作规则第十二条）",
        "10月9日（周五）17:30 原到期，从次日起算",
        "10月10日（周六） 第1个工作日（国庆节调休上班）",
        "10月11日（周日） 周末，不计",
        "10月12日（周一） 第2个工作日，17:30 下班时到期",
    )


def test_an_extension_may_count_in_another_unit_and_be_extended_again(stands: Stands) -> None:
    twice = a_clock(more("2 working hours"), more("1 week", on="10-10 10:00"))
    assert due(stands(twice, "2 working days")) == "10-19 17:30"  # 10-09 17:30, 10-10 10:30, a Saturday, then Monday


def test_an_extension_granted_late_says_so(stands: Stands) -> None:
    found = stands(a_clock(more("2 working days", on="10-10 09:00")), "2 working days")
    assert "县吹哨办批准延期2个工作日（依据：工作规则第十二条，批准时已过原到期时间）" in found.explanation[5]


def test_an_extension_to_a_date_ends_at_its_closing_time(stands: Stands) -> None:
    found = stands(a_clock(until(date(2026, 10, 14))), "2 working days")
    assert due(found) == "10-14 17:30"
    assert "10月9日（周五）09:00 县吹哨办批准延期至10月14日（周三）17:30（依据：工作规则第十二条）" in found.explanation


def test_an_extension_to_an_instant_ends_then(stands: Stands) -> None:
    assert due(stands(a_clock(until(at("10-11 20:00"))), "2 working days")) == "10-11 20:00"


def test_what_is_paused_after_an_extension_to_a_date_is_given_back_too(stands: Stands) -> None:
    found = stands(a_clock(until(date(2026, 10, 14)), *a_pause("10-12 09:00", "10-13 10:00")), "2 working days")
    assert due(found) == "10-16 17:30"
    assert "其间挂起涉及2个工作日，补回后到10月16日（周五）17:30 下班时" in found.explanation


def test_in_working_hours_an_extension_to_an_instant_gets_back_minutes(stands: Stands) -> None:
    pause = a_pause("10-09 10:00", "10-09 11:00")
    assert due(stands(a_clock(until(at("10-09 17:00")), *pause), "9 working hours")) == "10-10 09:00"


def test_an_extension_never_shortens(stands: Stands) -> None:
    found = stands(a_clock(until(date(2026, 10, 8), on="09-30 16:00")), "2 working days")
    assert due(found) == "10-09 17:30"
    assert "原到期时间10月9日（周五）17:30 更晚，仍以它为准" in found.explanation


@pytest.mark.parametrize("end", [date(2026, 10, 9), date(2026, 10, 8), at("10-09 17:30")])
def test_an_extension_that_extends_nothing_is_not_granted(calendar: Calendar, end: date) -> None:
    with pytest.raises(NothingExtended, match="2026年10月9日17:30"):
        grant(a_clock(), until(end, on="10-08 09:00"), limits_of("2 working days"), calendar)


def test_an_extension_into_the_past_is_not_granted(calendar: Calendar) -> None:
    with pytest.raises(NothingExtended):
        grant(a_clock(), until(at("10-10 09:00"), on="10-10 10:00"), limits_of("2 working days"), calendar)


@pytest.mark.parametrize("extension", [more("30 minutes"), until(date(2026, 10, 10)), until(at("10-09 17:31"))])
def test_an_extension_that_extends_is_granted(calendar: Calendar, extension: Extended) -> None:
    granted = grant(a_clock(), extension, limits_of("2 working days"), calendar)
    assert granted.events[-1] == extension


def test_a_paused_clock_can_be_extended(stands: Stands) -> None:
    clock = a_clock(Paused(at("10-08 10:00"), "等待省厅批复"), more("1 working day"), Resumed(at("10-09 15:00")))
    assert due(stands(clock, "2 working days")) == "10-13 17:30"


# -- transfers and new rules


def test_a_transfer_goes_on_unless_the_limit_restarts(stands: Stands) -> None:
    clock = a_clock(more("1 working day"), PASSED_ON)
    goes_on = stands(clock, limits_of("2 working days"))
    assert due(goes_on) == "10-10 17:30"
    assert "10月10日（周六）10:00由水利局转住建局办理，时限接着计算" in goes_on.explanation
    restarts = stands(clock, limits_of("2 working days", transfer="restarts"), "10-12 10:00")
    assert due(restarts) == "10-13 17:30"
    assert restarts.explanation[1:3] == (
        "10月10日（周六）10:00由水利局转住建局办理，从转办起重新计算，此前的延期不再计入",
        "10月10日（周六）10:00 转办，从次日起算",
    )
    assert restarts.used == 5 * HOUR + 90 * MINUTE


def test_a_restart_takes_the_value_then_in_force(stands: Stands) -> None:
    limits = limits_of("2 working days", transfer="restarts", newer=newer("1 working days", "keeps"))
    assert due(stands(a_clock(PASSED_ON), limits)) == "10-12 17:30"


def test_a_running_clock_keeps_its_value_unless_the_new_one_says_otherwise(stands: Stands) -> None:
    changed = a_clock(LimitChanged(at("10-10 08:30"), date(2026, 10, 10)))
    kept = stands(changed, limits_of("5 working days", newer=newer("9 working days", "keeps")))
    assert due(kept) == "10-13 17:30"
    assert any(line.endswith("办理中的仍按开始时的规定") for line in kept.explanation)


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        ("9 working days", "10-19 17:30", "新规定不短于原规定，从开始时起按新规定计算"),
        ("1 working days", "10-12 17:30", "新规定较短，从变更时起按新规定重新计满"),
        ("4 working days", "10-13 17:30", "新规定较短，但按原规定先到期，仍按原规定计算"),
    ],
)
def test_a_change_for_running_clocks_makes_nobody_late_who_was_in_time(
    stands: Stands, value: str, expected: str, why: str
) -> None:
    changed = a_clock(LimitChanged(at("10-10 08:30"), date(2026, 10, 10)))
    found = stands(changed, limits_of("5 working days", newer=newer(value, "changes")))
    assert due(found) == expected
    assert why in found.explanation
    assert found.explanation[0] == RULE.format("5个工作日")
    assert found.explanation[1].startswith("10月10日（周六）08:30 起改为 平哨响应时限：")


def test_a_version_that_does_not_exist_or_is_not_in_force_yet_is_refused(stands: Stands) -> None:
    limits = limits_of("5 working days", newer=newer("1 working days", "changes"))
    with pytest.raises(LimitVersionUnknown, match="2026-10-11"):
        stands(a_clock(LimitChanged(at("10-12 08:30"), date(2026, 10, 11))), limits)
    with pytest.raises(LimitNotInForce):
        stands(a_clock(LimitChanged(at("10-09 08:30"), date(2026, 10, 10))), limits)


# -- chosen ends, and what cannot be asked


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
