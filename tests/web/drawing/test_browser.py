"""The drawing in a browser: under a strict policy, on a phone, with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from web.drawing import ElementState, draw

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[3] / "web" / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}
STATES = {"respond": ElementState("now"), "report_in": ElementState("late", 3), "vet": ElementState("done")}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'">
<title>流程图</title>
<link rel="stylesheet" href="/dist/bootstrap.min.css"><link rel="stylesheet" href="/css/diagram.css">
<main><div data-drawing tabindex="0" role="group" aria-label="流程图">{svg}</div></main>
<script type="module" src="/js/diagram.js"></script>"""


def opened(browser: Browser, svg: str, *, scripts: bool = True, complaints: list[str] | None = None) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if complaints is not None else None)
    page.on("pageerror", lambda error: complaints.append(str(error)) if complaints is not None else None)
    page.route("**/*", lambda route: serve(route, PAGE.replace("{svg}", svg)))
    page.goto("http://drawing.test/")
    return page


def serve(route: Route, page: str) -> None:
    path = route.request.url.removeprefix("http://drawing.test/")
    if not path:
        route.fulfill(body=page, content_type="text/html; charset=utf-8")
    elif (STATIC / path).is_file():
        route.fulfill(body=(STATIC / path).read_bytes(), content_type=KINDS[Path(path).suffix])
    else:
        route.fulfill(status=404, body="")


def test_a_strict_policy_has_nothing_to_complain_of(chromium, sample):
    complaints: list[str] = []
    page = opened(chromium, draw(sample, states=STATES, title="吹哨", links={"vet": "/x"}), complaints=complaints)
    page.get_by_role("button", name="放大").click()
    assert [text for text in complaints if "404" not in text] == []


def test_the_phone_begins_at_the_late_step_and_the_page_itself_does_not_scroll(chromium, sample):
    page = opened(chromium, draw(sample, states=STATES, title="吹哨"))
    page.get_by_role("button", name="放大").wait_for()
    box = page.locator("[data-element=report_in]").bounding_box()
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - 195) < 30
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("scrollY") == 0


def test_zoom_keeps_the_middle_in_the_middle(chromium, sample):
    page = opened(chromium, draw(sample, states=STATES, title="吹哨"))
    step = page.locator("[data-element=report_in] > rect").first
    before = step.bounding_box()
    page.get_by_role("button", name="缩小").click()
    after = step.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == pytest.approx(before["width"] * 0.8, rel=0.05)
    assert abs(after["x"] + after["width"] / 2 - before["x"] - before["width"] / 2) < 12
    for _ in range(9):
        if page.get_by_role("button", name="缩小").is_enabled():
            page.get_by_role("button", name="缩小").click()
    assert page.locator(".drawing-zoom output").inner_text() == "50%"


def test_without_scripts_the_whole_drawing_is_there_and_scrolls_in_its_frame(chromium, sample):
    page = opened(chromium, draw(sample, states=STATES, title="吹哨"), scripts=False)
    assert page.locator(".drawing-zoom").count() == 0
    assert page.locator("[data-element=closed]").count() == 1
    frame = page.locator("[data-drawing]").bounding_box()
    assert frame is not None
    assert frame["width"] <= 390


def test_a_linked_step_is_reached_by_keyboard_and_shows_it(chromium, sample):
    page = opened(chromium, draw(sample, states=STATES, title="吹哨", links={"vet": "/x"}))
    link = page.get_by_role("link", name="审核把关：已办")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/x"
    width = page.locator("[data-element=vet] > rect").first.evaluate("node => getComputedStyle(node).strokeWidth")
    assert width == "4px"


def test_bootstrap_does_not_reach_into_the_drawing(chromium, sample):
    page = opened(chromium, draw(sample, states=STATES, title="吹哨"))
    pool = page.locator("[data-element=whistle_pool] > rect").first.bounding_box()
    assert pool is not None
    assert pool["width"] == pytest.approx(2400, abs=3)
