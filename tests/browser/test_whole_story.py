"""The county's first story from signing in to the last score, every step through the pages, by everybody in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chrome import barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.browser.player import Player

pytestmark = pytest.mark.browser


def test_a_whistle_is_blown_answered_and_rated_through_the_pages(
    live: LiveSite, operator: Callable[..., Operator]
) -> None:
    found: dict[str, list[str]] = {}

    def look(kind: str, page: Page) -> None:
        if kind not in found:
            found[kind] = barriers(page)

    player = Player(live, operator, look)
    player.play(live.pack.stories["water_pipe"])
    reader = player.of("clerk@360428100")
    reader.go("/cases/?only=all")
    look("cases", reader.page)
    reader.page.get_by_role("link", name=player.title).click()
    expect(reader.page.get_by_label("当前状态")).to_contain_text("已办结")
    look("ended case", reader.page)
    assert {kind: each for kind, each in found.items() if each} == {}
