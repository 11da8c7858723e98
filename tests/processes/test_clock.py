"""What happens by itself: a warning before a task is due, red after, a BPMN timer; each once, also after downtime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.jobs import Job, Work, run_due
from engine.leases import LEASE, next_due
from engine.store.database import Database
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.agenda import strike
from processes.installation import Installation
from processes.papers import PaperStore
from processes.tables import MatterRow, NoticeRow
from processes.work import complete
from tests.kit.actors import a_case, answers_to, open_task
from tests.kit.journals import what_is_told
from tests.kit.sites import me

COLLECTOR = "collector@360428109"
WARN = datetime.fromisoformat("2026-09-08T15:30:00+08:00")  # two working hours before it is due
DUE = datetime.fromisoformat("2026-09-08T17:30:00+08:00")
MINUTE = timedelta(minutes=1)


def test_a_warning_comes_before_the_task_is_due_and_only_once(site: Installation) -> None:
    case_id = a_case(site, 1)
    assert strike(site, WARN - MINUTE) == 0 and told(site) == []
    assert strike(site, WARN) == 1
    assert strike(site, WARN + MINUTE) == 0
    assert told(site) == [("warning", "360428109", "“收集事项”将于 9月8日（周二）17:30 到期，请抓紧办理。", WARN)]
    assert facts(site, case_id, "TaskNearlyDue") == [WARN]


def test_a_task_turns_red_when_its_time_is_over_and_only_once(site: Installation) -> None:
    case_id = a_case(site, 1)
    strike(site, WARN)
    assert strike(site, DUE - MINUTE) == 0
    assert strike(site, DUE) == 1
    assert strike(site, DUE + timedelta(days=3)) == 0
    assert [kind for kind, *_ in told(site)] == ["warning", "late"]
    assert facts(site, case_id, "TaskTurnedRed") == [DUE]
    with site.db.read() as session:
        assert session.scalars(select(TaskRow.late_at).where(TaskRow.step == "collect")).one() == DUE


def test_after_downtime_both_are_made_up_for_once_with_the_time_they_were_due(site: Installation) -> None:
    case_id, back_up = a_case(site, 1), DUE + timedelta(days=9)
    assert strike(site, back_up) == 2
    assert strike(site, back_up) == 0
    assert [(kind, at) for kind, _, _, at in told(site)] == [("warning", back_up), ("late", back_up)]
    assert (facts(site, case_id, "TaskNearlyDue"), facts(site, case_id, "TaskTurnedRed")) == ([WARN], [DUE])
    with site.db.read() as session:
        assert session.scalars(select(TaskRow.late_at).where(TaskRow.step == "collect")).one() == DUE


def test_a_restart_forgets_nothing_that_is_to_come(site: Installation, tmp_path: Path) -> None:
    a_case(site, 1)
    strike(site, WARN)
    site.db.close()
    restarted = Installation(Database(site.db.url), PaperStore(tmp_path / "papers"))
    assert next_due(restarted.db) == DUE
    assert strike(restarted, DUE) == 1
    assert [kind for kind, *_ in told(restarted)] == ["warning", "late"]
    restarted.db.close()


def test_a_task_done_in_time_gets_neither(site: Installation) -> None:
    case_id = a_case(site, 1)
    task = open_task(site, "collect", COLLECTOR, case_id)
    complete(site, me(site, COLLECTOR), task.id, answers_to("collect"), now=WARN - MINUTE, outcome="forward")
    assert strike(site, DUE + MINUTE) == 1  # the case's job came for nothing, and is put back for the next task
    assert next_due(site.db) == open_task(site, "vet", "vetter@360428109", case_id).warn_at
    assert facts(site, case_id, "TaskTurnedRed") == [] and told(site) == []


def test_a_warned_task_done_in_time_never_turns_red(site: Installation) -> None:
    case_id = a_case(site, 1)
    strike(site, WARN)
    task = open_task(site, "collect", COLLECTOR, case_id)
    complete(site, me(site, COLLECTOR), task.id, answers_to("collect"), now=DUE - MINUTE, outcome="forward")
    strike(site, DUE + MINUTE)
    assert [kind for kind, *_ in told(site)] == ["warning"]


def test_a_unit_that_does_not_report_in_is_told_by_the_drawings_own_timer(site: Installation) -> None:
    case_id = a_case(site, 9, "one_unit_late")  # two of three units have reported in
    over = datetime.fromisoformat("2026-09-09T17:30:00+08:00")
    strike(site, over)
    strike(site, over + MINUTE)
    overdue = [(unit, text) for kind, unit, text, _ in told(site) if kind == "overdue"]
    with site.db.read() as session:
        number = session.scalars(select(MatterRow.number).where(MatterRow.case_id == case_id)).one()
    assert [unit for unit, _ in overdue] == ["urban_management"]
    assert "县城管局" in overdue[0][1] and "都昌镇" in overdue[0][1] and str(number) in overdue[0][1]
    assert open_task(site, "accept", "section_head@urban_management", case_id).state == "open"


def test_whoever_is_dispatched_gets_a_notice_with_the_number_and_the_time(site: Installation) -> None:
    a_case(site, 5, "water_pipe")
    dispatched = {unit: text for kind, unit, text, _ in told(site) if kind == "dispatched"}
    assert set(dispatched) == {"housing", "water_company", "urban_management"}
    assert all("DC2026-0001" in text and "都昌镇" in text and "9月24日（周四）" in text for text in dispatched.values())


def test_no_notice_leaves_a_gap_of_the_sentence_open(site: Installation) -> None:
    a_case(site, 99, "two_rounds_of_rework")
    strike(site, datetime.fromisoformat("2026-12-01T09:00:00+08:00"))
    texts = [text for _, _, text, _ in told(site)]
    assert any("返工" in text for text in texts)
    assert not [text for text in texts if "{" in text or "None" in text or "，，" in text]


def test_a_fault_in_one_case_does_not_stop_the_clock_for_the_others(site: Installation) -> None:
    broken, whole = a_case(site, 1), a_case(site, 1)
    restarted = spoiled(site, broken)
    strike(restarted, DUE)
    assert (facts(site, broken, "TaskTurnedRed"), facts(site, whole, "TaskTurnedRed")) == ([], [DUE])
    with site.db.read() as session:
        left = session.execute(select(JobRow.state, JobRow.attempts, JobRow.error)).all()
    assert [(state, attempts) for state, attempts, _ in left] == [("ready", 1)]
    assert all(error for *_, error in left)


def test_a_clock_that_lost_its_lease_does_nothing_more(site: Installation) -> None:
    """It stalls after the first of two jobs; another takes over the second, which then happens once."""
    a_case(site, 1), a_case(site, 1)
    done_by_the_stalled: list[str] = []

    def stall(_session: Session, job: Job, _now: datetime) -> Callable[[], None]:
        done_by_the_stalled.append(job.kind)
        return lambda: strike(site, DUE + 2 * LEASE) and None

    run_due(site.db, DUE, Work({"light": stall}))
    assert done_by_the_stalled == ["light"]
    assert [kind for kind, *_ in told(site)] == ["warning", "late"]


def test_a_job_that_succeeds_only_later_still_tells_when_it_fell_due(site: Installation) -> None:
    case_id = a_case(site, 1)
    rename_jobs(site, light="no such kind")
    strike(site, DUE)
    rename_jobs(site, **{"no such kind": "light"})
    strike(site, DUE + timedelta(hours=2))
    assert facts(site, case_id, "TaskTurnedRed") == [DUE]
    with site.db.read() as session:
        assert session.scalars(select(TaskRow.late_at).where(TaskRow.step == "collect")).one() == DUE


def rename_jobs(site: Installation, **kinds: str) -> None:
    with site.db.write() as session:
        for old, new in kinds.items():
            session.execute(update(JobRow).where(JobRow.kind == old).values(kind=new))


def test_a_job_that_always_fails_is_dead_after_its_attempts_and_stays_on_record(site: Installation) -> None:
    restarted = spoiled(site, a_case(site, 1))
    for hour in range(12):
        strike(restarted, DUE + timedelta(hours=2 * hour))
    with site.db.read() as session:
        assert session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all() == [("dead", 1)]


def spoiled(site: Installation, case_id: str) -> Installation:
    """The site after a restart, with a case that cannot be loaded and whose jobs try to."""
    with site.db.write() as session:
        session.execute(update(JobRow).where(JobRow.case_id == case_id).values(kind="tick"))
        session.execute(update(CaseRow).where(CaseRow.id == case_id).values(state=b"spoiled"))
    return Installation(site.db, site.papers)


def told(site: Installation) -> list[tuple[str, str, str, datetime]]:
    """Every notice: kind, unit, text, time."""
    with site.db.read() as session:
        rows = session.scalars(select(NoticeRow)).all()
    order = {"warning": 0, "late": 1}
    return sorted(
        ((row.kind, row.unit, row.text, row.at) for row in rows), key=lambda row: (row[3], order.get(row[0], 2))
    )


def facts(site: Installation, case_id: str, fact: str) -> list[datetime]:
    """When a fact should have happened, for each time it stands in the journal of a case."""
    told = what_is_told(site.db, fact, JournalRow.case_id == case_id)
    return [datetime.fromisoformat(facts["fell_due_at"]) for facts in told]
