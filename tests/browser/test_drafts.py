"""What was typed is not lost: by closing the page, by a broken line, by somebody who was first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chrome import Watch
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.actors import Actors
from tests.kit.sites import me, person_id

pytestmark = pytest.mark.browser
CLERK = "clerk@360428100"


def test_a_draft_keeps_itself_and_is_there_after_a_reload(operator: Callable[..., Operator]) -> None:
    clerk = operator(CLERK)
    clerk.begin("吹哨")
    clerk.page.get_by_role("textbox", name="吹哨事项").fill("环城路路灯不亮")
    expect(clerk.page.get_by_role("status").filter(has_text="草稿已自动保存")).to_be_visible()
    clerk.page.reload()
    expect(clerk.page.get_by_role("textbox", name="吹哨事项")).to_have_value("环城路路灯不亮")
    expect(clerk.page.get_by_text(re.compile("草稿存于 今天"))).to_be_visible()


def test_what_was_typed_before_the_scripts_came_is_kept_as_well(
    operator: Callable[..., Operator], watch: Watch
) -> None:
    clerk = operator(CLERK)
    # Asked by the test for a role while the second style sheet is still on its way, Chromium tries the first's arrow.
    watch.expect("\"img-src 'self' blob:\". The action has been blocked.")
    waiting: list[Route] = []
    clerk.page.route("**/forms.js*", lambda route: waiting.append(route))
    clerk.begin("吹哨")
    clerk.page.get_by_role("textbox", name="吹哨事项").fill("环城路路灯不亮")
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(clerk.page.get_by_role("status").filter(has_text="草稿已自动保存")).to_be_visible()


def test_a_broken_line_is_told_and_what_was_typed_stays_and_is_saved_when_it_is_back(
    operator: Callable[..., Operator], watch: Watch
) -> None:
    clerk = operator(CLERK)
    clerk.begin("吹哨")
    clerk.page.wait_for_load_state("load")  # a page whose scripts have not come yet cannot tell
    watch.expect("net::ERR_INTERNET_DISCONNECTED")
    clerk.page.context.set_offline(True)
    subject = clerk.page.get_by_role("textbox", name="吹哨事项")
    subject.fill("环城路路灯不亮")
    expect(clerk.page.get_by_role("status").filter(has_text="草稿没有存上")).to_be_visible()
    clerk.page.get_by_role("button", name="提交，转收集事项").click()
    expect(clerk.page.get_by_role("status").filter(has_text="网络断开，还没有提交")).to_be_visible()
    clerk.page.context.set_offline(False)
    expect(clerk.page.get_by_role("status").filter(has_text="草稿已自动保存")).to_be_visible()
    expect(subject).to_have_value("环城路路灯不亮")


def test_a_visit_that_ended_is_told_and_what_was_typed_is_saved_after_signing_in_elsewhere(
    operator: Callable[..., Operator], watch: Watch
) -> None:
    clerk = operator(CLERK)
    clerk.begin("吹哨")
    elsewhere = Operator(clerk.site, clerk.page.context.new_page())
    elsewhere.go("/")
    elsewhere.hit(elsewhere.page.get_by_role("button", name="退出登录"))
    expect(elsewhere.page).to_have_url(re.compile("/login$"))
    watch.expect("401")
    subject = clerk.page.get_by_role("textbox", name="吹哨事项")
    subject.fill("环城路路灯不亮")
    expect(clerk.page.get_by_role("status").filter(has_text="登录已过期，草稿没有存上")).to_be_visible()
    clerk.page.get_by_role("button", name="提交，转收集事项").click()
    expect(clerk.page.get_by_role("status").filter(has_text="登录已过期，还没有提交")).to_be_visible()
    elsewhere.sign_in(person_id(clerk.site.inst, CLERK))
    expect(clerk.page.get_by_role("status").filter(has_text="草稿已自动保存")).to_be_visible()
    expect(subject).to_have_value("环城路路灯不亮")


def test_who_comes_second_reads_who_was_first_and_keeps_what_was_typed(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch
) -> None:
    story = live.pack.stories["water_pipe"]
    Actors(live.inst).play(story, until=5)
    told, form = story.steps[5], live.pack.forms["accept"]
    deputy, head = operator(told.by), operator("section_head@housing")
    for each, visitor in ((deputy, "李强"), (head, "王磊")):
        each.open(story.name, "报到")
        each.fill(form, {**told.answers, "visitor": visitor})
    deputy.press(form)
    expect(deputy.page.get_by_role("status").filter(has_text="“报到”已提交")).to_be_visible()

    watch.expect("409")
    head.press(form)
    first = me(live.inst, told.by).name
    expect(head.page.get_by_role("heading", level=1)).to_have_text(re.compile(f"已由{first}于 今天 .* 办理"))
    expect(head.page.get_by_role("region", name="您刚才填写的内容没有提交")).to_contain_text("王磊")
    expect(head.page.get_by_role("link", name="看这一件")).to_be_visible()
