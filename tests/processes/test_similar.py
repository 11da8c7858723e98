"""Matters alike are found while a matter is raised and judged: the same place first, nothing that may not be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from processes.check import check
from processes.gists import Gist
from processes.installation import Installation
from processes.queries.cases import find_case_id
from processes.queries.similar import Found, find_similar, townships_own
from processes.similar import Similar
from processes.tables import MatterRow
from processes.whistles import blow
from processes.work import complete
from tests.kit.actors import a_case, answers_to, listening, open_task
from tests.kit.sites import a_site, me, the_folder, the_pack

TOWN, CLERK, OFFICE = "360428109", "clerk@360428109", "director@whistle_office"
OTHER_TOWN, OTHER_CLERK = "360428100", "clerk@360428100"
NOW = datetime.fromisoformat("2026-09-09T10:00:00+08:00")
LAMPS: dict[str, Any] = {
    "subject": "环城路东段路灯全部熄灭",
    "description": "最近一周环城路东段晚上没有路灯，居民出行不安全。",
    "village": "东湖社区",
    "place": "环城路",
}


def rules() -> Similar:
    found = Similar.of(the_pack().county)
    assert found is not None
    return found


def like(site: Installation, by: str, *, now: datetime = NOW, unit: str = TOWN, most: int = 5, **told: str) -> Found:
    """What somebody is shown who has typed this."""
    typed, its_rules = LAMPS | told, replace(rules(), most=most)
    with site.db.read() as session:
        gist = its_rules.gist(typed["subject"], typed)
        return find_similar(session, me(site, by), its_rules, gist, unit, now=now)


def cases(found: Found) -> list[str]:
    return [match.listed.case.id for match in found.matches]


def test_a_matter_of_the_same_place_stands_before_one_that_says_the_same(site_on_both: Installation) -> None:
    site = site_on_both
    elsewhere = a_case(site, 1, subject=LAMPS["subject"], description=LAMPS["description"], place="人民医院门前")
    here = a_case(site, 1)
    a_case(site, 1, "water_pipe")
    found = like(site, OFFICE)
    assert [(match.listed.case.id, match.same_place) for match in found.matches] == [(here, True), (elsewhere, False)]
    assert found.matches[0].listed.tasks[0].step == "collect" and found.hidden == 0


def test_at_the_same_place_another_matter_is_not_alike(site: Installation) -> None:
    a_case(site, 1)
    told = {"subject": "学校食堂卫生差", "description": "家长反映强烈，孩子吃坏肚子。", "place": "环城路东段"}
    assert like(site, CLERK, **told) == Found()


def test_the_same_place_of_another_township_is_another_place(site: Installation) -> None:
    a_case(site, 1)
    found = like(site, OFFICE, unit=OTHER_TOWN)
    assert [match.same_place for match in found.matches] == [False]


def test_what_a_person_may_not_see_is_counted_and_nothing_else(site_on_both: Installation) -> None:
    site = site_on_both
    seen = a_case(site, 1)
    a_case(site, 1, "national_day")
    a_case(site, 1, "approval_needs_minutes")
    found = like(site, CLERK)
    assert (cases(found), found.hidden) == ([seen], 2)
    assert like(site, "section_head@housing") == Found((), 3)
    assert len(like(site, OFFICE).matches) == 3


def test_at_most_so_many_are_shown_as_the_county_says(site: Installation) -> None:
    for _ in range(7):
        a_case(site, 1)
    found = like(site, CLERK)
    assert len(found.matches) == rules().most == 5 and found.hidden == 0


def test_a_closed_matter_is_shown_for_as_long_as_the_county_says(site_on_both: Installation) -> None:
    site = site_on_both
    closed = a_case(site, 99)
    assert cases(like(site, CLERK, now=NOW + timedelta(days=300))) == [closed]
    assert like(site, CLERK, now=NOW + timedelta(days=500)) == Found()


def test_an_amended_matter_is_found_by_what_it_says_now(site_on_both: Installation) -> None:
    site = site_on_both
    case_id = a_case(site, 3, "returned_at_collect")
    by = "clerk@360428106"
    task = open_task(site, "propose", by, case_id)
    pipe = {"subject": "自来水管网未接通", "description": "小区自来水管网一直没有接通，住户用水困难。"}
    complete(site, me(site, by), task.id, answers_to("propose", **pipe), now=NOW)
    assert cases(like(site, by, **pipe)) == [case_id]
    assert like(site, by) == Found()


def test_a_matter_does_not_find_itself(site: Installation) -> None:
    case_id = a_case(site, 1)
    with site.db.read() as session:
        gist = rules().gist(LAMPS["subject"], LAMPS)
        assert find_similar(session, me(site, CLERK), rules(), gist, TOWN, now=NOW, but=case_id) == Found()


WORDS = some.text(
    alphabet=some.sampled_from("城区自来水管网未接通环路灯不亮村道坑洼难行，。 3a"), min_size=10, max_size=200
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=some.text(alphabet="水路灯村道圩堤渗漏", min_size=4, max_size=60), description=WORDS)
def test_a_matter_is_always_found_by_its_own_words_and_by_nobody_who_may_not_see_it(
    site: Installation, subject: str, description: str
) -> None:
    assume(len(description.strip()) >= 10)
    told = {"subject": subject, "description": description}
    efforts = answers_to("propose").get("efforts") or ""
    done = blow(site, me(site, CLERK), "吹哨", answers_to("propose", **told), now=NOW)
    typed = {**told, "place": "环城路东段", "efforts": efforts}
    shown, strange = like(site, OFFICE, **typed, most=100), like(site, OTHER_CLERK, **typed)
    assert shown.matches[0].same_place and done.case_id in cases(shown)
    assert strange.matches == () and strange.hidden == len(shown.matches)


def test_who_may_see_a_match_may_open_it(site: Installation) -> None:
    for story in ("single_unit", "national_day", "four_different_people"):
        a_case(site, 5 if story == "single_unit" else 1, story)
    for by in (CLERK, OFFICE, OTHER_CLERK, "section_head@urban_management", "section_head@housing"):
        with site.db.read() as session:
            for case_id in cases(like(site, by)):
                assert find_case_id(session, me(site, by), case_id) == case_id


def test_raising_with_a_gist_costs_no_statement_more(site: Installation, tmp_path: Any) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    plain = a_site(folder, folder=without_section())
    costs = []
    for place in (site, plain):
        with listening(place) as heard:
            blow(place, me(place, CLERK), "吹哨", answers_to("propose"), now=NOW)
        costs.append(len(heard))
    plain.db.close()
    assert costs[0] == costs[1]


def test_looking_costs_the_same_with_few_and_with_many(site: Installation) -> None:
    costs = []
    for _ in range(2):
        for _ in range(6):
            a_case(site, 1)
        who, gist = me(site, CLERK), rules().gist(LAMPS["subject"], LAMPS)
        with site.db.read() as session, listening(site) as heard:
            find_similar(session, who, rules(), gist, TOWN, now=NOW)
        costs.append(len(heard))
    assert costs == [5, 5]


def test_a_county_that_does_not_ask_for_it_keeps_nothing(tmp_path: Any) -> None:
    site = a_site(tmp_path, folder=without_section())
    a_case(site, 3, "returned_at_collect")
    task = open_task(site, "propose", "clerk@360428106")
    complete(site, me(site, "clerk@360428106"), task.id, answers_to("propose"), now=NOW)
    assert gists(site) == [None]
    site.db.close()


def test_duty_items_of_the_townships_own_answer_at_once() -> None:
    pack = the_pack()
    assert [duty.code for duty in townships_own(pack, TOWN, "村口垃圾桶满了，生活垃圾没有清运")] == ["T08"]
    assert townships_own(pack, TOWN, "城区自来水管网未接通，走访住户") == []
    assert townships_own(pack, "housing", "生活垃圾没有清运") == []
    assert townships_own(pack, TOWN, "") == []


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ('place = ["hamlet"]', "[similar] 里的 hamlet 不是发起表单里的文字项"),
        ('text = ["category"]', "[similar] 里的 category 不是发起表单里的文字项"),
        ('place = "village"', "[similar] 只能写"),
        ("place = [1]", "[similar] 只能写"),
        ("closed_within_days = 0", "[similar] 只能写"),
        ("at_least_percent = 101", "[similar] 只能写"),
        ("most = true", "[similar] 只能写"),
        ("colour = 1", "[similar] 只能写"),
    ],
)
def test_a_section_that_cannot_be_meant_is_refused_with_a_sentence(section: str, sentence: str) -> None:
    told = without_section()["county.toml"].decode() + f"\n[similar]\n{section}\n"
    checked = check(the_folder() | {"county.toml": told.encode()})
    assert checked.pack is None
    assert [sentence in finding.message_zh for finding in checked.findings] == [True]


def test_an_empty_section_looks_at_titles() -> None:
    told = without_section()["county.toml"].decode() + "\n[similar]\n"
    checked = check(the_folder() | {"county.toml": told.encode()})
    assert checked.findings == [] and checked.pack is not None
    assert Similar.of(checked.pack.county) == Similar()
    assert Similar().gist("环城路路灯不亮", {}) == Gist.of([], "环城路路灯不亮", [])


def without_section() -> dict[str, bytes]:
    """The model county without its section."""
    before, _, rest = the_folder()["county.toml"].decode().partition("[similar]")
    return {**the_folder(), "county.toml": (before + rest[rest.index("\n[") :]).encode()}


def gists(site: Installation) -> list[bytes | None]:
    with site.db.read() as session:
        return list(session.scalars(select(MatterRow.gist)))
