"""Who has used how much of a matter's time: township, office, lead, each assistant, and the waits for outside."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from processes.installation import Installation
from processes.queries.cases import get_case
from processes.queries.time_used import TimeUsed, time_used
from tests.kit.actors import a_case, pack_of
from tests.kit.diagrams import after, catch, exclusive
from tests.kit.errands import NOW, an_errand_site, do, later, run_errand, user
from tests.kit.sites import me

OFFICE = "director@whistle_office"


def used(inst: Installation, case_id: str, now: str, by: str = OFFICE) -> TimeUsed:
    with inst.db.read() as session:
        case = get_case(session, me(inst, by), case_id)
    return time_used(case, pack_of(inst), datetime.fromisoformat(f"2026-{now}:00+08:00"))


def hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 2)


def shares(found: TimeUsed) -> dict[str, tuple[str, float, float]]:
    return {each.holder: (each.role, hours(each.spent.working), hours(each.spent.clock)) for each in found.shares}


def test_a_whole_matter_by_hand(site: Installation) -> None:
    """Raised 09-07 09:20; the lead and two assistants from 16:40 on; rated until 09-24 09:00, which the
    units have nothing to say to, 5, 10 and 15 minutes later; analysed until 15:30.
    """
    found = used(site, a_case(site, 99, "water_pipe"), "10-30T09:00")
    assert shares(found) == {
        "都昌镇": ("", 7.33, 12.33),  # 09:20—12:00, 14:30—15:10; rates 09-23 09:30—12:00, 14:30—16:00
        "县吹哨办": ("", 8.75, 26.25),  # 15:10—16:40; audits 09-22 15:00—09-23 09:30; analyses 09-24 09:15—15:30
        "县住建局": ("主办单位", 80.42, 364.92),
        "县自来水公司": ("协办单位", 57.0, 262.5),  # done on 09-18 15:00, but for its answer
        "县城管局": ("协办单位", 73.08, 352.58),
    }
    assert hours(found.outside.clock) == 0
    assert hours(found.together.clock) == 414.17, "side by side counts once: from 09-07 09:20 to 09-24 15:30"
    assert not any(each.has_it for each in found.shares)


def test_while_it_runs_time_goes_on_for_whoever_has_it(site: Installation) -> None:
    case_id = a_case(site, 6, "water_pipe")  # the lead has reported in, on 09-08 at 09:00
    noon, later = used(site, case_id, "09-08T12:00"), used(site, case_id, "09-08T15:30")
    assert shares(noon)["县住建局"] == ("主办单位", 4.33, 19.33)
    assert shares(later)["县住建局"] == ("主办单位", 5.33, 22.83)
    assert shares(noon)["县吹哨办"] == shares(later)["县吹哨办"]
    assert [each.holder for each in noon.shares if each.has_it] == ["县住建局", "县自来水公司", "县城管局"]


def test_each_span_is_told_in_a_line_and_the_lines_add_up(site: Installation) -> None:
    lines = used(site, a_case(site, 5, "single_unit"), "09-30T09:00").explanation
    assert any(line.startswith("县吹哨办办理 ") and "工作时间" in line and "昼夜" in line for line in lines)
    assert lines[-1].startswith("总计：")


def test_an_hour_in_which_nobody_could_go_on_is_outside(tmp_path: Path, database_url: str) -> None:
    inst = an_errand_site(
        tmp_path, database_url, "start -> ask -> wait -> read -> done", catch("wait", after("PT1H")), user("read")
    )
    case_id = run_errand(inst)
    found = used(inst, case_id, "09-09T09:40", "clerk@360428109")
    assert (hours(found.outside.working), hours(found.outside.clock)) == (0.67, 0.67)
    later(inst, NOW + timedelta(hours=1))
    found = used(inst, case_id, "09-09T10:30", "clerk@360428109")
    assert (hours(found.outside.clock), hours(found.together.clock)) == (1.0, 0.5)
    inst.db.close()


HOLD = 'if outcome = "other" then pause_clock(solving, "等上级批复") else solving'


def test_a_pause_is_nobodys_work_though_the_step_is_open(tmp_path: Path, database_url: str) -> None:
    """On hold from 10:00; the step that waits for the approval is open all the while."""
    inst = an_errand_site(
        tmp_path,
        database_url,
        'start -> ask -> handle -> asked; asked -> done; asked -> hold if how = "other"; hold -> handle',
        user("handle", due="{solving}", outputs={"how": "outcome", "solving": HOLD}),
        user("hold", due="{solving}", outputs={"solving": "resume_clock(solving)"}),
        exclusive("asked", "done"),
        asks={"solving": 'start_clock("respond", "360428109")'},
    )
    case_id = run_errand(inst)
    do(inst, case_id, "handle", outcome="other", now=NOW + timedelta(hours=1))
    do(inst, case_id, "hold", now=NOW + timedelta(hours=1, minutes=30))
    found = used(inst, case_id, "09-09T11:00", "clerk@360428109")
    assert [hours(each.spent.clock) for each in found.shares] == [1.5]
    assert hours(found.outside.clock) == 0.5
    assert any("等待 9月9日（周三）10:00" in line for line in found.explanation)
    inst.db.close()


def test_a_closed_matter_tells_the_same_ever_after(site: Installation) -> None:
    case_id = a_case(site, 99)
    assert used(site, case_id, "10-30T09:00") == used(site, case_id, "12-30T09:00")
