"""A form offers the cases that wait for a message: to those who may see them, and no others are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.check import check
from processes.forms import Invalid
from processes.installation import Installation
from processes.queries.waiting_cases import SeenCases
from processes.whistles import blow
from tests.kit.actors import Actors, answers_to, listening, pack_of
from tests.kit.folders import another_version
from tests.kit.sites import a_site, me, the_folder, the_pack

DIRECTOR, CLERK, STRANGER = "director@whistle_office", "clerk@360428109", "clerk@360428100"
STORY = the_pack().stories["conference_resolves"]
UNTIL_IT_WAITS = 6


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = a_site(tmp_path, database_url)
    yield inst
    inst.db.close()


def offered(inst: Installation, by: str) -> list[str]:
    with inst.db.read() as session:
        cases = SeenCases(session, me(inst, by), pack_of(inst))
        return [option.label for option in cases.awaiting("resolution")]


def test_only_those_who_may_see_a_case_are_offered_it(site: Installation) -> None:
    Actors(site).play(STORY, until=UNTIL_IT_WAITS)
    assert offered(site, DIRECTOR) == offered(site, CLERK) == ["DC2026-0001 老旧小区飞线充电（蔡岭镇）"]
    assert offered(site, STRANGER) == []


def test_a_case_is_named_to_those_who_may_see_it_and_nothing_else_has_a_name(site: Installation) -> None:
    case = Actors(site).play(STORY, until=UNTIL_IT_WAITS)
    with site.db.read() as session:
        named = [SeenCases(session, me(site, by), pack_of(site)).name(case) for by in (DIRECTOR, STRANGER)]
        others = [SeenCases(session, me(site, DIRECTOR), pack_of(site)).name(each) for each in ("x", None, "0" * 32)]
    assert named == ["DC2026-0001 老旧小区飞线充电（蔡岭镇）", None]
    assert others == [None, None, None]


def test_a_case_that_does_not_wait_cannot_stand_on_the_agenda(site: Installation) -> None:
    waits = Actors(site).play(STORY, until=UNTIL_IT_WAITS)
    idle = Actors(site).play(the_pack().stories["single_unit"], until=1)
    now = STORY.steps[UNTIL_IT_WAITS].at
    assert now is not None
    for case, accepted in ((idle, False), (waits, True)):
        told = STORY.steps[UNTIL_IT_WAITS].answers | {"agenda": [{"case": case}]}
        posted = answers_to("convene", "conference_resolves", **told)
        if accepted:
            blow(site, me(site, DIRECTOR), "联席会议", posted, now=now)
            continue
        with pytest.raises(Invalid) as refused:
            blow(site, me(site, DIRECTOR), "联席会议", posted, now=now)
        assert [error.label for error in refused.value.errors] == ["事项"]


def test_however_often_a_form_asks_the_database_is_asked_once(site: Installation) -> None:
    Actors(site).play(STORY, until=UNTIL_IT_WAITS)
    person, pack = me(site, DIRECTOR), pack_of(site)
    with site.db.read() as session, listening(site) as heard:
        cases = SeenCases(session, person, pack)
        assert cases.awaiting("resolution") == cases.awaiting("resolution")
    assert len(heard) == 1


def test_a_message_that_nothing_awaits_offers_nothing_and_check_says_so() -> None:
    files = another_version("forms/convene.form", "awaiting:resolution", "awaiting:resolutoin")
    (found,) = check(files).findings
    assert "等待消息“resolutoin”" in found.message_zh and "您是不是想写“resolution”？" in found.message_zh
    assert check(the_folder()).findings == []


def test_the_story_goes_on_from_there(site: Installation) -> None:
    actors = Actors(site)
    actors.play(STORY)
    assert set(actors.cases) == {"哨单", "会议"}
