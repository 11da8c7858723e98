"""A matter that departments cannot solve, through the pages: put to the joint conference, decided, dispatched again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from processes.rehearsal import advance
from processes.stories import StoryStep
from tests.browser.chrome import Watch, barriers
from tests.browser.live import LiveSite, served
from tests.browser.operator import Operator
from tests.browser.player import Player
from tests.kit.moved import STORIES_BEGIN, to_present
from tests.kit.sites import the_pack

pytestmark = pytest.mark.browser

STEPS = the_pack().stories["conference_resolves"].steps
MEETS = next(number for number, told in enumerate(STEPS) if not told.does)
SOON = timedelta(hours=2)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveSite]:
    """A served rehearsal: its clock goes to the meeting."""
    with served(tmp_path, rehearsal=True) as site:
        yield site


def held_soon(told: StoryStep) -> StoryStep:
    """The meeting is in two hours, whatever day it is: `to_present` moves the dates of a story when they are typed."""
    by = to_present({"day": STORIES_BEGIN})["day"] - STORIES_BEGIN
    held_at = (datetime.now(UTC) + SOON).replace(second=0, microsecond=0) - by
    return replace(told, answers={**told.answers, "held_at": held_at}) if "held_at" in told.answers else told


def test_a_conference_decides_and_the_matter_goes_on(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    watch.expect("422")  # a resolution to dispatch again without a lead is refused
    found: dict[str, list[str]] = {}

    def look(kind: str, page: Page) -> None:
        if kind not in found:
            found[kind] = barriers(page)

    player = Player(live, operator, look)
    player.play(map(held_soon, STEPS[:MEETS]))
    office = player.of("director@whistle_office")
    office.go("/ledgers/conference")
    expect(office.page.get_by_role("link", name="老旧小区飞线充电")).to_be_visible()

    machine = datetime.now(UTC)
    advance(live.inst, machine + SOON + timedelta(minutes=1), lambda: machine)
    player.play(STEPS[MEETS:])
    office.go("/ledgers/conference")
    expect(office.page.get_by_role("link", name="老旧小区飞线充电")).to_have_count(0)
    head = player.of("section_head@housing")
    head.open("老旧小区飞线充电", "报到")
    assert {kind: each for kind, each in found.items() if each} == {}
