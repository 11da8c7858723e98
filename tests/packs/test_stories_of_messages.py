"""A small county whose cases begin and go on by messages and signals: stories come out, and a site does the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.store.tables import CaseRow
from processes.agenda import strike
from processes.check import check
from processes.installation import Installation
from processes.play import play
from processes.stories import StoryStep
from tests.kit.actors import Actors
from tests.kit.errands import ended, open_steps
from tests.kit.folders import lakeside
from tests.kit.sites import a_site

STORIES = sorted(lakeside().stories)


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url, folder=lakeside().files)
    yield inst
    inst.db.close()


def test_the_small_county_is_clean() -> None:
    assert [finding.message_zh for finding in check(lakeside().files).findings] == []


@pytest.mark.parametrize("name", STORIES)
def test_a_story_comes_out_as_told(name: str) -> None:
    assert play(lakeside(), lakeside().stories[name]).failures == []


@pytest.mark.parametrize("name", STORIES)
def test_a_site_does_what_the_story_tells(name: str, site: Installation) -> None:
    actors, story = Actors(site), lakeside().stories[name]
    actors.now = story.begins
    for told in story.steps:
        actors.now = told.at or actors.now + (told.after or timedelta())
        strike(site, actors.now)
        before = revision(actors)
        if told.comes:
            actors.receive(told.comes, story.start)
            assert told.then.awaited or revision(actors) == before
        elif told.does:
            actors.act(told)
        strike(site, actors.now)
        assert_as_told(actors, told)


def revision(actors: Actors) -> int:
    with actors.inst.db.read() as session:
        return session.scalar(select(CaseRow.revision).where(CaseRow.id == actors.case_id)) or 0


def assert_as_told(actors: Actors, told: StoryStep) -> None:
    if told.then.open is not None:
        assert open_steps(actors.inst, actors.case_id or "") == list(told.then.open)
    if told.then.ended is not None:
        assert ended(actors.inst, actors.case_id or "") == told.then.ended
