"""The prior check on pages: beside a new matter, while it is typed and without scripts, and at triage (DC-3)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from processes.installation import Installation
from processes.tables import DraftRow, PaperRow
from tests.kit.actors import Browsers, a_case, all_rows, answers_to, listening, open_task, said
from tests.kit.papers import a_paper
from tests.kit.sites import a_site, an_app
from tests.processes.test_similar import without_section

CLERK, OTHER_CLERK, TRIAGER = "clerk@360428109", "clerk@360428100", "triager@whistle_office"
NEW, CHECK = "/cases/new/吹哨", "/cases/new/吹哨/similar"
LAMPS = {
    "subject": "环城路路灯全部熄灭",
    "description": "环城路东段路灯不亮，夜间出行不安全。",
    "village": "东湖社区",
    "place": "环城路",
}


def test_while_typing_the_matters_alike_are_listed_with_why(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 4)
    answer = browsers.of(CLERK).post(CHECK, data=LAMPS)
    (item,) = found(answer)
    words = " ".join(item.text_content().split())
    assert (
        "同一地点" in words and "环城路路灯不亮" in words and "DC2026-0001" in words and "待县吹哨办分析研判" in words
    )
    (link,) = item.xpath(".//a")
    assert link.get("target") == "_blank" and browsers.of(CLERK).get(link.get("href")).status_code == 200
    assert case_id and said(answer).count("环城路") == 1 and "类似事项 1 件" in answer.text


def test_nothing_of_a_matter_that_may_not_be_seen_is_on_the_page(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 4)
    for answer in (browsers.of(OTHER_CLERK).post(CHECK, data=LAMPS), no_scripts(browsers, OTHER_CLERK, LAMPS)):
        assert found(answer) == [] and "有 1 件类似事项不在您的查看范围" in said(answer)
        for secret in ("环城路路灯不亮", "DC2026-0001", case_id, "18 盏", "待县吹哨办"):
            assert secret not in answer.text


def test_looking_writes_nothing_and_takes_few_statements(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1)
    client = browsers.of(CLERK)
    client.post(CHECK, data=LAMPS)
    before = all_rows(site)
    with listening(site) as heard:
        assert client.post(CHECK, data=LAMPS).status_code == 200
    assert "COMMIT" not in heard and len(heard) <= 10, "\n".join(heard)
    assert all_rows(site) == before


def test_without_scripts_a_button_fills_the_panel_and_keeps_what_was_typed(
    site: Installation, browsers: Browsers
) -> None:
    a_case(site, 1)
    answer = no_scripts(browsers, CLERK, LAMPS | {"photos": (io.BytesIO(a_paper("现场.jpg")), "现场.jpg")})
    page = html.document_fromstring(answer.text)
    assert answer.status_code == 200 and len(found(answer)) == 1
    assert page.get_element_by_id("f-subject").get("value") == LAMPS["subject"]
    assert "现场.jpg" in said(answer) and not page.xpath("//*[@id='form-errors']")
    with site.db.read() as session:
        assert session.scalars(select(PaperRow.name).where(PaperRow.case_id.is_(None))).all() == ["现场.jpg"]
        assert session.scalars(select(DraftRow)).all() == []


def test_the_panel_is_filled_wherever_the_page_comes_with_something_typed(
    site: Installation, browsers: Browsers
) -> None:
    a_case(site, 1)
    client = browsers.of(CLERK)
    assert found(client.get(NEW)) == []
    assert "填写事项和地点后" in said(client.get(NEW))
    assert len(found(client.post(NEW, data=LAMPS))) == 1  # refused: much is missing
    client.post(f"{NEW}/draft", data=LAMPS)
    assert len(found(client.get(NEW))) == 1


def test_the_townships_own_duty_answers_at_once(browsers: Browsers) -> None:
    answer = browsers.of(CLERK).post(CHECK, data={"subject": "村口生活垃圾无人清运"})
    words = said(answer)
    assert "属于乡镇自己职责范围，县吹哨办会退回；先按下列办法办理：T08 农村生活垃圾收集和转运到乡镇中转站" in words
    assert "办法当日通知保洁公司清运到乡镇中转站" in words
    assert "《中华人民共和国固体废物污染环境防治法》" in words and "收运台账、照片" in words and "仍可提交" in words


def test_whoever_judges_is_told_by_which_of_the_townships_duties_it_may_be_returned(
    site: Installation, browsers: Browsers
) -> None:
    told = {"subject": "村口生活垃圾无人清运", "description": "垃圾桶满了一周，臭味很大。"}
    tasks = [open_task(site, "triage", TRIAGER, a_case(site, 4, **changes)) for changes in (told, {})]
    own, others = (browsers.of(TRIAGER).get(f"/tasks/{task.id}") for task in tasks)
    (duty,) = html.document_fromstring(own.text).find_class("own-duty")
    words = " ".join(duty.text_content().split())
    assert words.startswith(
        "这类事项属乡镇自己的职责，可以引用这一条退回：T08 农村生活垃圾收集和转运到乡镇中转站 办法当日通知"
    )
    assert "仍可提交" not in words and "县吹哨办会退回" not in words
    assert not html.document_fromstring(others.text).find_class("own-duty")


def test_it_advises_and_never_blocks(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1)
    same = {name: list(texts) for name, texts in answers_to("propose").texts.items()}
    assert browsers.of(CLERK).post(NEW, data=same).status_code == 302


def test_whoever_judges_sees_what_is_alike_but_not_the_matter_itself(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1, "national_day")
    case_id = a_case(site, 4)
    task = open_task(site, "triage", "triager@whistle_office", case_id)
    answer = browsers.of("triager@whistle_office").get(f"/tasks/{task.id}")
    (item,) = found(answer)
    assert "内容相近" in item.text_content() and case_id not in "".join(item.xpath(".//@href"))


@pytest.mark.parametrize("data", [{}, {"subject": "，。"}, {"subject": "水" * 100_000}, {"place": "\ud83d"}])
def test_whatever_is_typed_gets_an_answer(browsers: Browsers, data: dict[str, str]) -> None:
    data = {name: text.encode("utf-8", "replace").decode() for name, text in data.items()}
    assert browsers.of(CLERK).post(CHECK, data=data).status_code == 200


def test_what_a_title_says_is_shown_as_text_and_never_as_markup(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1, subject="<b>路灯</b>熄灭了")
    answer = browsers.of(CLERK).post(CHECK, data={"subject": "<b>路灯</b>熄灭了"})
    assert "&lt;b&gt;路灯" in answer.text and "<b>路灯" not in answer.text


def test_a_county_that_does_not_ask_for_it_has_no_panel(tmp_path: Any) -> None:
    site = a_site(tmp_path, folder=without_section())
    browsers = Browsers(site, an_app(site))
    assert "data-similar" not in browsers.of(CLERK).get(NEW).text
    assert browsers.of(CLERK).post(CHECK, data=LAMPS).status_code == 404
    task = open_task(site, "triage", "triager@whistle_office", a_case(site, 4))
    assert "类似事项" not in browsers.of("triager@whistle_office").get(f"/tasks/{task.id}").text
    site.db.close()


def found(answer: TestResponse) -> list[html.HtmlElement]:
    assert answer.status_code in (200, 422)
    listed: list[html.HtmlElement] = html.document_fromstring(answer.text).xpath("//ul[@class='alike']/li")
    return listed


def no_scripts(browsers: Browsers, by: str, data: dict[str, Any]) -> TestResponse:
    sent = {**data, "_check_similar": "1"}
    return browsers.of(by).post(NEW, data=sent, content_type="multipart/form-data")
