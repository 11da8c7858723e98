"""Who used the time: the township, the whistle office, the lead, its assistants, or the wait for somebody outside."""

from datetime import timedelta

import pytest

from engine.time import (
    Calendar,
    Clock,
    Held,
    Paused,
    Resumed,
    Spent,
    Started,
    Stopped,
    Transferred,
    holdings,
    stopwatch,
)
from engine.time.clock_errors import ClockDisordered
from tests.engine.time.clocks import at

HOUR = timedelta(hours=1)
NOW = at("10-10 10:30")


def held(holder: str, begins: str, ends: str | None, *, waits: bool = False) -> Held:
    return Held(holder, at(begins), at(ends) if ends else None, waits)


def test_each_holder_has_its_own_time_and_nobody_elses(calendar: Calendar) -> None:
    watch = stopwatch(
        [
            held("南峰镇", "09-30 09:00", "09-30 11:00"),
            held("吹哨办", "09-30 11:00", "09-30 15:30"),
            held("水利局", "09-30 15:30", None),
        ],
        calendar,
        NOW,
    )
    assert watch.held == {
        "南峰镇": Spent(2 * HOUR, 2 * HOUR),
        "吹哨办": Spent(2 * HOUR, 4.5 * HOUR),
        "水利局": Spent(17 * HOUR, 9 * 24 * HOUR + 19 * HOUR),
    }
    assert watch.waited == {}
    assert watch.together == Spent(21 * HOUR, 10 * 24 * HOUR + 1.5 * HOUR)
    assert watch.explanation[1:] == (
        "吹哨办办理 9月30日（周三）11:00—9月30日（周三）15:30：工作时间2小时，昼夜4小时30分",
        "水利局办理 9月30日（周三）15:30—10月10日（周六）10:30：工作时间17小时，昼夜9天19小时",
        "总计：工作时间21小时，昼夜10天1小时30分",
    )


def test_lead_and_assistants_side_by_side_each_have_theirs_but_the_matter_has_it_once(calendar: Calendar) -> None:
    watch = stopwatch(
        [
            held("水利局", "10-08 08:30", "10-08 17:30"),
            held("住建局", "10-08 09:30", "10-08 11:30"),
            held("交通局", "10-08 10:30", "10-09 09:30"),
        ],
        calendar,
        NOW,
    )
    assert [spent.working for spent in watch.held.values()] == [6.5 * HOUR, 2 * HOUR, 5.5 * HOUR]
    assert watch.together.working == 7.5 * HOUR


def test_two_tasks_of_one_holder_at_once_count_once(calendar: Calendar) -> None:
    watch = stopwatch(
        [
            held("水利局", "10-08 09:00", "10-08 11:00"),
            held("水利局", "10-08 10:00", "10-08 12:00"),
            held("水利局", "10-08 15:00", "10-08 16:00"),
        ],
        calendar,
        NOW,
    )
    assert watch.held["水利局"] == Spent(4 * HOUR, 4 * HOUR)
    assert watch.explanation == (
        "水利局办理 10月8日（周四）09:00—10月8日（周四）12:00：工作时间3小时，昼夜3小时",
        "水利局办理 10月8日（周四）15:00—10月8日（周四）16:00：工作时间1小时，昼夜1小时",
        "水利局办理 合计：工作时间4小时，昼夜4小时",
        "总计：工作时间4小时，昼夜4小时",
    )


def test_a_wait_is_nobodys_work_and_stops_only_the_one_who_waits(calendar: Calendar) -> None:
    watch = stopwatch(
        [
            held("水利局", "10-08 09:00", "10-08 12:00"),
            held("水利局", "10-08 10:00", "10-08 11:00", waits=True),
            held("水利局", "10-08 10:30", "10-08 11:30", waits=True),
            held("住建局", "10-08 09:00", "10-08 12:00"),
        ],
        calendar,
        NOW,
    )
    assert watch.held == {"水利局": Spent(1.5 * HOUR, 1.5 * HOUR), "住建局": Spent(3 * HOUR, 3 * HOUR)}
    assert watch.waited == {"水利局": Spent(1.5 * HOUR, 1.5 * HOUR)}
    assert "水利局等待 10月8日（周四）10:00—10月8日（周四）11:30：工作时间1小时30分，昼夜1小时30分" in watch.explanation


def test_what_lies_after_now_is_not_counted_yet(calendar: Calendar) -> None:
    watch = stopwatch(
        [held("水利局", "10-10 09:30", "10-20 09:30"), held("住建局", "10-11 09:30", None)], calendar, NOW
    )
    assert watch.together == Spent(HOUR, HOUR)
    assert watch.held["住建局"] == Spent(timedelta(), timedelta())


def test_nobody_holds_a_matter_backwards() -> None:
    with pytest.raises(ClockDisordered):
        held("水利局", "10-08 09:00", "10-08 08:59")


def test_a_clock_tells_who_held_it_and_who_waited(calendar: Calendar) -> None:
    clock = Clock(
        (
            Started(at("10-08 09:00"), "水利局", "派单", "respond"),
            Paused(at("10-08 10:00"), "等待省厅批复"),
            Transferred(at("10-08 11:00"), "水利局", "住建局"),
            Resumed(at("10-08 15:30")),
            Stopped(at("10-08 17:00")),
        )
    )
    assert list(holdings(clock)) == [
        held("水利局", "10-08 09:00", "10-08 10:00"),
        held("水利局", "10-08 10:00", "10-08 11:00", waits=True),
        held("住建局", "10-08 11:00", "10-08 15:30", waits=True),
        held("住建局", "10-08 15:30", "10-08 17:00"),
    ]
    watch = stopwatch(holdings(clock), calendar, NOW)
    assert [spent.working for spent in watch.held.values()] == [HOUR, 1.5 * HOUR]
    assert [spent.working for spent in watch.waited.values()] == [HOUR, 2 * HOUR]


def test_a_clock_that_runs_is_held_until_now() -> None:
    clock = Clock((Started(at("10-08 09:00"), "水利局", "派单", "respond"),))
    assert list(holdings(clock)) == [held("水利局", "10-08 09:00", None)]
