"""Two people, or two clocks, at the same moment: exactly one wins, the other is told; on SQLite and PostgreSQL."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.run import complete as complete_task
from engine.store.cases import take_up
from engine.store.keep import Act, Stale, keep
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.accounts import FAILURES_ALLOWED, LockedOut, WrongPassword, enter
from processes.agenda import strike
from processes.answers import answers_of
from processes.attachments import keep_paper
from processes.forms import Posted
from processes.installation import Installation
from processes.tables import DraftRow, MatterRow, NoticeRow, NumberRow
from processes.work import AlreadyDone, ClaimedByAnother, Done, claim, complete, save_draft
from tests.kit.actors import Actors, a_case, all_rows, answers_to, at_once, listening, open_task, pack_of
from tests.kit.folders import unsupervised
from tests.kit.journals import journal_lines
from tests.kit.offers import assert_offers_follow
from tests.kit.papers import a_paper
from tests.kit.sites import a_person, a_site, me

COUNTY = "360428"
COLLECTOR = "collector@360428109"
NOW = datetime.fromisoformat("2026-09-07T10:00:00+08:00")
ROUNDS = 4


def test_two_people_submit_one_task_and_exactly_one_wins(site_on_both: Installation) -> None:
    site, first = site_on_both, me(site_on_both, COLLECTOR)
    second = a_person(site, "周小梅", COLLECTOR)
    for _ in range(ROUNDS):
        task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
        submit = partial(complete, site, task_id=task.id, posted=answers_to("collect"), now=NOW, outcome="forward")
        got = at_once(partial(submit, me=first), partial(submit, me=second))
        assert sorted(type(each) for each in got if isinstance(each, Done)) == [Done], got
        refusal = next(each for each in got if not isinstance(each, Done))
        assert isinstance(refusal, AlreadyDone), repr(refusal)
        winner = first if isinstance(got[0], Done) else second
        assert winner.name in refusal.sentence
        with site.db.read() as session:
            answers = {answer.task_id: answer.by for answer in answers_of(session, COUNTY, task.case_id)}
            vets = session.scalars(select(TaskRow.step).where(TaskRow.case_id == task.case_id, TaskRow.state == "open"))
            assert answers[task.id] == winner.id and vets.all() == ["vet"]
        assert len(journal_lines(site.db, JournalRow.case_id == task.case_id, fact="TaskCompleted")) == 2


def test_two_people_claim_one_task_and_exactly_one_has_it(site_on_both: Installation) -> None:
    site, first = site_on_both, me(site_on_both, COLLECTOR)
    second = a_person(site, "周小梅", COLLECTOR)
    for _ in range(ROUNDS):
        task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
        got = at_once(*(partial(claim, site, each, task.id, now=NOW) for each in (first, second)))
        refusals = [each for each in got if each is not None]
        assert [type(each) for each in refusals] == [ClaimedByAnother], got
        winner = first if got[0] is None else second
        with site.db.read() as session:
            assert session.get_one(TaskRow, (COUNTY, task.id)).claimed_by == winner.id
            assert_offers_follow(session)


def test_a_claim_and_anothers_submit_do_not_both_succeed(site_on_both: Installation) -> None:
    site, first = site_on_both, me(site_on_both, COLLECTOR)
    second = a_person(site, "周小梅", COLLECTOR)
    for _ in range(ROUNDS):
        task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
        got = at_once(
            partial(claim, site, first, task.id, now=NOW),
            partial(complete, site, second, task.id, answers_to("collect"), now=NOW, outcome="forward"),
        )
        assert sum(isinstance(each, AlreadyDone | ClaimedByAnother) for each in got) == 1, got


def test_branches_of_one_case_are_done_at_the_same_moment(site_on_both: Installation) -> None:
    site = site_on_both
    case_id = a_case(site, 5, "water_pipe")
    units = ("housing", "water_company", "urban_management")
    tasks = {unit: open_task(site, "accept", f"section_head@{unit}", case_id, branch=unit) for unit in units}
    got = at_once(
        *(
            partial(
                complete,
                site,
                me(site, f"section_head@{unit}"),
                task.id,
                answers_to("accept"),
                now=NOW,
                outcome="submit",
            )
            for unit, task in tasks.items()
        )
    )
    assert all(isinstance(each, Done) for each in got), got
    with site.db.read() as session:
        opened = session.scalars(select(TaskRow.step).where(TaskRow.case_id == case_id, TaskRow.state == "open"))
        assert opened.all() == ["plan"] * 3


def test_a_step_computed_from_an_older_state_is_refused_and_writes_nothing(site_on_both: Installation) -> None:
    site, pack = site_on_both, pack_of(site_on_both)
    case_id, collector = a_case(site, 1), me(site_on_both, COLLECTOR)
    task = open_task(site, "collect", COLLECTOR, case_id)
    with site.db.write() as session:
        before, state = take_up(session, COUNTY, case_id)
    step = complete_task(pack.program, state, task.id, {}, "forward", pack.world(NOW))
    complete(site, collector, task.id, answers_to("collect"), now=NOW, outcome="forward")
    rows = all_rows(site)
    with pytest.raises(Stale) as refused, site.db.write() as session:
        keep(session, before, step, Act(NOW, collector.id, task.id, "forward"))
    assert "没有保存" in refused.value.sentence
    assert all_rows(site) == rows


def test_an_older_live_case_is_never_taken_up(site: Installation) -> None:
    case_id = a_case(site, 1)
    task = open_task(site, "collect", COLLECTOR, case_id)
    elsewhere = Installation(site.db, site.papers)
    complete(elsewhere, me(site, COLLECTOR), task.id, answers_to("collect"), now=NOW, outcome="forward")
    vetting = open_task(site, "vet", "vetter@360428109", case_id)
    complete(site, me(site, "vetter@360428109"), vetting.id, answers_to("vet"), now=NOW, outcome="forward")
    assert open_task(site, "approve", "principal@360428109", case_id).case_id == case_id


def test_numbers_have_no_gap_and_no_twin_when_approvals_come_at_once(site_on_both: Installation) -> None:
    site, principal = site_on_both, me(site_on_both, "principal@360428109")
    cases = [a_case(site, 3) for _ in range(6)]
    got = at_once(*(partial(approve, site, principal, case_id) for case_id in cases))
    assert all(isinstance(each, Done) for each in got), got
    with site.db.read() as session:
        numbers = sorted(session.scalars(select(MatterRow.number)))
        last = session.scalars(select(NumberRow.last)).one()
    assert numbers == [f"DC2026-{number:04}" for number in range(1, 7)]
    assert last == 6


def test_a_number_is_taken_last_so_that_nobody_waits_for_more_than_a_commit(site_on_both: Installation) -> None:
    site, case_id = site_on_both, a_case(site_on_both, 3)
    approve(site, me(site, "principal@360428109"), a_case(site, 3))  # the first of a year begins the series
    with listening(site) as heard:
        approve(site, me(site, "principal@360428109"), case_id)
    assert [text.split(" SET ")[0] for text in heard[-3:]] == ["UPDATE number", "UPDATE matter", "COMMIT"]


def test_a_verb_that_follows_at_once_finds_the_number(site: Installation) -> None:
    case_id = Actors(site).play(pack_of(site).stories["urgent_flood"])
    with site.db.read() as session:
        number = session.get_one(MatterRow, (COUNTY, case_id)).number
        told = session.scalars(select(NoticeRow).where(NoticeRow.case_id == case_id)).all()
    assert number and any(number in each.text for each in told)


def test_a_refused_approval_takes_no_number(site: Installation) -> None:
    principal = me(site, "principal@360428109")
    first, second = a_case(site, 3), a_case(site, 3)
    task = open_task(site, "approve", "principal@360428109", first)
    complete_without_minutes = partial(
        complete, site, principal, task.id, Posted({"opinion": ("同意上报。",)}), now=NOW, outcome="approve"
    )
    assert [type(each).__name__ for each in at_once(complete_without_minutes)] == ["Invalid"]
    approve(site, principal, second)
    with site.db.read() as session:
        assert session.get_one(MatterRow, (COUNTY, second)).number == "DC2026-0001"


def test_two_clocks_strike_at_once_and_everything_happens_once(tmp_path: Path, database_url: str) -> None:
    site = a_site(tmp_path, database_url, folder=unsupervised())  # the only cases are those of the test
    elsewhere = Installation(site.db, site.papers)
    for _ in range(3):
        a_case(site, 1)
    a_case(site, 5, "water_pipe")
    late = datetime.fromisoformat("2026-09-12T09:00:00+08:00")
    got = at_once(partial(strike, site, late), partial(strike, elsewhere, late))
    assert all(isinstance(each, int) for each in got), got
    strike(site, late + timedelta(minutes=10))
    with site.db.read() as session:
        notices = [(row.case_id, row.unit, row.kind, row.text) for row in session.scalars(select(NoticeRow))]
        jobs = session.scalars(select(JobRow.kind)).all()
    assert len(notices) == len(set(notices)) and not jobs
    facts = [line.fact for line in journal_lines(site.db)]
    kinds = [kind for *_, kind, _ in notices]
    assert (kinds.count("warning"), kinds.count("late"), kinds.count("overdue")) == (6, 6, 3)
    assert (facts.count("TaskNearlyDue"), facts.count("TaskTurnedRed"), facts.count("EventCaught")) == (6, 6, 3)
    site.db.close()


def test_a_submit_and_the_clock_at_once_leave_the_case_whole(site_on_both: Installation) -> None:
    site, collector = site_on_both, me(site_on_both, COLLECTOR)
    late = datetime.fromisoformat("2026-09-12T09:00:00+08:00")
    for _ in range(ROUNDS):
        task = open_task(site, "collect", COLLECTOR, a_case(site, 1))
        submit = partial(complete, site, collector, task.id, answers_to("collect"), now=NOW, outcome="forward")
        got = at_once(submit, partial(strike, site, late))
        assert isinstance(got[0], Done) and isinstance(got[1], int), got
        with site.db.read() as session:
            case = session.get_one(CaseRow, (COUNTY, task.case_id))
            lines = select(JournalRow.revision).where(JournalRow.case_id == task.case_id)
            assert sorted(set(session.scalars(lines))) == list(range(1, case.revision + 1))


def test_a_draft_saved_twice_at_once_is_one_draft(site_on_both: Installation) -> None:
    site, collector = site_on_both, me(site_on_both, COLLECTOR)
    for number in range(ROUNDS):
        saves = [
            partial(save_draft, site, collector, f"draft{number}", Posted({"note": (text,)}), now=NOW)
            for text in "甲乙"
        ]
        assert at_once(*saves) == [None, None]
    with site.db.read() as session:
        assert len(session.scalars(select(DraftRow)).all()) == ROUNDS


def test_wrong_passwords_at_once_are_all_counted(site_on_both: Installation) -> None:
    site = site_on_both
    tries = [partial(enter, site, COUNTY, "nobody", "no", now=NOW, browser="")] * FAILURES_ALLOWED
    assert [type(each) for each in at_once(*tries)] == [WrongPassword] * FAILURES_ALLOWED
    with pytest.raises(LockedOut):
        tries[0]()


def approve(site: Installation, principal: object, case_id: str) -> Done:
    task = open_task(site, "approve", "principal@360428109", case_id)
    paper = keep_paper(site, principal, io.BytesIO(a_paper("纪要.pdf")), "纪要.pdf", now=NOW)  # type: ignore[arg-type]
    posted = Posted({"minutes": (paper.id,), "opinion": ("同意上报。",)})
    return complete(site, principal, task.id, posted, now=NOW, outcome="approve")  # type: ignore[arg-type]
