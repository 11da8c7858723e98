"""A clerk without a mouse: signs in, opens the first task, fills it in and sends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.live import LiveSite
from tests.kit.actors import Actors
from tests.kit.sites import me

pytestmark = pytest.mark.browser


def test_a_task_is_done_with_the_keys_alone(live: LiveSite, window: Callable[..., BrowserContext]) -> None:
    story = live.pack.stories["water_pipe"]
    Actors(live.inst).play(story, until=1)
    told = story.steps[1]
    collector = me(live.inst, told.by)
    page = window().new_page()
    page.goto(f"{live.url}/login")
    _tab_to(page, page.get_by_label("按姓名、岗位、单位筛选"))
    page.keyboard.type(collector.name)
    _tab_to(page, page.locator(f'button[name=person][value="{collector.id}"]').first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="待办")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="收集事项")).to_be_visible()
    for choice in page.get_by_role("group", name="材料核对").get_by_role("checkbox").all():
        _tab_to(page, choice)
        page.keyboard.press("Space")
        expect(choice).to_be_checked()
    _tab_to(page, page.get_by_role("textbox", name="补充说明"))
    page.keyboard.type("材料齐全。")
    _tab_to(page, page.get_by_role("button", name="材料齐备，转审核把关"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="“收集事项”已提交")).to_be_visible()


def test_enter_in_a_field_sends_nothing_and_loses_nothing(
    live: LiveSite, window: Callable[..., BrowserContext]
) -> None:
    clerk = me(live.inst, "clerk@360428100")
    page = window().new_page()
    page.goto(f"{live.url}/login")
    page.locator(f'button[name=person][value="{clerk.id}"]').first.click()
    page.goto(f"{live.url}/cases/new/吹哨")
    page.get_by_role("textbox", name="吹哨事项").fill("路灯不亮")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # nothing is to happen, and nothing tells when it has not
    expect(page.get_by_role("textbox", name="吹哨事项")).to_have_value("路灯不亮")
    expect(page.get_by_role("button", name="删去")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus, and see that the focus is shown."""
    for _ in range(80):
        if wanted.evaluate("each => each === document.activeElement"):
            assert wanted.evaluate("each => each.matches(':focus-visible')")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")
