"""The pages of an assessment before and after it is published: list, sheet, cases behind a figure, the workbook."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from lxml import html
from openpyxl import load_workbook
from sqlalchemy import select

from engine.store.tables import TaskRow
from processes.installation import Installation
from processes.tables import MatterRow
from processes.tables_assessment import ExclusionRow
from tests.kit.actors import Browsers, all_rows, open_task, said
from tests.kit.assessments import ASKED, AUDITOR, DIRECTOR, DRAWN, assess, at_work, do, look, number_of, publish
from tests.kit.sites import me

UNIT, STRANGER, TOWN = "section_head@housing", "section_head@health", "clerk@360428109"
AFTER = DRAWN + timedelta(days=5)


@pytest.fixture
def assessed(site: Installation) -> str:
    """A draft of a county where three units have four cases each, of which one was late, and three others one each."""
    for _ in range(3):
        at_work(site, "water_pipe")
    at_work(site, "one_unit_late", "two_rounds_of_rework")
    return assess(site)


def links(page: str) -> dict[str, str]:
    """The links of a page by what they say to a screen reader."""
    found = html.document_fromstring(page).xpath("//main//a[@href]")
    return {(link.get("aria-label") or " ".join(link.text_content().split())): link.get("href") for link in found}


def test_without_an_assessment_the_page_says_what_it_is_for(browsers: Browsers) -> None:
    page = browsers.of(TOWN).get("/assessments/")
    assert page.status_code == 200 and "还没有考核。" in said(page) and "公布的结果人人可看" in said(page)
    assert "/assessments/" in browsers.of(TOWN).get("/").text, "the way there stands in the rail"


def test_matters_alike_are_not_looked_for_beside_an_assessment(browsers: Browsers) -> None:
    page = browsers.of(DIRECTOR).get("/cases/new/考核")
    assert page.status_code == 200 and "提交前看一看" not in said(page)
    assert "提交前看一看" in said(browsers.of(TOWN).get("/cases/new/吹哨"))


def test_a_draft_is_on_the_list_of_its_units_and_of_the_county_only(browsers: Browsers, assessed: str) -> None:
    for by, shown in ((DIRECTOR, True), (UNIT, True), (STRANGER, False), (TOWN, False)):
        assert (ASKED["title"] in said(browsers.of(by).get("/assessments/"))) is shown
        page = browsers.of(by).get(f"/assessments/{assessed}")
        assert page.status_code == (200 if shown else 404)
        assert shown or "没有这次考核，或者它还没有公布" in said(page)
    for path in ("cases?unit=housing&figure=response", "excel"):
        assert browsers.of(STRANGER).get(f"/assessments/{assessed}/{path}").status_code == 404


def test_the_sheet_ranks_and_says_why_somebody_is_not_ranked(browsers: Browsers, assessed: str) -> None:
    page = said(browsers.of(DIRECTOR).get(f"/assessments/{assessed}"))
    for words in (
        "不排名",
        "不足 3 件",
        "按时报到",
        "6 分",
        "扣分项",
        "吹哨频次",
        "偏少",
        "分数怎么算的",
        "response_points",
    ):
        assert words in page, words
    rows = html.document_fromstring(browsers.of(DIRECTOR).get(f"/assessments/{assessed}").text)
    ranks = [cell.text_content().strip() for cell in rows.xpath("//td[@class='rank']")]
    assert ranks[:2] == ["1", "2"] and "不排名" in ranks


def test_of_a_draft_a_unit_sees_its_figures_and_of_others_the_ranks(browsers: Browsers, assessed: str) -> None:
    page = browsers.of(UNIT).get(f"/assessments/{assessed}")
    assert "本单位" in said(page) and "公示期间只给本单位看" in said(page)
    opened = [url for url in links(page.text).values() if "unit=" in url]
    assert {url.split("unit=")[1].split("&")[0] for url in opened if "whistles" not in url} == {"housing"}
    assert browsers.of(UNIT).get(f"/assessments/{assessed}/cases?unit=water_company&figure=response").status_code == 404


def test_a_figure_opens_to_its_cases_and_says_which_were_late(
    browsers: Browsers, site: Installation, assessed: str
) -> None:
    page = browsers.of(DIRECTOR).get(f"/assessments/{assessed}")
    late = next(url for label, url in links(page.text).items() if "按时报到 75%" in label)
    cases = browsers.of(DIRECTOR).get(late)
    assert cases.status_code == 200 and "超时" in said(cases) and "DC2026-" in said(cases)
    matter = next(url for url in links(cases.text).values() if "/cases/DC" in url)
    assert browsers.of(DIRECTOR).get(matter).status_code == 200
    publish(site, assessed, now=AFTER)
    told = said(browsers.of(TOWN).get(late))
    assert "这个数字出自 4 件，与您的单位无关，不能打开。" in told and "DC2026-" not in told


@pytest.mark.parametrize(
    "query", ["", "?unit=housing", "?unit=x&figure=response", "?unit=housing&figure=x", "?unit=housing&figure=whistles"]
)
def test_there_is_nothing_behind_a_figure_that_is_not_there(browsers: Browsers, assessed: str, query: str) -> None:
    assert browsers.of(DIRECTOR).get(f"/assessments/{assessed}/cases{query}").status_code == 404


def test_published_it_is_open_to_everybody_with_its_exclusions_and_signatures(
    browsers: Browsers, site: Installation, assessed: str
) -> None:
    cases = at_work(site, "building_waste")
    case_id = assess(site, title="2026 年下半年考核")
    number = number_of(site, cases["building_waste"])
    look(site, case_id, "urban_management", case_number=number, reason="不属于本单位的职责范围。")
    do(site, case_id, "decide_appeal", AUDITOR, "exclude", now=DRAWN, reason="划转期间，不应计入。")
    assert "划转期间，不应计入。" in said(browsers.of(DIRECTOR).get(f"/assessments/{case_id}"))
    publish(site, case_id, now=AFTER)
    page = said(browsers.of(TOWN).get(f"/assessments/{case_id}"))
    for words in ("已公布", "剔除 1", number, "划转期间，不应计入。", "核对签字", me(site, DIRECTOR).name, "审定签字"):
        assert words in page, words
    assert "公示期间只给本单位看" not in page and "办理经过" not in page


def test_the_workbook_has_the_same_figures_and_a_heading_that_stays(
    browsers: Browsers, site: Installation, assessed: str
) -> None:
    publish(site, assessed, now=AFTER)
    answer = browsers.of(TOWN).get(f"/assessments/{assessed}/excel")
    assert answer.status_code == 200 and "spreadsheetml" in answer.content_type
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert quote(f"{ASKED['title']}.xlsx") in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["排名", "乡镇频次", "剔除", "按规则计", "说明"]
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets)
    heads, first, *_ = book["排名"].iter_rows(values_only=True)
    assert heads[:5] == ("排名", "单位", "得分（满分 30）", "件数", "按时报到（6 分）")
    page = said(browsers.of(TOWN).get(f"/assessments/{assessed}"))
    assert f"{first[0]} {first[1]} {first[2]:.2f} {first[3]}" in page
    assert book["排名"]["E2"].number_format == "0%" and first[4] == 1
    told = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert told["状态"].startswith("已公布") and "核对签字" in told and "response_points" in told["算式"]


def test_a_draft_for_excel_hides_what_the_page_hides(browsers: Browsers, assessed: str) -> None:
    book = load_workbook(io.BytesIO(browsers.of(UNIT).get(f"/assessments/{assessed}/excel").data))
    rows = list(book["排名"].iter_rows(min_row=2, values_only=True))
    assert {row[1] for row in rows if row[3] is not None} == {"县住建局"} and len(rows) > 3


def test_a_text_that_begins_like_a_formula_stays_a_text(browsers: Browsers, site: Installation, assessed: str) -> None:
    with site.db.write() as session:
        row = {"county": "360428", "case_id": assessed, "excluded": assessed, "number": "DC2026-0001"}
        told = {"unit": "housing", "reason": '=HYPERLINK("http://x")', "by": "", "at": DRAWN}
        session.add(ExclusionRow(**row, **told))
    book = load_workbook(io.BytesIO(browsers.of(DIRECTOR).get(f"/assessments/{assessed}/excel").data))
    assert book["剔除"]["C2"].value == '=HYPERLINK("http://x")' and book["剔除"]["C2"].data_type == "s"


def test_an_appeal_after_its_date_is_refused_on_its_page_and_what_was_typed_stays(
    browsers: Browsers, site: Installation, app: Flask
) -> None:
    at_work(site, "water_pipe")
    case_id = assess(site, now=DRAWN - timedelta(days=60), appeals_until="2026-09-05")
    with site.db.read() as session:
        query = select(TaskRow.id, TaskRow.groups).where(TaskRow.case_id == case_id, TaskRow.step == "look_at_draft")
        task = next(each.id for each in session.execute(query) if ["section_head", "housing"] in each.groups)
    before = all_rows(site)
    sent = {"case_number": "DC2026-0001", "reason": "不是本单位的职责。", "outcome": "appeal"}
    answer = browsers.of(UNIT).post(f"/tasks/{task}", data=sent)
    assert answer.status_code == 422 and "申诉期已过，不能再申诉" in said(answer)
    assert "不是本单位的职责。" in answer.text
    after = all_rows(site)
    assert {name: rows for name, rows in after.items() if name != "visit"} == {
        name: rows for name, rows in before.items() if name != "visit"
    }


def test_case_and_task_of_an_assessment_lead_to_its_sheet(
    site: Installation, browsers: Browsers, assessed: str
) -> None:
    sheet = f"/assessments/{assessed}"
    assert links(browsers.of(DIRECTOR).get(f"/cases/{assessed}").text)["打开考核表"] == sheet
    task = open_task(site, "look_at_draft", UNIT, assessed, branch="housing")
    page = browsers.of(UNIT).get(f"/tasks/{task.id}")
    assert links(page.text)["打开考核表"] == sheet
    whistle = site_case(site)
    assert "打开考核表" not in links(browsers.of(DIRECTOR).get(f"/cases/{whistle}").text)


def test_the_list_of_cases_shows_one_kind_when_asked(browsers: Browsers, assessed: str) -> None:
    page = browsers.of(DIRECTOR).get("/cases/?only=all")
    kinds = {name.split()[0]: address for name, address in links(page.text).items() if "start=" in address}
    assert set(kinds) >= {"吹哨", "考核"}
    shown = browsers.of(DIRECTOR).get(kinds["考核"])
    assert ASKED["title"] in said(shown) and "DC2026" not in said(shown)
    assert "DC2026" in said(browsers.of(DIRECTOR).get(kinds["吹哨"]))
    nothing = browsers.of(DIRECTOR).get("/cases/", query_string={"start": "没有这种"})
    assert nothing.status_code == 200 and "没有找到符合的" in said(nothing)
    assert "全部种类" not in said(browsers.of(TOWN).get("/cases/?only=all")), "a township has one kind only"


def site_case(site: Installation) -> str:
    """The number of a whistle."""
    with site.db.read() as session:
        found = session.scalars(select(MatterRow.number).where(MatterRow.start == "吹哨").limit(1)).one()
    assert found is not None
    return found
