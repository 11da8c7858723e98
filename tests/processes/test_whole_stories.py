"""Every story of the model county, played on a whole site with its database, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select

from engine.store.tables import CaseRow, TaskRow
from processes.installation import Installation
from tests.kit.actors import Actors
from tests.kit.sites import the_pack

STORIES = sorted(the_pack().stories)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_ends_in_the_database_as_it_ends_on_the_engine(name: str, site_on_both: Installation) -> None:
    story = the_pack().stories[name]
    actors = Actors(site_on_both)
    actors.play(story)
    for name, case_id in actors.cases.items():
        last = [step.then for step in story.steps if step.case == name][-1]
        with site_on_both.db.read() as session:
            case = session.get_one(CaseRow, ("360428", case_id))
            of_case = (TaskRow.case_id == case_id, TaskRow.state == "open")
            open_steps = sorted(session.scalars(select(TaskRow.step).where(*of_case)))
        if last.ended:
            assert case.ended_by == last.ended
            assert open_steps == []
        if last.open is not None:
            assert open_steps == sorted(step.partition("@")[0] for step in last.open)
