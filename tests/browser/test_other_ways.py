"""The ways beside the plain one, through the pages: the urgent whistle, refusal up to arbitration, what one may do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chrome import Watch, barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.browser.player import Player

pytestmark = pytest.mark.browser


def played(story: str, live: LiveSite, operator: Callable[..., Operator]) -> Player:
    """A story from its first step to its last; every page that is new is looked at."""
    found: dict[str, list[str]] = {}

    def look(kind: str, page: Page) -> None:
        if kind not in found:
            found[kind] = barriers(page)

    player = Player(live, operator, look)
    player.play(live.pack.stories[story].steps)
    assert {kind: each for kind, each in found.items() if each} == {}
    return player


def test_an_urgent_whistle_is_answered_on_the_spot_and_released_by_the_township(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    watch.expect("422")  # an analysis that names no item of the duty list is refused
    player = played("urgent_flood", live, operator)
    office = player.of("director@whistle_office")
    office.go("/cases/?only=all")
    office.page.get_by_role("link", name=player.title, exact=True).click()
    expect(office.page.get_by_label("当前状态")).to_contain_text("已办结")


def test_a_refusal_goes_up_to_arbitration_and_stands_as_a_precedent(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    watch.expect("422")  # after the verdict it cannot be refused again
    played("refusal_arbitrated", live, operator)


def test_a_unit_joins_and_another_leaves_while_the_others_work(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    watch.expect("422")  # the lead cannot be withdrawn
    player = played("unit_added_and_withdrawn", live, operator)
    clerk = player.of("clerk@360428109")
    clerk.go("/cases/?only=all")
    clerk.page.get_by_role("link", name=player.title, exact=True).click()
    expect(clerk.page.get_by_role("list", name="需要时还可以")).to_have_count(0)


def test_a_township_withdraws_while_nobody_has_reported(live: LiveSite, operator: Callable[..., Operator]) -> None:
    player = played("withdrawn_before_report", live, operator)
    clerk = player.of("clerk@360428109")
    clerk.go("/cases/?only=all")
    clerk.page.get_by_role("link", name=player.title, exact=True).click()
    expect(clerk.page.get_by_label("当前状态")).to_contain_text("乡镇已撤回")
