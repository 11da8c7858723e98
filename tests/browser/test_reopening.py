"""A closed matter is blown again from its page, on a desk and on a phone, and triage sees what was done before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chrome import DESK, PHONE, barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.reopening import APPROVED, CAME_BACK, a_closed_matter, since

pytestmark = pytest.mark.browser
FORMER, OFFER = "环城路路灯不亮", "问题又出现，重新吹哨"


@pytest.mark.parametrize("look", [DESK, PHONE], ids=["desk", "phone"])
def test_what_came_back_is_blown_again(live: LiveSite, operator: Callable[..., Operator], look: dict[str, Any]) -> None:
    a_closed_matter(live.inst)
    clerk = operator(CAME_BACK.by, **look)
    clerk.follow(FORMER, OFFER)
    page = clerk.page
    expect(page.get_by_role("textbox", name="吹哨事项")).to_have_value(FORMER)
    expect(page.get_by_role("note").filter(has_text="针对 DC")).to_be_visible()
    assert barriers(page) == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form = live.pack.forms["reopen"]
    clerk.fill(form, {**CAME_BACK.answers, "since": date.fromisoformat(since())})
    clerk.press(form)
    expect(page.get_by_role("status").filter(has_text="已提交")).to_contain_text("审批重新吹哨")
    expect(page.locator("#ties").get_by_text("接续自")).to_be_visible()
    assert barriers(page) == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    approver = operator(APPROVED.by, **look)
    approver.open(str(CAME_BACK.answers["subject"]), "审批重新吹哨")
    expect(approver.page.get_by_role("region", name="接续自")).to_contain_text("县城管局")
    approver.fill(live.pack.forms["approve_reopening"], APPROVED.answers, APPROVED.outcome)
    approver.press(live.pack.forms["approve_reopening"], APPROVED.outcome)
    expect(approver.page.get_by_role("status").filter(has_text="已提交")).to_contain_text("分析研判")
    page.get_by_role("link", name="DC").first.click()
    expect(page.locator("#ties").get_by_text("由此发起")).to_be_visible()
    assert barriers(page) == []
