"""知识库 on pages: what everybody reads and finds, what only the county sees, and a name that is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import html

from processes.installation import Installation
from tests.kit.actors import Actors, Browsers, a_case, open_task, said
from tests.kit.follow_ups import a_county as a_county_without
from tests.kit.sites import a_site, an_app, the_pack

DIRECTOR, AUDITOR, STRANGER, TOWN = (
    "director@whistle_office",
    "auditor@whistle_office",
    "handler@health",
    "clerk@360428109",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A county with a typical case, one that was taken down, and a commendation."""
    inst = a_site(tmp_path_factory.mktemp("site"))
    for story in ("typical_published", "typical_taken_down", "commendation_decided"):
        Actors(inst).play(the_pack().stories[story])
    yield inst
    inst.db.close()


@pytest.fixture
def browsers(site: Installation) -> Browsers:
    return Browsers(site, an_app(site))


def links(browsers: Browsers, by: str, path: str) -> dict[str, str]:
    page = html.document_fromstring(browsers.of(by).get(path).text)
    return {" ".join(link.text_content().split()): link.get("href") for link in page.xpath("//main//a[@href]")}


def read(browsers: Browsers, by: str, path: str) -> str:
    answer = browsers.of(by).get(path)
    assert answer.status_code == 200
    return said(answer)


def test_without_a_typical_case_the_page_says_how_one_comes_about(tmp_path_factory: pytest.TempPathFactory) -> None:
    inst = a_site(tmp_path_factory.mktemp("empty"))
    browsers = Browsers(inst, an_app(inst))
    assert "知识库里还没有典型案例。" in read(browsers, STRANGER, "/knowledge/")
    assert "推荐为典型案例" in read(browsers, STRANGER, "/knowledge/")
    assert 'id="q"' not in browsers.of(STRANGER).get("/knowledge/").text, "nothing to search"
    assert 'id="q"' in browsers.of(STRANGER).get("/knowledge/?q=路灯").text, "who asked may ask otherwise"
    assert "还没有表彰。" in read(browsers, STRANGER, "/knowledge/commended")
    inst.db.close()


def test_everybody_reads_it_and_finds_it_from_the_rail(browsers: Browsers) -> None:
    assert "/knowledge/" in browsers.of(STRANGER).get("/").text
    words = read(browsers, STRANGER, "/knowledge/")
    assert "先修后分：环城路路灯复明" in words and "蔡岭镇" in words and "城市管理 1" in words
    whole = read(browsers, STRANGER, links(browsers, STRANGER, "/knowledge/")["先修后分：环城路路灯复明"])
    assert "什么情况" in whole and "怎么办的" in whole and "对应事项：D05" in whole
    assert "陈敏" not in whole and "原件" not in whole and "推荐和审定的经过" not in whole


def test_the_cases_behind_it_are_named_to_those_who_may_see_them(browsers: Browsers) -> None:
    address = links(browsers, TOWN, "/knowledge/")["先修后分：环城路路灯复明"]
    behind = links(browsers, TOWN, address)
    former = next(url for name, url in behind.items() if name.startswith("原件：") and "环城路路灯不亮" in name)
    assert browsers.of(TOWN).get(former).status_code == 200
    assert browsers.of(STRANGER).get(former).status_code == 403


@pytest.mark.parametrize(
    ("asked", "found"), [("管护主体", True), ("复明 县城管局", True), ("火星", False), ("%", False)]
)
def test_it_is_searched_by_words(browsers: Browsers, asked: str, found: bool) -> None:
    words = said(browsers.of(STRANGER).get("/knowledge/", query_string={"q": asked}))
    assert ("先修后分" in words) is found and (f"没有找到说到“{asked}”的典型案例。" in words) is not found


def test_a_category_that_is_none_shows_all_and_a_page_past_the_end_is_empty(browsers: Browsers) -> None:
    assert "先修后分" in read(browsers, STRANGER, "/knowledge/?category=没有这一类")
    assert "先修后分" not in read(browsers, STRANGER, "/knowledge/?page=99")


def test_what_was_taken_down_is_shown_to_the_county_only(browsers: Browsers) -> None:
    words = read(browsers, DIRECTOR, "/knowledge/")
    assert "已撤下 1" in words and "村里只有一户，认得出是谁家。" in words
    assert "已撤下" not in read(browsers, STRANGER, "/knowledge/")
    address = links(browsers, DIRECTOR, "/knowledge/")["三天修好一条路的灯"]
    assert "撤下：村里只有一户" in read(browsers, DIRECTOR, address)
    gone = browsers.of(STRANGER).get(address)
    assert gone.status_code == 404 and "没有这篇典型案例，或者它已经撤下。" in said(gone)


def test_who_was_commended_stands_there_with_the_reason(browsers: Browsers) -> None:
    words = read(browsers, STRANGER, "/knowledge/commended")
    assert "2026 年度评先评优" in words and "县住建局" in words and "牵头办结三件，没有返工。" in words
    assert "周平" in words and "审定" in words and "评选经过" not in words
    assert "评选经过" in read(browsers, DIRECTOR, "/knowledge/commended")
    assert "本单位" in read(browsers, "section_head@housing", "/knowledge/commended")


def test_a_township_nominates_from_the_page_of_its_closed_case(browsers: Browsers, site: Installation) -> None:
    closed = a_case(site, 99, "single_unit")
    buttons = links(browsers, TOWN, f"/cases/{closed}")
    form = browsers.of(TOWN).get(next(url for name, url in buttons.items() if "推荐为典型案例" in name))
    assert form.status_code == 200 and "环城路路灯不亮" in form.text and "各单位均已办理完毕" in form.text
    assert not [name for name in links(browsers, "handler@health", "/cases/") if "推荐" in name]


def test_a_name_is_refused_with_a_sentence_and_what_was_typed_stays(browsers: Browsers, site: Installation) -> None:
    steps = the_pack().stories["typical_not_approved"].steps
    until = next(number for number, each in enumerate(steps) if each.does == "nominate") + 1
    actors = Actors(site)
    actors.play(the_pack().stories["typical_not_approved"], until=until)
    task = open_task(site, "edit_case", AUDITOR, actors.cases["典型案例"])
    shown = browsers.of(AUDITOR).get(f"/tasks/{task.id}")
    assert "三天修好一条路的灯" in shown.text, "the form begins with what was nominated"
    told = next(each for each in steps if each.does == "edit_case")
    typed = {"lesson": "联系李强，电话 13800000001，先修后分。"}
    data = browsers.posted(the_pack().forms["edit_case"], {**told.answers, **typed}, "submit")
    answer = browsers.of(AUDITOR).post(f"/tasks/{task.id}", data=data)
    assert answer.status_code == 422 and typed["lesson"] in answer.text
    assert "有什么经验里好像有个人信息：13800000001（电话）、李强（姓名）。请删去，或者换个说法" in said(answer)
    assert browsers.of(TOWN).get(f"/tasks/{task.id}").status_code == 403


def test_a_county_without_the_section_has_no_such_place(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = a_county_without()
    county = folder["county.toml"].decode()
    without = county[: county.index("[knowledge]")] + county[county.index("# 台账") :]
    inst = a_site(tmp_path_factory.mktemp("bare"), folder={**folder, "county.toml": without.encode()})
    assert "/knowledge/" not in Browsers(inst, an_app(inst)).of(STRANGER).get("/").text
    inst.db.close()
