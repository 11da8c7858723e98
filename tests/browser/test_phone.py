"""One unit's part of a whistle on a phone: told, planned, done and handed in with a finger, nothing off the edge."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chrome import PHONE
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.browser.player import Player
from tests.kit.actors import Actors
from tests.kit.moved import at_present

pytestmark = pytest.mark.browser

_SMALL = """[...document.querySelectorAll('button, a.btn, .rail-link, .chip')]
    .filter(each => each.getClientRects().length && !each.closest('.visually-hidden'))
    .filter(each => each.getBoundingClientRect().height < 40)
    .map(each => each.outerHTML.slice(0, 120))"""


def test_a_unit_does_its_part_on_a_phone(live: LiveSite, operator: Callable[..., Operator]) -> None:
    story = live.pack.stories["water_pipe"]
    Actors(live.inst).play(at_present(story), until=5)
    ours = [told for told in story.steps if told.unit == "housing" and told.does != "answer_rating"]
    player = Player(live, partial(operator, **PHONE), lambda _kind, page: fits_the_phone(page), title=story.name)
    for told in ours:
        player.act(told)
    assert [told.does for told in ours] == ["accept", "plan", "handle", "submit_result"]


def test_the_diagram_moves_under_a_finger_while_the_page_stays(
    live: LiveSite, operator: Callable[..., Operator]
) -> None:
    story = live.pack.stories["water_pipe"]
    case_id = Actors(live.inst).play(story, until=6)
    reader = operator("section_head@housing", **PHONE)
    reader.go(f"/cases/{case_id}")
    fits_the_phone(reader.page)
    frame = reader.page.get_by_role("group", name="全流程流程图")
    frame.scroll_into_view_if_needed()
    before = frame.evaluate("each => each.scrollLeft")
    _swipe(reader.page, frame, by=120 if before > 120 else -120)
    reader.page.wait_for_function(
        "([each, before]) => Math.abs(each.scrollLeft - before) > 60", arg=[frame.element_handle(), before]
    )
    expect(frame.locator(".bpmn-step.is-now, .bpmn-step.is-late, .bpmn-step.is-mine").first).to_be_visible()
    fits_the_phone(reader.page)


def fits_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert page.evaluate(_SMALL) == [], page.url


def _swipe(page: Page, frame: Locator, *, by: int) -> None:
    session, box = page.context.new_cdp_session(page), frame.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 - by / 2, box["y"] + box["height"] / 2
    places = [x + by * part / 8 for part in range(9)]
    for kind, at in [("touchStart", places[0]), *(("touchMove", place) for place in places[1:])]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
