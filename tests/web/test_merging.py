"""并案 on pages: chosen at triage, agreed to by the township, said on both cases; hostile posts change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from werkzeug.test import TestResponse

from processes.installation import Installation
from tests.kit.actors import Browsers, all_rows, listening, open_task, said
from tests.processes.test_merging import (
    BOTH_ASKED,
    BOTH_MERGED,
    FIRST,
    ONE_MERGED,
    SECOND,
    THIRD,
    TRIAGED,
    TRIAGER,
    merged,
    played,
)

DEPUTY, CLERK, STRANGER = f"vetter@{SECOND}", f"clerk@{SECOND}", "clerk@360428101"
RECEIVER = "DC2026-0001"


def at_triage(site: Installation, browsers: Browsers, case_id: str, **data: Any) -> TestResponse:
    """The whistle office sends this to the triage of a case."""
    task = open_task(site, "triage", TRIAGER, case_id)
    sent = {"outcome": "merge", "merge_why": "同一条路、同一路段，一并检修。", **data}
    return browsers.of(TRIAGER).post(f"/tasks/{task.id}", data=sent)


def at_consent(site: Installation, browsers: Browsers, case_id: str, by: str, **data: Any) -> TestResponse:
    task = open_task(site, "agree_to_merge", DEPUTY, case_id)
    return browsers.of(by).post(f"/tasks/{task.id}", data=data)


def test_triage_offers_what_is_dealt_with_and_nothing_else(site: Installation, browsers: Browsers) -> None:
    cases = played(site, BOTH_ASKED - 1)
    task = open_task(site, "triage", TRIAGER, cases["丙"])
    page = html.document_fromstring(browsers.of(TRIAGER).get(f"/tasks/{task.id}").text)
    offered = [each.get("value") for each in page.get_element_by_id("f-into").iter("option")]
    assert offered == ["", cases["甲"]]
    assert "DC2026-0001 环城路东段路灯不亮（蔡岭镇）" in page.get_element_by_id("f-into").text_content()


def test_the_township_is_told_which_one_it_may_not_see_and_what_follows(site: Installation, browsers: Browsers) -> None:
    cases = played(site, TRIAGED)
    assert at_triage(site, browsers, cases["乙"], into=cases["甲"]).status_code == 302
    task = open_task(site, "agree_to_merge", DEPUTY, cases["乙"])
    words = said(browsers.of(DEPUTY).get(f"/tasks/{task.id}"))
    assert "DC2026-0001 环城路东段路灯不亮（蔡岭镇）" in words and "到期没有表态的，不算同意" in words
    assert "同一条路、同一路段，一并检修。" in words
    assert browsers.of(DEPUTY).get(f"/cases/{RECEIVER}").status_code == 403


def test_consent_ends_the_one_and_both_pages_say_so(site: Installation, browsers: Browsers) -> None:
    cases = played(site, TRIAGED)
    at_triage(site, browsers, cases["乙"], into=cases["甲"])
    assert at_consent(site, browsers, cases["乙"], DEPUTY, outcome="agree").status_code == 302
    assert merged(site) == {(cases["乙"], cases["甲"])}
    own = browsers.of(CLERK).get(f"/cases/{cases['乙']}")
    assert "已并案" in said(own) and "这一件已并入 DC2026-0001 办理" in said(own)
    assert "环城路东段路灯不亮" not in section(own).text_content() and not section(own).xpath(".//a")
    office = browsers.of(TRIAGER).get(f"/cases/{cases['乙']}")
    assert section(office).xpath(".//a/@href") == [f"/cases/{RECEIVER}"]


def test_the_receiver_names_what_it_took_in_and_links_for_those_who_may_see_it(
    site: Installation, browsers: Browsers
) -> None:
    played(site, BOTH_MERGED)
    for by, links in ((TRIAGER, 2), ("section_head@urban_management", 0), (f"clerk@{FIRST}", 0)):
        page = browsers.of(by).get(f"/cases/{RECEIVER}")
        words = " ".join(section(page).text_content().split())
        assert "DC2026-0002 环城路往大港方向路灯全黑" in words and "大港镇" in words and "都昌镇" in words
        assert len(section(page).xpath(".//a")) == links
        assert said(page).count("收到消息：并入一件") == 2


def test_a_case_without_merging_has_no_such_part_and_asks_once(site: Installation, browsers: Browsers) -> None:
    cases = played(site, TRIAGED)
    client = browsers.of(TRIAGER)
    with listening(site) as heard:
        page = client.get(f"/cases/{cases['甲']}")
    assert not html.document_fromstring(page.text).xpath("//*[@id='merged']")
    assert sum("merged" in each for each in heard) == 1


HOSTILE: list[dict[str, Any]] = [
    {},
    {"into": ""},
    {"into": "0" * 32},
    {"into": "' OR 1=1 --"},
    {"into": "\ud83d"},
    {"into": "<script>alert(1)</script>"},
    {"into": "a" * 100_000},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_what_cannot_be_chosen_is_refused_and_what_was_typed_is_kept(
    site: Installation, browsers: Browsers, data: dict[str, str]
) -> None:
    cases = played(site, TRIAGED)
    sent = {name: text.encode("utf-8", "replace").decode() for name, text in data.items()}
    before = all_rows(site)
    answer = at_triage(site, browsers, cases["乙"], **sent)
    assert answer.status_code == 422 and "同一条路、同一路段，一并检修。" in answer.text
    assert "并入哪一件" in said(answer) and "<script>alert" not in answer.text
    assert but_drafts(all_rows(site)) == but_drafts(before)


def test_one_that_has_gone_on_is_refused_with_a_sentence_and_without_a_reason_too(
    site: Installation, browsers: Browsers
) -> None:
    cases = played(site, TRIAGED)
    answer = at_triage(site, browsers, cases["乙"], into=cases["乙"])
    assert "选的这一件不能选，它可能已经往下走了" in said(answer)
    assert "请填写为什么是同一件事" in said(at_triage(site, browsers, cases["乙"], into=cases["甲"], merge_why=""))


@pytest.mark.parametrize("by", [CLERK, f"vetter@{THIRD}", STRANGER, TRIAGER, f"vetter@{FIRST}"])
def test_nobody_agrees_for_the_township(site: Installation, browsers: Browsers, by: str) -> None:
    cases = played(site, TRIAGED + 2)
    assert at_consent(site, browsers, cases["乙"], by, outcome="agree").status_code == 403
    assert merged(site) == set()


@pytest.mark.parametrize(
    "data", [{}, {"outcome": "merge"}, {"outcome": ["agree", "disagree"]}, {"outcome": "agree", "into": "x"}]
)
def test_an_odd_answer_of_the_township_changes_nothing(
    site: Installation, browsers: Browsers, data: dict[str, Any]
) -> None:
    cases = played(site, TRIAGED + 2)
    assert at_consent(site, browsers, cases["乙"], DEPUTY, **data).status_code == 422
    assert merged(site) == set() and open_task(site, "agree_to_merge", DEPUTY, cases["乙"])


def test_agreeing_twice_is_told_that_it_is_done(site: Installation, browsers: Browsers) -> None:
    cases = played(site, BOTH_ASKED)
    task = open_task(site, "agree_to_merge", DEPUTY, cases["乙"])
    client = browsers.of(DEPUTY)
    assert client.post(f"/tasks/{task.id}", data={"outcome": "agree"}).status_code == 302
    assert client.post(f"/tasks/{task.id}", data={"outcome": "agree"}).status_code == 409
    assert merged(site) == {(cases["乙"], cases["甲"])}


def test_the_receiver_is_not_withdrawn_from_the_page(site: Installation, browsers: Browsers) -> None:
    cases = played(site, ONE_MERGED)
    task = open_task(site, "withdraw", f"clerk@{FIRST}", cases["甲"])
    answer = browsers.of(f"clerk@{FIRST}").post(f"/tasks/{task.id}", data={"reason": "路灯自己亮了，先撤回。"})
    assert answer.status_code == 422 and "已有别的事项并入这一件，不能撤回" in said(answer)


def but_drafts(rows: dict[str, Any]) -> dict[str, Any]:
    return {name: found for name, found in rows.items() if name not in ("draft", "visit", "refusal")}


def section(answer: TestResponse) -> html.HtmlElement:
    found: html.HtmlElement = html.document_fromstring(answer.text).get_element_by_id("merged")
    return found
