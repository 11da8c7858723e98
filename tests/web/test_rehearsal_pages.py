"""Two weeks played through pages by moving the clock; only those who look after the service may, and only here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from processes.installation import Installation
from tests.kit.actors import Browsers, said
from tests.kit.sites import a_site, an_app, the_pack
from web.clock import Clock

DIRECTOR, CLERK, HEAD = "director@whistle_office", "clerk@360428109", "section_head@urban_management"
STORY = the_pack().stories["single_unit"]
ZONE = the_pack().calendar.zone


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Installation]:
    """A rehearsal."""
    inst = a_site(tmp_path, rehearsal=True)
    yield inst
    inst.db.close()


@pytest.fixture
def people(stage: Installation) -> Browsers:
    """Everybody, through pages."""
    return Browsers(stage, an_app(stage))


def press(people: Browsers, **sent: str) -> str:
    """Move the clock as the director; what the page then says."""
    answer = people.of(DIRECTOR).post("/clock/", data=sent, follow_redirects=True)
    assert answer.status_code == 200, said(answer)
    return said(answer)


def time_on(stage: Installation) -> datetime:
    return Clock(stage).now().astimezone(ZONE)


def test_two_weeks_in_an_afternoon(stage: Installation, people: Browsers) -> None:
    people.blow(STORY)
    for told in STORY.steps[1:5]:
        assert people.do(told).status_code == 302
    began = time_on(stage)
    assert "下一件到期的事" in said(people.of(DIRECTOR).get("/clock/"))

    assert "提醒或红灯 1 次" in press(people, by="next")
    assert "请抓紧办理" in said(people.of(HEAD).get("/"))
    assert "提醒或红灯 1 次" in press(people, by="workday")
    assert "1已超期" in said(people.of(HEAD).get("/"))
    assert "其间没有到期的事" in press(people, by="hour")
    two_weeks = (began + timedelta(days=14)).strftime("%Y-%m-%dT%H:%M")
    press(people, at=two_weeks)

    assert time_on(stage) - began > timedelta(days=13, hours=23)
    timeline = said(people.of(DIRECTOR).get("/cases/DC2026-0001"))
    assert timeline.index("亮红灯：“报到”已超期") < timeline.index("提醒：“报到”即将到期")  # the latest stands first
    assert "超 1" in timeline
    assert people.of(HEAD).get("/").status_code == 200  # nobody was signed out by the two weeks


def test_every_page_says_that_this_is_no_real_time(people: Browsers) -> None:
    people.blow(STORY)
    paths = ("/", "/done", "/cases/", "/cases/DC2026-0001", "/account/", "/nowhere", "/cases/new/吹哨")
    for path in paths:
        assert "演练时钟" in people.of(CLERK).get(path).text, path
    assert "演练时钟" in people.app.test_client().get("/login").text


def test_only_who_may_move_it_is_shown_the_way(people: Browsers) -> None:
    assert 'href="/clock/"' in people.of(DIRECTOR).get("/").text
    assert 'href="/clock/"' not in people.of(CLERK).get("/").text


def test_others_may_not_move_the_clock(stage: Installation, people: Browsers) -> None:
    before = time_on(stage)
    for answer in (people.of(CLERK).get("/clock/"), people.of(CLERK).post("/clock/", data={"by": "day"})):
        assert answer.status_code == 403
    assert time_on(stage) - before < timedelta(minutes=5)


def test_moving_it_needs_the_forms_token(stage: Installation, people: Browsers) -> None:
    director = people.of(DIRECTOR)
    people.app.config["WTF_CSRF_ENABLED"] = True
    assert director.post("/clock/", data={"by": "day"}).status_code == 400
    assert time_on(stage) - datetime.now(ZONE) < timedelta(minutes=5)


def test_on_a_real_site_there_is_no_clock(browsers: Browsers) -> None:
    assert browsers.of(DIRECTOR).get("/clock/").status_code == 404
    assert browsers.of(DIRECTOR).post("/clock/", data={"by": "day"}).status_code == 404
    assert "演练时钟" not in browsers.of(DIRECTOR).get("/").text


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({}, "没有看懂"),
    "no time": ({"at": "明天"}, "没有看懂"),
    "no button": ({"by": "back"}, "没有看懂"),
    "nothing due": ({"by": "next"}, "没有看懂"),
    "back": ({"at": "2020-01-01T08:00"}, "只能往前拨"),
    "too far": ({"at": "9999-12-31T23:59"}, "一次最多往前拨一年"),
    "out of the calendar": ({"at": "9999-12-31T23:59:59+00:00"}, ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_moves_nothing(stage: Installation, people: Browsers, name: str) -> None:
    sent, words = REFUSED[name]
    before = time_on(stage)
    answer = people.of(DIRECTOR).post("/clock/", data=sent)
    assert answer.status_code == 422 and words in said(answer)
    assert time_on(stage) - before < timedelta(minutes=5)


def test_what_is_too_much_for_one_press_is_offered_to_be_continued(people: Browsers) -> None:
    further = (datetime.now(ZONE) + timedelta(days=3)).isoformat()
    page = people.of(DIRECTOR).get("/clock/", query_string={"to": further})
    assert "继续拨到" in said(page)
    sent = re.search(r'name="at" value="([^"]+)"', page.text)
    assert sent is not None
    assert_moved(people.of(DIRECTOR).post("/clock/", data={"at": sent[1]}))


def assert_moved(answer: TestResponse) -> None:
    assert answer.status_code == 302 and answer.headers["Location"] == "/clock/"
