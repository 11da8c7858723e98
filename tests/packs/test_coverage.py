"""The model county's stories show every rule of the mechanism, every step, and every way through."""

from __future__ import annotations

import pytest

from processes.play import Played, play
from processes.story_coverage import covered, uncompleted
from tests.kit.sites import the_pack

ROWS = [f"DC-{number}" for number in range(1, 16)]


@pytest.fixture(scope="module")
def played() -> list[Played]:
    return [play(the_pack(), story) for story in the_pack().stories.values()]


def test_there_are_forty_stories_and_each_says_what_it_is_about() -> None:
    stories = the_pack().stories.values()
    assert len(stories) >= 40
    assert [story.id for story in stories if not (story.name and story.about and story.covers)] == []


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_requirements_is_shown_by_a_story(row: str) -> None:
    assert [story.id for story in the_pack().stories.values() if row in story.covers]


def test_every_step_is_completed_by_a_story(played: list[Played]) -> None:
    assert [step.id for step in uncompleted(the_pack(), played)] == []


def test_every_flow_is_taken_by_a_story(played: list[Played]) -> None:
    found = covered(the_pack(), played)
    flows, missed = (
        sum(len(each.flows) for each in found),
        [each.sentence(flow) for each in found for flow in each.missed],
    )
    for each in found:
        print(f"{each.process.id}: {len(each.flows) - len(each.missed)}/{len(each.flows)}")
    print(f"{100 * (flows - len(missed)) / flows:.1f} % of {flows} flows")
    assert missed == []
