"""Pages of ratings: what each score means beside it, the reason that is due, who answered, what the rule counted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html
from openpyxl import load_workbook

from processes.installation import Installation
from tests.kit.actors import Actors, Browsers, all_rows, open_task, pack_of, said
from tests.kit.assessments import DIRECTOR, DRAWN, assess
from tests.kit.folders import another_version, unsupervised
from tests.kit.moved import moved
from tests.kit.sites import a_site, an_app, the_pack

STORIES = the_pack().stories
RATER, UNIT, STRANGER = "vetter@360428109", "section_head@urban_management", "clerk@360428100"
ASPECTS = ("arrival", "handling", "satisfaction", "diligence")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    inst = a_site(tmp_path, folder=unsupervised())
    yield inst
    inst.db.close()


def played(inst: Installation, story: str, before: str = "") -> str:
    """A case that stands where somebody is about to do this step; at its end, without one."""
    steps = [told.does for told in STORIES[story].steps]
    return Actors(inst).play(STORIES[story], until=steps.index(before) if before else None)


def rows(points: int) -> dict[str, str]:
    """The form of a rating as a browser sends it, for one unit."""
    given = {f"ratings-0-{aspect}": str(points) for aspect in ASPECTS}
    return {**given, "ratings-0-_key": "urban_management", "ratings-0-reason": "", "outcome": "submit"}


def test_what_each_score_means_stands_beside_it(site: Installation, browsers: Browsers) -> None:
    case = played(site, "building_waste", before="rate")
    page = browsers.of("vetter@360428110").get(f"/tasks/{open_task(site, 'rate', 'vetter@360428110', case).id}")
    whole = html.document_fromstring(page.text)
    for number, aspect in enumerate(ASPECTS):
        told = whole.get_element_by_id(f"f-ratings-0-{aspect}-help").xpath("./li")
        assert [each.text_content().partition("：")[0] for each in told] == ["23–25", "20–22", "15–19", "14 及以下"]
        field = whole.get_element_by_id(f"f-ratings-2-{aspect}")
        assert f"f-ratings-0-{aspect}-help" in field.get("aria-describedby"), "further units are told the same"
        folded = whole.xpath("//*[@data-row-card='ratings-2']//details[contains(@class, 'anchors')]")[number]
        assert [each.text_content() for each in folded.xpath(".//li")] == [each.text_content() for each in told]


def test_a_low_score_is_sent_back_to_the_field_that_lacks_its_reason(site: Installation, browsers: Browsers) -> None:
    working, browser = played(site, "low_score_answered", before="sum_up"), browsers.of(RATER)
    assert "轮到您办" not in said(browser.get(f"/cases/{working}")), "nothing to rate before the work is done"
    case = played(site, "single_unit", before="rate")
    before, path = all_rows(site), f"/tasks/{open_task(site, 'rate', RATER, case).id}"
    assert "合计不到 60 分的，写明理由" in said(browser.get(path))
    answer = browser.post(path, data=rows(14))
    assert answer.status_code == 422 and "四项合计不到 60 分，写明理由" in said(answer)
    refused = html.document_fromstring(answer.text)
    assert refused.xpath("//*[@id='form-errors']//a/@href") == ["#f-ratings-0-reason"]
    assert refused.get_element_by_id("f-ratings-0-handling").get("value") == "14", "what was typed is kept"
    assert {name: each for name, each in all_rows(site).items() if name != "refusal"} == {
        name: each for name, each in before.items() if name != "refusal"
    }
    assert browser.post(path, data=rows(15)).status_code == 302


def test_the_number_is_the_folders(tmp_path: Path) -> None:
    files = {
        **unsupervised(),
        "limits.toml": another_version("limits.toml", "value = 60\n", "value = 50\n")["limits.toml"],
    }
    inst = a_site(tmp_path, folder=files)
    case, browser = played(inst, "single_unit", before="rate"), Browsers(inst, an_app(inst)).of(RATER)
    path = f"/tasks/{open_task(inst, 'rate', RATER, case).id}"
    assert "合计不到 50 分的，写明理由" in said(browser.get(path))
    assert browser.post(path, data=rows(12)).status_code == 422
    assert browser.post(path, data=rows(13)).status_code == 302
    inst.db.close()


def test_a_unit_sees_its_rating_answers_once_and_all_who_see_the_case_read_it(
    site: Installation, browsers: Browsers
) -> None:
    case, browser = played(site, "low_score_answered", before="answer_rating"), browsers.of(UNIT)
    path = f"/tasks/{open_task(site, 'answer_rating', UNIT, case).id}"
    assert "修好后又坏了两盏" in said(browser.get(path)), "the reason stands beside the form"
    words = {"said": "两盏灯坏在供电线路。", "outcome": "answer"}
    assert browser.post(path, data=words).status_code == 302
    assert browser.post(path, data={**words, "said": "还有一句。"}).status_code == 409
    for by in (UNIT, RATER, "auditor@whistle_office"):
        page = said(browsers.of(by).get(f"/cases/{case}"))
        assert "理由：临到期限才报到，修好后又坏了两盏。" in page and "县城管局说明：两盏灯坏在供电线路。" in page
        assert "还有一句" not in page
    path = f"/tasks/{open_task(site, 'analyse', 'auditor@whistle_office', case).id}"
    assert "两盏灯坏在供电线路。" in said(browsers.of("auditor@whistle_office").get(path)), "who analyses reads it"


def test_what_the_rule_counted_is_said_wherever_it_counts(site: Installation, browsers: Browsers) -> None:
    case = played(site, "unrated_by_rule")
    played(site, "single_unit")
    page = said(browsers.of(RATER).get(f"/cases/{case}"))
    assert "逾期未评，按规则计" in page and "报到效率 20，事项办理 20，群众满意度 20，履职尽责 20；合计 80 分" in page
    assert "这件事逾期未评，已按规则计分，考核时标明。" in page
    office, sheet = browsers.of(DIRECTOR), assess(site)
    assert "1 件按规则计" in said(office.get(f"/assessments/{sheet}"))
    counted = office.get(f"/assessments/{sheet}/cases?unit=urban_management&figure=arrival")
    marked = html.document_fromstring(counted.text).xpath("//tr[.//span[@class='tag'][text()='逾期未评，按规则计']]")
    assert len(marked) == 1 and "乡镇一直没有评，请考核时留意。" in marked[0].text_content()
    on_time = office.get(f"/assessments/{sheet}/cases?unit=urban_management&figure=response")
    assert "按规则计" not in said(on_time), "only ratings are"
    book = load_workbook(io.BytesIO(office.get(f"/assessments/{sheet}/excel").data))
    assert ("县城管局", "报到效率", 2, 1) in list(book["按规则计"].values)


def test_bursts_are_shown_to_who_sees_the_county_and_to_nobody_else(site: Installation, browsers: Browsers) -> None:
    for number in range(5):
        begins = STORIES["single_unit"].begins + timedelta(minutes=5 * number)
        Actors(site).play(moved(STORIES["single_unit"], begins))
    played(site, "unrated_by_rule")
    page = said(browsers.of(DIRECTOR).get("/assessments/ratings"))
    assert "打分集中 1" in page and "5 件" in page and "逾期未评，按规则计 1" in page and "滨湖路路灯不亮" in page
    assert "/assessments/ratings" in browsers.of(DIRECTOR).get("/assessments/").text
    for by in (RATER, STRANGER, UNIT):
        assert browsers.of(by).get("/assessments/ratings").status_code == 403
        assert "/assessments/ratings" not in browsers.of(by).get("/assessments/").text
    path = f"/assessments/{assess(site, now=DRAWN)}/cases?unit=urban_management&figure=arrival"
    assert said(browsers.of(DIRECTOR).get(path)).count("打分集中") == 5
    assert "打分集中" not in said(browsers.of(UNIT).get(path))


def test_four_in_the_same_time_are_no_burst(site: Installation, browsers: Browsers) -> None:
    for _ in range(4):
        played(site, "single_unit")
    assert "没有打分集中的情况。" in said(browsers.of(DIRECTOR).get("/assessments/ratings"))
    assert pack_of(site).limits.threshold("burst_matters", DRAWN.date()) == 5
