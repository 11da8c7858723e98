"""The same form in a real browser: without a script everything works, with one it is more comfortable."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from processes.forms import Form
from tests.processes.forms.builders import a_form, button, part
from tests.web.forms.conftest import Site

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "browser" / "axe.min.js"
Open = Callable[[Form], Site]
NewPage = Callable[..., Page]


def a_vetting() -> Form:
    required = {"required": True}
    return a_form(
        part("textfield", "subject", "事项", validate={"required": True, "maxLength": 10}),
        part("radio", "kind", "类别", values=[{"value": "road", "label": "道路"}, {"value": "other", "label": "其他"}]),
        part("textfield", "which", "什么类别", validate=required, conditional={"hide": '=kind != "other"'}),
        part(
            "dynamiclist",
            "units",
            "应哨单位",
            components=[part("select", "unit", "单位", said={"source": "units"}, validate=required)],
        ),
        part("filepicker", "papers", "附件", multiple=True),
        part("textarea", "opinion", "意见", said={"outcomes": "forward"}),
        part("textarea", "reason", "退回理由", validate=required, said={"outcomes": "back"}),
        button("forward", "同意"),
        button("back", "退回", look="plain", ask="将退回提出人。确定？"),
    )


def a_rating() -> Form:
    columns = [
        part("number", key, label, decimalDigits=0, validate={"min": 0, "max": 25})
        for key, label in (("a", "报到"), ("b", "办理"))
    ]
    return a_form(part("dynamiclist", "ratings", "评分", components=columns, said={"each": "round"}))


def test_without_a_script_rows_are_added_dropped_and_sent(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages(script=False)
    page.goto(site.url)
    page.get_by_label("事项").fill("修路")
    for _ in range(3):
        page.get_by_role("button", name="添加一项").click()
    page.locator("#f-units-0-unit").select_option("water")
    page.locator("#f-units-1-unit").select_option("forest")
    page.locator("#f-units-2-unit").select_option("housing")
    page.get_by_role("button", name=re.compile("删去 ?第 2 项")).click()
    expect(page.get_by_label("事项")).to_have_value("修路")
    page.get_by_label("其他").check()
    page.get_by_label("什么类别").fill("桥")
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("heading")).to_have_text("已提交")
    (accepted,) = site.accepted
    assert accepted.outcome == "forward"
    assert accepted.answers == {
        "subject": "修路",
        "kind": "other",
        "which": "桥",
        "units": [{"unit": "water"}, {"unit": "housing"}],
    }


def test_without_a_script_errors_lead_to_their_fields_and_nothing_is_lost(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages(script=False)
    page.goto(site.url)
    page.get_by_label("事项").fill("这个标题实在是写得太长了")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("alert")).to_contain_text("有 2 处需要修改")
    expect(page.get_by_label("事项")).to_have_value("这个标题实在是写得太长了")
    page.get_by_role("link", name="事项最多 10 个字，现在 12 个字").click()
    assert page.url.endswith("#f-subject")


def test_a_question_for_another_outcome_opens_when_its_button_is_pressed(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages()
    page.goto(site.url)
    expect(page.get_by_label("意见")).to_be_visible()
    expect(page.get_by_label("退回理由")).to_be_hidden()
    page.get_by_label("事项").fill("修路")
    page.get_by_label("道路").check()
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_label("退回理由")).to_be_focused()
    expect(page.get_by_label("意见")).to_be_hidden()
    page.keyboard.type("材料不够齐全")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("dialog")).to_contain_text("将退回提出人。确定？")
    page.get_by_role("button", name="再想想").click()
    assert site.accepted == []
    page.get_by_role("button", name="退回").click()
    page.get_by_role("dialog").get_by_role("button", name="退回").click()
    expect(page.get_by_role("heading")).to_have_text("已提交")
    assert site.accepted[0].outcome == "back"
    assert site.accepted[0].answers["reason"] == "材料不够齐全"


def test_after_a_refusal_the_questions_of_the_pressed_button_stay_open(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages()
    page.goto(site.url)
    page.get_by_role("button", name="退回").click()
    page.get_by_role("button", name="退回").click()
    page.get_by_role("dialog").get_by_role("button", name="退回").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("退回理由")).to_be_visible()
    page.get_by_role("link", name="请填写退回理由").click()
    expect(page.get_by_label("退回理由")).to_be_focused()


def test_a_field_shows_and_hides_with_the_answer_before_it(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages()
    page.goto(site.url)
    expect(page.get_by_label("什么类别")).to_be_hidden()
    page.get_by_label("其他").check()
    expect(page.get_by_label("什么类别")).to_be_visible()
    page.get_by_label("道路").check()
    expect(page.get_by_label("什么类别")).to_be_hidden()


def test_rows_are_added_in_place_and_understood_by_the_server(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages()
    page.goto(site.url)
    page.get_by_label("事项").fill("修路")
    page.get_by_label("道路").check()
    for unit in ("water", "forest", "housing"):
        page.get_by_role("button", name="添加一项").click()
        page.locator("select:focus").select_option(unit)
    page.get_by_role("button", name=re.compile("删去 ?第 2 项")).click()
    expect(page.get_by_role("button", name=re.compile("删去 ?第 2 项"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("删去 ?第 3 项"))).to_have_count(0)
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("heading")).to_have_text("已提交")
    assert site.accepted[0].answers["units"] == [{"unit": "water"}, {"unit": "housing"}]


def test_enter_in_a_text_decides_nothing(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_form(part("textfield", "subject", "事项"), button("go", "同意"))), pages()
    page.goto(site.url)
    page.get_by_label("事项").fill("修路")
    page.get_by_label("事项").press("Enter")
    page.wait_for_timeout(300)
    assert site.accepted == []
    expect(page.get_by_label("事项")).to_have_value("修路")


def test_an_uploaded_file_survives_a_refused_form(open_site: Open, pages: NewPage, tmp_path: Path) -> None:
    paper = tmp_path / "会议纪要.pdf"
    paper.write_bytes(b"pdf")
    site, page = open_site(a_vetting()), pages()
    page.goto(site.url)
    page.get_by_label("附件").set_input_files(paper)
    expect(page.get_by_text("会议纪要.pdf（1 KB）")).to_be_visible()
    page.get_by_label("道路").check()
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写事项")
    expect(page.get_by_label("保留会议纪要.pdf")).to_be_checked()
    page.get_by_label("事项").fill("修路")
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("heading")).to_have_text("已提交")
    assert [kept["name"] for kept in site.accepted[0].answers["papers"]] == ["会议纪要.pdf"]


def test_the_draft_keeps_itself_and_says_so(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages()
    page.clock.install()
    page.goto(site.url)
    page.get_by_label("事项").fill("修路")
    page.clock.run_for(4000)
    expect(page.get_by_text("草稿已自动保存")).to_be_visible()
    assert site.drafts[-1].get("subject") == "修路"


def test_the_scores_of_a_row_are_summed(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_rating()), pages()
    page.goto(site.url)
    page.locator("#f-ratings-0-a").fill("25")
    page.locator("#f-ratings-0-b").fill("２０")
    expect(page.get_by_text("合计 45")).to_be_visible()
    expect(page.get_by_text("合计 0")).to_be_visible()


def test_the_count_of_signs_shows_before_the_limit_and_beyond_it(open_site: Open, pages: NewPage) -> None:
    site, page = open_site(a_vetting()), pages()
    page.goto(site.url)
    page.get_by_label("事项").fill("一二三四五六七八九")
    expect(page.get_by_text("还可写 1 个字")).to_be_visible()
    page.get_by_label("事项").fill("一二三四五六七八九十𠮷𠮷")
    expect(page.get_by_text("多了 2 个字")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_nobody_is_shut_out_and_nothing_runs_off_the_page(open_site: Open, pages: NewPage, width: int) -> None:
    for form in (a_vetting(), a_rating()):
        site, page = open_site(form), pages(width=width)
        page.goto(site.url)
        if page.get_by_role("button", name="添加一项").count():
            page.get_by_role("button", name="添加一项").click()
            page.get_by_role("button", name="同意").click()
            expect(page.get_by_role("alert")).to_be_visible()
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "axe.run(document.querySelector('form')).then((result) => result.violations.map((one) => one.id))"
        )
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
