"""Matters alike stand beside a new one while it is typed; nothing typed is touched, and no barrier comes with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chrome import DESK, PHONE, barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.actors import a_case

pytestmark = pytest.mark.browser
CLERK = "clerk@360428109"


@pytest.mark.parametrize("look", [DESK, PHONE], ids=["desk", "phone"])
def test_matters_alike_appear_while_typing(
    live: LiveSite, operator: Callable[..., Operator], look: dict[str, Any]
) -> None:
    a_case(live.inst, 4, begins=datetime.now(UTC))
    clerk = operator(CLERK, **look)
    clerk.begin("吹哨")
    page = clerk.page
    expect(page.get_by_role("button", name="查一查有没有类似事项")).to_be_hidden()
    type_in(page, {"村（社区）": "东湖社区", "具体地点": "环城路东段", "吹哨事项": "环城路路灯不亮，垃圾桶满溢"})
    panel = page.locator("#similar")
    expect(panel.get_by_role("status")).to_have_text("属本单位职责 1 项，类似事项 1 件")
    if look is PHONE:
        clerk.hit(panel.locator("summary"))
    expect(panel.get_by_role("link", name="环城路路灯不亮")).to_be_visible()
    expect(panel.get_by_text("同一地点")).to_be_visible()
    expect(page.get_by_role("textbox", name="吹哨事项")).to_have_value("环城路路灯不亮，垃圾桶满溢")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(page) == []


def test_without_scripts_a_button_looks(live: LiveSite, operator: Callable[..., Operator]) -> None:
    a_case(live.inst, 1, begins=datetime.now(UTC))
    clerk = operator(CLERK, java_script_enabled=False)
    clerk.begin("吹哨")
    type_in(clerk.page, {"吹哨事项": "环城路路灯不亮"})
    clerk.page.get_by_role("button", name="查一查有没有类似事项").click()
    expect(clerk.page.locator("#similar").get_by_role("link", name="环城路路灯不亮")).to_be_visible()
    expect(clerk.page.get_by_role("textbox", name="吹哨事项")).to_have_value("环城路路灯不亮")
    assert clerk.page.url.endswith("#similar")


def type_in(page: Page, texts: dict[str, str]) -> None:
    for label, text in texts.items():
        page.get_by_role("textbox", name=label).fill(text)
