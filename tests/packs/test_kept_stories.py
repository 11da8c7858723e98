"""Every story on a whole site: after every step the rows say what a fresh restore of the case's bytes says."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.spiff.instance import Instance
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_jobs import JobRow
from processes.agenda import strike
from processes.installation import Installation
from tests.kit.actors import Actors
from tests.kit.agenda import assert_lights_follow, assert_no_later
from tests.kit.offers import assert_offers_follow
from tests.kit.sites import the_pack

STORIES = sorted(the_pack().stories)


@pytest.mark.parametrize("name", STORIES)
def test_rows_and_engine_agree_after_every_step(name: str, site_on_both: Installation) -> None:
    actors, story = Actors(site_on_both), the_pack().stories[name]
    actors.now, actors.start = story.begins, story.start
    for told in story.steps:
        actors.now = told.at or (actors.now + told.after if told.after else actors.now)
        strike(site_on_both, actors.now)
        if told.does:
            actors.act(told)
        if told.comes:
            actors.receive(told.comes, story.start, told.case)
        for case_id in actors.cases.values():
            assert_rows_agree(actors, case_id)


def assert_rows_agree(actors: Actors, case_id: str) -> None:
    """Open tasks, jobs and journal of the case are those of its state."""
    assert actors.now is not None
    here = {"county": actors.pack.code, "case_id": case_id}
    with actors.inst.db.read() as session:
        case = session.get_one(CaseRow, (here["county"], here["case_id"]))
        tasks = session.scalars(select(TaskRow).filter_by(**here).where(TaskRow.state.in_(("open", "optional")))).all()
        jobs = session.scalars(select(JobRow).filter_by(**here)).all()
        told = session.execute(
            select(JournalRow.revision, JournalRow.told).filter_by(**here).order_by(JournalRow.revision)
        ).all()
        assert_offers_follow(session, TaskRow.case_id == case.id)
        assert_lights_follow(session)
    fresh = Instance.restore(actors.pack.program, case.state, actors.pack.world(actors.now))
    assert {task.id for task in tasks} == set(fresh.open_tasks())
    assert case.ended_by == fresh.ended()
    ticks = [job.due_at for job in jobs if job.kind == "tick"]
    assert len(ticks) <= 1
    assert_no_later(min(ticks, default=None), (due for *_, due in fresh.timers()))
    assert {job.state for job in jobs} <= {"ready"}
    assert [revision for revision, lines in told if lines] == list(range(1, case.revision + 1))
