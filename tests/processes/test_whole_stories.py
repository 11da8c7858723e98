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
    case_id = Actors(site_on_both).play(story)
    with site_on_both.db.read() as session:
        case = session.get_one(CaseRow, ("360428", case_id))
        open_steps = sorted(session.scalars(select(TaskRow.step).where(TaskRow.state == "open")))
    last = story.steps[-1].then
    if last.ended:
        assert case.ended_by == last.ended
        assert open_steps == []
    if last.open is not None:
        assert open_steps == sorted(name.partition("@")[0] for name in last.open)
