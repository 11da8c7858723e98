"""The clocks that counties keep, by the model county's own calendar and limits where it has them."""

from datetime import date, datetime
from pathlib import Path
from tomllib import loads
from zoneinfo import ZoneInfo

import pytest

from engine.time import (
    Amount,
    Calendar,
    Clock,
    Deadline,
    Extended,
    Limits,
    Paused,
    Resumed,
    Started,
    Stopped,
    Transferred,
    reckon,
)

FOLDER = Path(__file__).parents[3] / "bpmn" / "duchang"
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def told(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture(name="county", scope="module")
def _county() -> Calendar:
    entries = loads(told("county.toml"))
    return Calendar.read(
        told("calendar.csv"), entries["hours"], entries["calendar_published_until"], entries["time_zone"]
    )


LIMITS = Limits.read(told("limits.toml"))
OTHERS = Limits.read("""
[pass_on]
name = "转办时限"
[[pass_on.since]]
from = 2025-01-01
value = "30 minutes"
source = "XJ-7"

[on_site]
name = "到现场时限"
[[on_site.since]]
from = 2025-01-01
value = "3 hours"
source = "XJ-7"

[answer]
name = "答复时限"
[[answer.since]]
from = 2025-01-01
value = "3 working days"
source = "XJ-7"

[report_in]
name = "报到时限"
[[report_in.since]]
from = 2025-01-01
value = "1 week"
source = "MA-5"

[finish]
name = "完成时限"
[[finish.since]]
from = 2025-01-01
value = "3 months"
source = "MA-5"
""")


def due(clock: Clock, limits: Limits, county: Calendar, now: str) -> Deadline | None:
    return reckon(clock, limits, county, at(now)).due


def test_a_matter_dispatched_on_the_wednesday_before_the_holiday_has_a_clock_to_respond_and_one_to_solve(
    county: Calendar,
) -> None:
    # DC-9, DC-5: two working days to respond by the rule; the day to have it solved by is named at dispatch
    dispatch = at("09-30 15:20")
    respond = Clock((Started(dispatch, "水利局", "分哨", "respond"),))
    solve = Clock((Started(dispatch, "水利局", "分哨", date(2026, 10, 16)),))

    # the bureau reports in on the first day after the holiday: one clock stops, the other runs on
    respond = respond.then(Stopped(at("10-08 16:00")))
    assert respond.events[-1].at < at("10-09 17:30")
    stopped = reckon(respond, LIMITS, county, at("10-20 10:00"))
    assert stopped.due is not None
    assert stopped.due.at == at("10-09 17:30")
    assert not stopped.overdue_by
    found = due(solve, LIMITS, county, "10-08 16:00")
    assert found is not None
    assert found.at == at("10-16 17:30")

    # the pipe must be ordered from outside: on hold from Monday noon to Wednesday morning, three days given back
    solve = solve.then(Paused(at("10-12 11:00"), "等待管材到货"))
    assert due(solve, LIMITS, county, "10-13 10:00") is None
    solve = solve.then(Resumed(at("10-14 09:00")))
    found = due(solve, LIMITS, county, "10-14 09:00")
    assert found is not None
    assert found.at == at("10-21 17:30")

    # the matter is really the housing bureau's: the clock that started at dispatch runs on
    solve = solve.then(Transferred(at("10-15 10:00"), "水利局", "住建局"))
    assert due(solve, LIMITS, county, "10-15 10:00") == due(solve, LIMITS, county, "10-21 10:00")

    # two working days more, by the whistle office
    solve = solve.then(Extended(at("10-20 10:00"), Amount.read("2 working days"), "县吹哨办", "工作规则第十二条"))
    found = due(solve, LIMITS, county, "10-20 10:00")
    assert found is not None
    assert found.at == at("10-23 17:30")
    assert [line for line in found.explanation if "县吹哨办批准延期2个工作日" in line]


def test_three_clocks_of_one_call_each_run_in_their_own_time(county: Calendar) -> None:
    # XJ-7 三三制, a call on the holiday: half an hour and three hours run at once, three working days wait for offices
    call = at("10-03 20:10")
    dues = [
        due(Clock((Started(call, "网格化中心", "来电", limit),)), OTHERS, county, "10-03 20:10")
        for limit in ("pass_on", "on_site", "answer")
    ]
    assert [each and each.at for each in dues] == [at("10-03 20:40"), at("10-03 23:10"), at("10-10 17:30")]


def test_a_week_to_report_in_and_a_quarter_to_finish_extended_with_two_consents(county: Calendar) -> None:
    # MA-5: the community agrees, then the organisation department approves
    sheet = at("06-30 10:00")
    report_in = due(Clock((Started(sheet, "住建局", "接任务单", "report_in"),)), OTHERS, county, "06-30 10:00")
    assert report_in is not None
    assert report_in.at == at("07-07 17:30")
    finish = Clock(
        (
            Started(sheet, "住建局", "接任务单", "finish"),
            Extended(at("09-25 10:00"), Amount.read("1 month"), "社区同意、区委组织部", "实施意见第五条"),
        )
    )
    found = due(finish, OTHERS, county, "09-25 10:00")
    assert found is not None
    assert found.at == at("10-30 17:30")
