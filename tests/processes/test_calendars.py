"""A deadline beyond the published calendar is provisional, and is counted again when the year's notice comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.tables import TaskRow
from engine.store.tables_jobs import JobRow
from engine.time import FolderInvalid
from processes.agenda import strike
from processes.calendars import Imported, import_notice
from processes.installation import Installation
from processes.sealing import seal
from processes.work import complete
from tests.kit.actors import a_case, answers_to, at_once, open_task
from tests.kit.agenda import assert_lights_follow
from tests.kit.diagrams import at, catch
from tests.kit.errands import an_errand_site, open_steps, run_errand, user
from tests.kit.journals import what_is_told
from tests.kit.offers import assert_offers_follow
from tests.kit.sites import me, the_folder

COUNTY = "360428"
NOTICE = (Path(__file__).parents[1] / "engine/time/notice_2027.csv").read_text()
NEW_YEARS_EVE = datetime.fromisoformat("2026-12-31T10:00:00+08:00")
"""A Thursday: of the day after, New Year's Day, the sealed calendar knows nothing."""


@pytest.fixture
def case_id(site_on_both: Installation) -> str:
    """A case whose next step, one working day, ends beyond the calendar."""
    return a_case(site_on_both, 1, begins=NEW_YEARS_EVE)


def collect(inst: Installation, case_id: str) -> TaskRow:
    with inst.db.read() as session:
        return session.scalars(select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.step == "collect")).one()


def tick_of(inst: Installation, case_id: str) -> datetime:
    with inst.db.read() as session:
        return session.scalars(select(JobRow.due_at).where(JobRow.case_id == case_id, JobRow.kind == "tick")).one()


def day(moment: datetime | None) -> str:
    assert moment is not None
    return (moment + timedelta(hours=8)).strftime("%m-%d")


def test_it_is_provisional_and_says_so(site_on_both: Installation, case_id: str) -> None:
    task = collect(site_on_both, case_id)
    assert (day(task.due_at), task.due_provisional) == ("01-01", True)
    assert "尚未公布" in task.due_explained[-1]


def test_the_notice_moves_it_with_its_jobs_and_the_journal_says_from_what_to_what(
    site_on_both: Installation, case_id: str
) -> None:
    inst = site_on_both
    assert import_notice(inst, COUNTY, NOTICE, now=NEW_YEARS_EVE) == Imported(2027, deadlines=1, timers=0)
    strike(inst, NEW_YEARS_EVE)
    task = collect(inst, case_id)
    assert (day(task.due_at), task.due_provisional) == ("01-04", False)
    assert any("由1月1日" in line and "改为1月4日" in line for line in task.due_explained)
    with inst.db.read() as session:
        assert_lights_follow(session)
        assert_offers_follow(session)
    (told,) = what_is_told(inst.db, "DeadlineRecounted")
    assert (told["step"], told["to"][:10]) == ("collect", "2027-01-04")


def test_what_opens_afterwards_is_counted_by_the_notice_at_once_in_every_process(
    site_on_both: Installation, case_id: str
) -> None:
    inst = site_on_both
    other = Installation(inst.db, inst.papers)
    with other.db.read() as session:
        assert not other.current_pack(session, COUNTY).calendar.is_published(NEW_YEARS_EVE.date().replace(year=2027))
    import_notice(inst, COUNTY, NOTICE, now=NEW_YEARS_EVE)
    later = a_case(other, 1, begins=NEW_YEARS_EVE)
    assert day(collect(other, later).due_at) == "01-04"


def test_a_wrong_notice_changes_nothing_and_says_where_it_is_wrong(site_on_both: Installation) -> None:
    with pytest.raises(FolderInvalid) as refused:
        import_notice(site_on_both, COUNTY, NOTICE.replace("2027-01-01,off", "2027-01-01,holiday"), now=NEW_YEARS_EVE)
    assert "2027" in refused.value.sentence or "holiday" in refused.value.sentence
    with site_on_both.db.read() as session:
        assert session.scalar(select(JobRow.id).where(JobRow.kind == "recount")) is None


def test_the_same_notice_imported_twice_at_once_is_imported_once(site_on_both: Installation) -> None:
    got = at_once(*[lambda: import_notice(site_on_both, COUNTY, NOTICE, now=NEW_YEARS_EVE)] * 3)
    assert [each.year for each in got if isinstance(each, Imported)] == [2027]


def test_a_timer_that_a_limit_set_moves_too(tmp_path: Path, database_url: str) -> None:
    inst = an_errand_site(
        tmp_path,
        database_url,
        "start -> ask -> wait -> read -> done",
        catch("wait", at('limit("respond")')),
        user("read"),
    )
    case = run_errand(inst, now=NEW_YEARS_EVE)
    assert import_notice(inst, COUNTY, NOTICE, now=NEW_YEARS_EVE) == Imported(2027, deadlines=0, timers=1)
    strike(inst, NEW_YEARS_EVE)
    too_early = tick_of(inst, case)
    (told,) = what_is_told(inst.db, "TimerRecounted")
    assert told == {"element": "wait"}
    strike(inst, too_early)  # the job as it was before the notice comes for nothing, and is put back
    assert open_steps(inst, case) == [] and day(tick_of(inst, case)) == "01-05"
    strike(inst, tick_of(inst, case))
    assert open_steps(inst, case) == ["read"]
    inst.db.close()


def test_a_task_done_before_the_notice_keeps_its_deadline(site_on_both: Installation, case_id: str) -> None:
    inst, who = site_on_both, "collector@360428109"
    task = open_task(inst, "collect", who, case_id)
    complete(inst, me(inst, who), task.id, answers_to("collect"), now=NEW_YEARS_EVE, outcome="forward")
    import_notice(inst, COUNTY, NOTICE, now=NEW_YEARS_EVE)
    strike(inst, NEW_YEARS_EVE)
    assert day(collect(inst, case_id).due_at) == "01-01"


def test_a_local_day_written_after_the_notice_goes_before_it(site_on_both: Installation) -> None:
    """The State Council may move a day after all: the county writes it into calendar.csv, as the refusal advises."""
    inst = site_on_both
    import_notice(inst, COUNTY, NOTICE, now=NEW_YEARS_EVE)
    moved = the_folder()["calendar.csv"].decode() + "2027-02-20,off,春节\n"
    seal(inst.db, dict(the_folder()) | {"calendar.csv": moved.encode()}, now=NEW_YEARS_EVE)
    with inst.db.read() as session:
        calendar = inst.current_pack(session, COUNTY).calendar
    assert not calendar.is_working_day(date(2027, 2, 20)), "the notice makes it a working Saturday"
    assert calendar.is_working_day(date(2027, 10, 9)), "the rest of the notice holds"
