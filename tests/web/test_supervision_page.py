"""督办 on pages: a list of orders with lights for those who may see them, and panels on both sides of the chain."""

from __future__ import annotations

from datetime import timedelta

from lxml import html

from processes.installation import Installation
from tests.kit.actors import Browsers, a_case, listening, said
from tests.processes.test_supervision import NEAR, RAISED, UNIT, a_whistle, do, hold_back, order_of, patrol

OFFICE, HEAD, TOWNSHIP, STRANGER = (
    "director@whistle_office",
    f"section_head@{UNIT}",
    "clerk@360428109",
    "clerk@360428100",
)


def at(browsers: Browsers, by: str, path: str) -> str:
    answer = browsers.of(by).get(path)
    assert answer.status_code == 200
    return said(answer)


def test_an_order_stands_in_the_list_with_its_unit_its_rung_its_light_and_its_matter(
    site: Installation, browsers: Browsers
) -> None:
    a_whistle(site)
    patrol(site, NEAR)
    page = at(browsers, OFFICE, "/supervision/")
    for told in ("临期督办：县城管局", "DB2026-0001", "催办", "待县城管局答复催办", "环城路路灯不亮", "DC2026-0001"):
        assert told in page
    assert "共 1 件" in page and "在办" in page


def test_an_empty_list_says_what_it_is_for(browsers: Browsers) -> None:
    assert "没有这样的督办。集中反映、临近时限、超过时限、久无进展的事项" in at(browsers, OFFICE, "/supervision/")


def test_filters_show_their_part(site: Installation, browsers: Browsers) -> None:
    a_whistle(site)
    patrol(site, NEAR)
    assert "共 0 件" in at(browsers, OFFICE, "/supervision/?only=ended")
    assert "共 0 件" in at(browsers, OFFICE, "/supervision/?only=public")
    for chosen in ("open", "late", "all", "nonsense"):
        assert "共 1 件" in at(browsers, OFFICE, f"/supervision/?only={chosen}")


def test_a_unit_sees_the_orders_to_it_and_no_others(site: Installation, browsers: Browsers) -> None:
    a_whistle(site)
    patrol(site, NEAR)
    assert "DB2026-0001" in at(browsers, HEAD, "/supervision/")
    page = at(browsers, STRANGER, "/supervision/?only=all")
    assert "DB2026-0001" not in page and "共 0 件" in page and "路灯" not in page


def test_what_is_listed_publicly_is_told_to_all_but_not_its_matter(site: Installation, browsers: Browsers) -> None:
    case = a_whistle(site)
    hold_back(site)
    patrol(site, RAISED + timedelta(days=31))
    order = order_of(site, case)
    page = browsers.of(STRANGER).get("/supervision/?only=public")
    assert "久无进展督办：县城管局" in said(page) and "挂牌督办" in said(page)
    assert "路灯" not in page.text and "1 件与您的单位无关的事项" in said(page) and order not in page.text
    assert browsers.of(STRANGER).get(f"/cases/{order}").status_code == 403


def test_the_matter_s_page_tells_of_its_orders_and_the_order_s_page_of_its_matters(
    site: Installation, browsers: Browsers
) -> None:
    case = a_whistle(site)
    patrol(site, NEAR)
    order = order_of(site, case)
    for by, is_linked in ((OFFICE, True), (TOWNSHIP, False)):
        (panel,) = html.document_fromstring(browsers.of(by).get(f"/cases/{case}").text).xpath("//*[@id='supervision']")
        words = " ".join(panel.text_content().split())
        assert "临期督办" in words and "催办" in words and "县城管局" in words
        assert bool(panel.xpath(".//a")) == is_linked
    page = at(browsers, HEAD, f"/cases/{order}")
    assert "督办的事项： 环城路路灯不亮 DC2026-0001" in page


def test_a_matter_without_orders_has_no_panel_and_costs_one_question_more(
    site: Installation, browsers: Browsers
) -> None:
    case = a_case(site, 5)
    browsers.of(OFFICE).get(f"/cases/{case}")
    with listening(site) as heard:
        page = browsers.of(OFFICE).get(f"/cases/{case}")
    assert 'id="supervision"' not in page.text
    assert len([each for each in heard if "chained" in each]) == 1


def test_the_letter_is_with_the_order_s_papers(site: Installation, browsers: Browsers) -> None:
    case = a_whistle(site)
    patrol(site, NEAR)
    patrol(site, NEAR + timedelta(days=2))
    do(site, "sign_letter", OFFICE, NEAR + timedelta(days=2, hours=1), "sign")
    order = order_of(site, case)
    page = html.document_fromstring(browsers.of(HEAD).get(f"/cases/{order}").text)
    links = page.xpath("//*[@id='papers']//a[contains(@aria-label, '督办〔2026〕1号 督办函.pdf')]/@href")
    with browsers.of(HEAD).get(links[0]) as answer:
        assert answer.status_code == 200 and answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert browsers.of(STRANGER).get(links[0]).status_code == 403
    assert "督办〔2026〕1号" in at(browsers, OFFICE, "/supervision/")


def test_the_way_there_is_in_the_rail_of_those_who_see_the_county(browsers: Browsers) -> None:
    assert 'href="/supervision/"' in browsers.of(OFFICE).get("/").text
    assert 'href="/supervision/"' not in browsers.of(TOWNSHIP).get("/").text


def test_the_list_costs_the_same_however_many_orders(site: Installation, browsers: Browsers) -> None:
    a_whistle(site)
    patrol(site, NEAR)
    at(browsers, OFFICE, "/supervision/")
    with listening(site) as few:
        at(browsers, OFFICE, "/supervision/")
    for _ in range(3):
        a_whistle(site)
    patrol(site, NEAR + timedelta(minutes=1))
    with listening(site) as many:
        assert "共 4 件" in at(browsers, OFFICE, "/supervision/")
    assert len(many) == len(few)
