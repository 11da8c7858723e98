"""Running matters move to a new version of the county: what departments have done and been promised comes along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Rejected
from engine.jobs import run
from engine.leases import lease
from engine.migrate import CannotMigrate
from engine.model import Files
from engine.store.tables import CaseRow, OfferRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.agenda import strike, work_of
from processes.installation import Installation
from processes.migration import (
    BATCH,
    AlreadyThere,
    CaseEnded,
    Move,
    NoSuchVersion,
    begin_migration,
    find_version,
    list_quarantined,
    move_case,
    try_moves,
)
from processes.sealing import seal
from processes.tables import DraftRow
from processes.tables_upkeep import MigrationRow
from processes.work import claim, save_draft
from tests.kit.actors import Actors, a_case, all_rows, answers_to, open_task, pack_of
from tests.kit.folders import another_version, with_step_called
from tests.kit.journals import journal_lines
from tests.kit.sites import OPENED, me, the_folder, the_pack

HEAD = "section_head@urban_management"
STORY = the_pack().stories["single_unit"]
RENAMED = another_version("report_in.bpmn", 'name="提交办理结果"', 'name="提交办理结果和照片"')
UNDONE = with_step_called("vet", "check_facts")
TASK_COLUMNS = [column.key for column in TaskRow.__table__.columns]


def sealed(inst: Installation, files: Files) -> str:
    """Seal a folder as the county's current version."""
    return seal(inst.db, files, now=OPENED)


def a_move(to: str, now: datetime) -> Move:
    return Move(to, "新版流程更简便", "wang", now)


def everything_open(inst: Installation) -> Mapping[str, Any]:
    """What must not change: open tasks with claims and deadlines, who may do them, drafts, and what is due when."""
    with inst.db.read() as session:
        tasks = session.scalars(select(TaskRow).order_by(TaskRow.id)).all()
        offers = session.execute(select(OfferRow.__table__))
        jobs = session.execute(select(JobRow.kind, JobRow.case_id, JobRow.due_at).where(JobRow.case_id.is_not(None)))
        drafts = session.execute(select(DraftRow.key, DraftRow.saved_at))
        return {
            "tasks": [{name: getattr(task, name) for name in TASK_COLUMNS} for task in tasks],
            "offers": sorted(map(str, offers)),
            "jobs": sorted(map(str, jobs)),
            "drafts": sorted(map(str, drafts)),
        }


def version_of(inst: Installation, case_id: str) -> str:
    with inst.db.read() as session:
        return session.scalars(select(CaseRow.digest).where(CaseRow.id == case_id)).one()


def go_on(actors: Actors, since: int) -> None:
    """The rest of the story, at its own times."""
    for told in STORY.steps[since:]:
        actors.now = told.at
        assert actors.now is not None
        strike(actors.inst, actors.now)
        actors.act(told)


def test_a_matter_moves_and_loses_nothing(site_on_both: Installation) -> None:
    inst, actors = site_on_both, Actors(site_on_both)
    case_id, old = actors.play(STORY, until=5), pack_of(site_on_both).digest
    now = actors.now + timedelta(minutes=5)
    task = open_task(inst, "accept", HEAD, case_id)
    claim(inst, me(inst, HEAD), task.id, now=now)
    save_draft(inst, me(inst, HEAD), task.id, answers_to("accept"), now=now)
    before, new = everything_open(inst), sealed(inst, RENAMED)

    move_case(inst, pack_of(inst).code, case_id, a_move(new, now))

    assert everything_open(inst) == before
    assert version_of(inst, case_id) == new
    started, told = (line for line in journal_lines(inst.db) if line.fact in ("CaseStarted", "CaseMigrated"))
    assert started.facts == {"digest": old}
    assert (told.fact, told.facts) == ("CaseMigrated", {"from": old, "to": new, "reason": "新版流程更简便"})
    assert (told.by, told.at) == ("wang", now)


def test_a_matter_that_moved_goes_on_by_the_new_version_to_its_end(site: Installation) -> None:
    actors = Actors(site)
    case_id = actors.play(STORY, until=5)
    move_case(site, pack_of(site).code, case_id, a_move(sealed(site, RENAMED), actors.now))
    go_on(actors, 5)
    with site.db.read() as session:
        names = set(session.scalars(select(TaskRow.name).where(TaskRow.case_id == case_id)))
        ended = session.scalars(select(CaseRow.ended_by).where(CaseRow.id == case_id)).one()
    assert "提交办理结果和照片" in names and "提交办理结果" not in names
    assert ended is not None


@pytest.mark.parametrize("steps", range(1, len(STORY.steps)))
def test_wherever_a_matter_stands_it_can_move_to_a_version_that_differs_in_words(
    site: Installation, steps: int
) -> None:
    actors = Actors(site)
    case_id = actors.play(STORY, until=steps)
    new = sealed(site, another_version("whistle.bpmn", "<bpmn:documentation>", "<bpmn:documentation>新版："))
    before = everything_open(site)
    move_case(site, pack_of(site).code, case_id, a_move(new, actors.now))
    assert everything_open(site) == before


def refused(inst: Installation, case_id: str, files: Files, now: datetime) -> str:
    """Why the matter cannot move; nothing is written."""
    new, code = sealed(inst, files), pack_of(inst).code
    before = all_rows(inst)
    with pytest.raises(CannotMigrate) as refusal:
        move_case(inst, code, case_id, a_move(new, now))
    assert all_rows(inst) == before
    (tried,) = try_moves(inst, code, new, now=now, case_id=case_id)
    assert tried.refused == refusal.value.sentence
    return refusal.value.sentence


def test_a_step_that_is_done_must_be_there_to_be_read(site: Installation) -> None:
    case_id = a_case(site, 5)
    assert "“审核把关”已经办过，新版本里没有了" in refused(site, case_id, UNDONE, OPENED)


def test_a_running_deadline_is_not_moved(site: Installation) -> None:
    case_id = a_case(site, 5)
    longer = another_version("limits.toml", 'value = "2 working days"', 'value = "5 working days"')
    words = refused(site, case_id, longer, OPENED)
    assert "“报到”正在办理，它的时限会从" in words and "变为" in words


def test_a_limit_that_changes_later_moves_no_running_deadline(site: Installation) -> None:
    case_id = a_case(site, 5)
    head = '[respond]\nname = "平哨响应时限"\n'
    later = '[[respond.since]]\nfrom = 2026-12-01\nvalue = "5 working days"\nsource = "新规"\n'
    new = sealed(site, another_version("limits.toml", head, head + later))
    move_case(site, pack_of(site).code, case_id, a_move(new, OPENED))
    assert version_of(site, case_id) == new


def test_nobody_loses_a_task_with_a_post_that_is_gone(site: Installation) -> None:
    case_id = a_case(site, 5)
    files = dict(the_folder())
    gone = {name: raw.replace(b"urban_management", b"city_management") for name, raw in files.items()}
    assert "办理它的岗位或单位在新版本里没有了" in refused(site, case_id, gone, OPENED)


def test_what_was_raised_must_still_be_something_one_can_raise(site: Installation) -> None:
    case_id = a_case(site, 5)
    other = dict(another_version("county.toml", 'name = "吹哨"', 'name = "乡呼县应"'))
    for file, text in other.items():  # what is supervised and assessed, and what stories tell of
        if file.endswith(".toml"):
            other[file] = re.sub(r'(?m)^((?:starts?|about) = \[?)"吹哨"', r'\1"乡呼县应"', text.decode()).encode()
    assert "“吹哨”已经发起，新版本里没有这一类事项" in refused(site, case_id, other, OPENED)


def test_an_open_step_keeps_its_form(site: Installation) -> None:
    case_id = a_case(site, 5)
    files = dict(another_version("report_in.bpmn", 'camunda:formKey="accept"', 'camunda:formKey="accept_task"'))
    files["forms/accept_task.form"] = files["forms/accept.form"]
    assert "“报到”正在办理，新版本给它换了表单" in refused(site, case_id, files, OPENED)


def test_trying_says_the_same_and_writes_nothing(site: Installation) -> None:
    case_ids = [a_case(site, 5), a_case(site, 1, "water_pipe")]
    new = sealed(site, UNDONE)
    before = all_rows(site)
    tried = {each.case_id: each.refused for each in try_moves(site, pack_of(site).code, new, now=OPENED)}
    assert all_rows(site) == before
    assert "“审核把关”" in (tried[case_ids[0]] or "") and tried[case_ids[1]] is None


def test_what_cannot_move_stays_is_listed_and_goes_on(site_on_both: Installation) -> None:
    inst, actors = site_on_both, Actors(site_on_both)
    stays, old = actors.play(STORY, until=5), pack_of(site_on_both).digest
    moves = a_case(inst, 1, "water_pipe")
    new, code = sealed(inst, UNDONE), pack_of(inst).code
    begin_migration(inst, code, a_move(new, actors.now))
    strike(inst, actors.now)
    assert (version_of(inst, stays), version_of(inst, moves)) == (old, new)
    with inst.db.read() as session:
        (kept,) = list_quarantined(session, code, new)
        migration = session.scalars(select(MigrationRow)).one()
    assert kept[0].case_id == stays and "“审核把关”" in kept[1]
    assert (migration.moved, migration.refused, migration.ended_at) == (1, 1, actors.now)
    go_on(actors, 5)
    with inst.db.read() as session:
        assert list_quarantined(session, code, new) == []


def test_a_quarantined_matter_is_let_go_when_it_can_move(site: Installation) -> None:
    case_id, code = a_case(site, 5), pack_of(site).code
    longer = sealed(site, another_version("limits.toml", 'value = "2 working days"', 'value = "5 working days"'))
    begin_migration(site, code, a_move(longer, OPENED))
    actors = Actors(site)
    actors.cases[""], actors.now = case_id, STORY.steps[5].at
    strike(site, actors.now)
    actors.act(STORY.steps[5])
    move_case(site, code, case_id, a_move(longer, actors.now))
    with site.db.read() as session:
        assert list_quarantined(session, code, longer) == []


def test_many_move_in_bounded_batches_and_go_on_where_they_were_broken_off(site: Installation) -> None:
    cases = [a_case(site, 1) for _ in range(BATCH + 3)]
    new, code = sealed(site, RENAMED), pack_of(site).code
    now = STORY.begins + timedelta(minutes=30)
    begin_migration(site, code, a_move(new, now))
    run_batch(site, now)
    assert sum(version_of(site, each) == new for each in cases) == BATCH
    strike(site, now)  # another process, after the first one died
    assert all(version_of(site, each) == new for each in cases)
    assert [line.case_id for line in journal_lines(site.db, fact="CaseMigrated")] == sorted(cases)


def run_batch(inst: Installation, now: datetime) -> None:
    """One job of the migration, and no more."""
    with inst.db.read() as session:
        batch = session.scalars(select(JobRow).where(JobRow.kind == "migrate")).one()
    leased = lease(inst.db, batch.county, batch.id, now)
    assert leased is not None and run(inst.db, leased, now, work_of(inst))


def test_what_is_there_or_over_already_is_refused(site: Installation) -> None:
    code, old = pack_of(site).code, pack_of(site).digest
    running, over = a_case(site, 1), a_case(site, 99, "water_pipe")
    for case_id, refusal in ((running, AlreadyThere), (over, CaseEnded)):
        with pytest.raises(refusal):
            move_case(site, code, case_id, a_move(old, OPENED))


@pytest.mark.parametrize("version", ["", "abc", "0" * 64])
def test_a_version_must_be_named_plainly(site: Installation, version: str) -> None:
    with site.db.read() as session:
        assert find_version(session, pack_of(site).code, "current") == pack_of(site).digest
        assert find_version(session, pack_of(site).code, pack_of(site).digest[:8]) == pack_of(site).digest
        with pytest.raises(NoSuchVersion) as refusal:
            find_version(session, pack_of(site).code, version)
    assert isinstance(refusal.value, Rejected)
