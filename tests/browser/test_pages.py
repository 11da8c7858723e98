"""The pages around the work: the door, lists, the account, refusals and print, open to everybody and in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chrome import PHONE, Watch, barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.actors import Actors, a_case, open_task
from tests.kit.incidents import an_incident
from tests.kit.sites import person_id

pytestmark = pytest.mark.browser
A4_AT_96_DPI = {"width": 794, "height": 1123}


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_the_door_is_open_to_everybody(
    live: LiveSite, window: Callable[..., BrowserContext], watch: Watch, look: dict[str, Any]
) -> None:
    page = window(**look).new_page()
    page.goto(f"{live.url}/login")
    assert barriers(page) == []
    page.get_by_label("账号").fill("nobody")
    page.get_by_label("密码").fill("wrong")
    watch.expect("422")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_lists_account_and_refusals_are_open_to_everybody(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch, look: dict[str, Any]
) -> None:
    Actors(live.inst).play(live.pack.stories["one_unit_late"], until=12)
    theirs = open_task(live.inst, "handle", "handler@housing")
    clerk = operator("clerk@360428100", **look)
    watch.expect("403", "404")
    for path in (
        "/",
        "/done",
        "/cases/",
        "/cases/?q=没有的",
        "/account/",
        "/cases/DC1999-1",
        "/nowhere",
        f"/tasks/{theirs.id}",
    ):
        clerk.go(path)
        assert barriers(clerk.page) == [], path
        assert clerk.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("您没有权限看这一页")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_what_was_refused_is_read_by_those_who_look_after_the_service(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch, look: dict[str, Any]
) -> None:
    Actors(live.inst).play(live.pack.stories["one_unit_late"], until=12)
    theirs = open_task(live.inst, "handle", "handler@housing")
    watch.expect("403", "404")
    clerk, director = operator("clerk@360428100", **look), operator("director@whistle_office", **look)
    for path in (f"/tasks/{theirs.id}", "/cases/DC1999-1", "/refusals/"):
        clerk.go(path)
    director.go("/refusals/")
    expect(director.page.get_by_role("row")).to_have_count(4)
    assert barriers(director.page) == []
    assert director.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    director.page.get_by_label("姓名或账号").fill("没有这个人")
    director.page.get_by_role("button", name="查找").click()
    expect(director.page.get_by_text("没有被拒绝的操作。")).to_be_visible()
    assert barriers(director.page) == []


def test_a_form_whose_token_is_gone_says_what_to_do(
    live: LiveSite, window: Callable[..., BrowserContext], watch: Watch
) -> None:
    page = window().new_page()
    page.goto(f"{live.url}/login")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(each => each.remove())")
    watch.expect("400")
    page.locator(f'button[name=person][value="{person_id(live.inst, "clerk@360428100")}"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("页面已过期")
    assert barriers(page) == []


def test_a_case_prints_as_a_slip_without_running_off_the_paper(
    live: LiveSite, operator: Callable[..., Operator]
) -> None:
    case_id = Actors(live.inst).play(live.pack.stories["one_unit_late"], until=12)
    clerk = operator("clerk@360428100", viewport=A4_AT_96_DPI)
    clerk.go(f"/cases/{case_id}")
    clerk.page.emulate_media(media="print")
    assert clerk.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(clerk.page.get_by_role("navigation", name="主导航")).to_be_hidden()
    expect(clerk.page.get_by_text("编号：DC2026-0001")).to_be_visible()
    assert clerk.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_incidents_are_settled_by_keyboard_or_thumb(
    live: LiveSite, operator: Callable[..., Operator], watch: Watch, look: dict[str, Any]
) -> None:
    case_id = a_case(live.inst, 5, begins=datetime.now(UTC))
    broken = an_incident(live.inst, case_id, datetime.now(UTC))
    director = operator("director@whistle_office", **look)
    for path in ("/incidents/", f"/cases/{case_id}", f"/incidents/{broken}"):
        director.go(path)
        assert barriers(director.page) == [], path
        assert director.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    director.page.get_by_label("理由").fill("已电话通知")
    director.page.get_by_label("我确认跳过").press("Space")
    director.page.get_by_role("button", name="跳过").press("Enter")
    expect(director.page.get_by_role("status")).to_contain_text("已跳过")
    director.go("/incidents/")
    expect(director.page.get_by_text("现在没有故障。")).to_be_visible()
    assert barriers(director.page) == []
