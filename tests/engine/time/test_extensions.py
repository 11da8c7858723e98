"""Extensions, transfers and new rules while a clock runs."""

from datetime import date, timedelta

import pytest

from engine.time import Calendar, Extended, LimitChanged, Paused, Resumed, grant
from engine.time.clock_errors import NothingExtended
from engine.time.errors import LimitNotInForce, LimitVersionUnknown
from tests.engine.time.clocks import PASSED_ON, RULE, Stands, a_clock, a_pause, at, due, limits_of, more, newer, until

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


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


def test_in_working_hours_an_end_on_a_paused_sunday_moves_to_where_the_clock_runs(stands: Stands) -> None:
    pause = a_pause("10-17 10:00", "10-19 08:00")
    found = stands(a_clock(until(at("10-18 11:00")), *pause), "9 working hours")
    assert due(found) == "10-19 08:00"
    assert "当时正在挂起，顺延到恢复时10月19日（周一）08:00" in found.explanation


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


def test_a_transfer_goes_on_unless_the_limit_restarts(stands: Stands) -> None:
    clock = a_clock(more("1 working day"), PASSED_ON)
    goes_on = stands(clock, limits_of("2 working days"))
    assert due(goes_on) == "10-10 17:30"
    assert "10月10日（周六）10:00 由水利局转住建局办理，时限接着计算" in goes_on.explanation
    restarts = stands(clock, limits_of("2 working days", transfer="restarts"), "10-12 10:00")
    assert due(restarts) == "10-13 17:30"
    assert restarts.explanation[1:3] == (
        "10月10日（周六）10:00 由水利局转住建局办理，从转办起重新计算，此前的延期不再计入",
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
        ("6 working days", "10-14 17:30", "新规定不短于原规定，从开始时起按新规定计算"),
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
