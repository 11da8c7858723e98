"""Whole stories through the pages, by everybody in them: from signing in to the last score, and there and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chrome import Watch, barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.browser.player import Player

pytestmark = pytest.mark.browser
_THREE_AT_WORK = 9  # reported, one with a plan


def test_a_whistle_is_blown_answered_and_rated_through_the_pages(
    live: LiveSite, operator: Callable[..., Operator]
) -> None:
    found: dict[str, list[str]] = {}

    def look(kind: str, page: Page) -> None:
        if kind not in found:
            found[kind] = barriers(page)

    player = Player(live, operator, look)
    story = live.pack.stories["water_pipe"]
    player.play(story.steps[:_THREE_AT_WORK])
    reader = player.of("clerk@360428100")
    _open_case(reader, player.title)
    look("case at work", reader.page)
    diagram = reader.page.get_by_role("group", name="全流程流程图")
    expect(diagram.locator('.is-done[data-element="triage"]').first).to_be_visible()
    expect(
        diagram.locator('.is-late[data-element="report_in"], .is-now[data-element="report_in"]').first
    ).to_be_visible()
    expect(diagram.locator('.is-done[data-element="audit"]')).to_have_count(0)
    expect(reader.page.get_by_role("region", name="谁在办").get_by_role("row")).to_have_count(1 + 3)

    player.play(story.steps[_THREE_AT_WORK:])
    _open_case(reader, player.title)
    expect(reader.page.get_by_label("当前状态")).to_contain_text("已办结")
    expect(diagram.locator('.is-done[data-element="audit"]').first).to_be_visible()
    look("ended case", reader.page)
    reader.go("/cases/?only=all")
    look("cases", reader.page)
    assert len(found) >= 17, "every form, the inbox, the lists and the case have been looked at"
    assert {kind: each for kind, each in found.items() if each} == {}


def test_a_whistle_sent_back_is_mended_and_sent_again(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    watch.expect("422")  # the collector sends it back without a reason first
    player = Player(live, operator)
    player.play(live.pack.stories["returned_at_collect"].steps)
    office = player.of("triager@whistle_office")
    office.go("/")
    expect(office.rows(player.title, "分析研判")).to_have_count(1)


def _open_case(reader: Operator, title: str) -> None:
    reader.go("/cases/?only=all")
    reader.page.get_by_role("link", name=title).click()
    expect(reader.page.get_by_role("heading", level=1, name=title)).to_be_visible()
