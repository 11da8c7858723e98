"""Everything an operator must do works in a browser that runs no scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from processes.whistles import form_of
from tests.browser.chrome import Watch
from tests.browser.live import LiveSite
from tests.browser.operator import Operator

pytestmark = pytest.mark.browser


def test_a_whistle_is_blown_without_scripts_after_one_refusal(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    told = live.pack.stories["water_pipe"].steps[0]
    form = form_of(live.pack, live.pack.starts["吹哨"])
    clerk = operator(told.by, java_script_enabled=False)
    page = clerk.page
    clerk.begin("吹哨")
    clerk.fill(form, {**told.answers, "contact_phone": "1380"})
    assert page.get_by_role("button", name="删去").count() == len(told.answers["proposed_units"]) == 3

    watch.expect("422")
    clerk.press(form)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("有 1 处需要修改，还没有提交")
    expect(page.get_by_label("情况说明")).to_have_value(told.answers["description"])
    expect(page.get_by_role("checkbox", name="小区现场.jpg")).to_be_checked()

    summary.get_by_role("link").click()
    wrong = page.get_by_role("textbox", name="联系电话")
    expect(wrong).to_be_in_viewport()
    assert page.url.endswith(f"#{wrong.get_attribute('id')}")
    wrong.fill(told.answers["contact_phone"])
    clerk.press(form)

    expect(page.get_by_role("status").filter(has_text="已提交")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(told.answers["subject"])
    expect(page.locator("svg.bpmn").first).to_be_visible()
    expect(page.locator("svg.bpmn .bpmn-step.is-done").first).to_be_visible()
