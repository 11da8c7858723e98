"""What may be begun about an ended case stands on its page; the two pages tell of each other, to those who may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from processes.installation import Installation
from processes.tables import ConcernRow, DraftRow, MatterRow
from tests.kit.actors import Browsers, a_case, all_rows, said
from tests.kit.follow_ups import a_county
from tests.kit.sites import a_site, an_app

COUNTY, CLERK, OTHER, OFFICE = "360428", "clerk@360428109", "clerk@360428100", "director@whistle_office"
FILLED = {"subject": "又坑洼了", "place": "环城路东段"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    """A county in which a withdrawn whistle may be looked at again."""
    inst = a_site(tmp_path, folder=a_county(by_message=True))
    yield inst
    inst.db.close()


@pytest.fixture
def browsers(site: Installation) -> Browsers:
    """Its people, each with a browser."""
    return Browsers(site, an_app(site))


def ended(site: Installation, *, ago: timedelta = timedelta(hours=2)) -> str:
    return a_case(site, 5, "withdrawn_at_triage", begins=datetime.now(UTC) - ago)


def button(answer: TestResponse) -> str:
    """Where the button of the page leads; empty when there is none."""
    found = html.document_fromstring(answer.text).xpath("//a[contains(@href, '/cases/new/') and contains(., '再看')]")
    return str(found[0].get("href")) if found else ""


def raised(site: Installation, start: str = "回看") -> list[MatterRow]:
    with site.db.read() as session:
        return list(session.scalars(select(MatterRow).where(MatterRow.start == start)))


def test_the_button_leads_to_a_form_that_says_which_case_it_is_about_and_knows_its_answers(
    site: Installation, browsers: Browsers
) -> None:
    former = ended(site)
    page = browsers.of(CLERK).get(f"/cases/{former}")
    assert "结束以后还可以" in said(page) and "最晚" in said(page)
    form = browsers.of(CLERK).get(button(page))
    assert "再看一眼" in said(form) and "针对 DC" in said(form) and "路面坑洼" in said(form)
    fields = html.document_fromstring(form.text)
    assert fields.get_element_by_id("f-place").get("value") == "环城路东段"
    assert fields.get_element_by_id("f-opinion").get("value") == "同意上报。"
    assert fields.get_element_by_id("f-subject").get("value", "") == ""
    assert parse_qs(urlsplit(fields.xpath("//form[@data-form]/@action")[0]).query) == {"about": [former]}


def test_once_it_is_begun_the_two_pages_lead_to_each_other(site: Installation, browsers: Browsers) -> None:
    former = ended(site)
    sent = browsers.of(CLERK).post(f"/cases/new/回看?about={former}", data=FILLED)
    assert sent.status_code == 302
    case = browsers.of(CLERK).get(sent.headers["Location"])
    assert "接续自" in said(case) and "路面坑洼" in said(case)
    back = browsers.of(CLERK).get(f"/cases/{former}")
    assert "由此发起" in said(back) and "又坑洼了" in said(back) and button(back) == ""
    (matter,) = raised(site)
    assert f'href="/cases/{matter.case_id}"' in back.text


def test_nobody_else_has_the_button_and_the_address_does_not_help(site: Installation, browsers: Browsers) -> None:
    former = ended(site)
    assert button(browsers.of(OFFICE).get(f"/cases/{former}")) == ""
    before = all_rows(site)
    for by in (OTHER, OFFICE):
        assert browsers.of(by).get(f"/cases/new/回看?about={former}").status_code == 403
        assert browsers.of(by).post(f"/cases/new/回看?about={former}", data=FILLED).status_code == 403
        assert browsers.of(by).post(f"/cases/new/回看/draft?about={former}", data=FILLED).status_code == 403
    assert browsers.of(CLERK).get("/cases/new/回看").status_code == 409
    assert browsers.of(CLERK).get("/cases/new/回看?about=DC1999-0001").status_code == 404
    assert raised(site) == [] and all_rows(site)["matter"] == before["matter"]


def test_it_is_not_in_the_list_of_what_one_may_begin(browsers: Browsers) -> None:
    assert "新建吹哨" in browsers.of(CLERK).get("/").text and "新建回看" not in browsers.of(CLERK).get("/").text


def test_after_the_last_day_the_button_is_gone_and_what_is_sent_is_refused_but_kept_on_the_page(
    site: Installation, browsers: Browsers
) -> None:
    former = ended(site, ago=timedelta(days=30))
    assert button(browsers.of(CLERK).get(f"/cases/{former}")) == ""
    assert browsers.of(CLERK).get(f"/cases/new/回看?about={former}").status_code == 409
    late = browsers.of(CLERK).post(f"/cases/new/回看?about={former}", data=FILLED)
    assert late.status_code == 409 and "最晚在" in said(late) and "可以“再看一眼”" in said(late)
    assert "又坑洼了" in late.text and raised(site) == []


def test_a_draft_is_kept_for_each_former_case(site: Installation, browsers: Browsers) -> None:
    former, other = ended(site), ended(site)
    saved = browsers.of(CLERK).post(f"/cases/new/回看?about={former}", data={**FILLED, "_save_draft": "1"})
    assert saved.status_code == 302 and former in saved.headers["Location"]
    assert "又坑洼了" in browsers.of(CLERK).get(saved.headers["Location"]).text
    assert "又坑洼了" not in browsers.of(CLERK).get(f"/cases/new/回看?about={other}").text
    with site.db.read() as session:
        assert [row.key for row in session.scalars(select(DraftRow))] == [f"start:{former}:回看"]
    assert browsers.of(CLERK).post(f"/cases/new/回看?about={former}", data=FILLED).status_code == 302
    with site.db.read() as session:
        assert list(session.scalars(select(DraftRow))) == []


def test_of_a_case_that_one_may_not_see_only_the_number_is_told(site: Installation, browsers: Browsers) -> None:
    former = ended(site)
    browsers.of(CLERK).post(f"/cases/new/回看?about={former}", data=FILLED)
    (matter,) = raised(site)
    with site.db.write() as session:
        seen = {"county": COUNTY, "unit": "360428100", "case_id": matter.case_id}
        session.execute(insert(ConcernRow).values(**seen))
    page = browsers.of(OTHER).get(f"/cases/{matter.case_id}")
    assert "接续自 DC" in said(page) and "不能查看" in said(page)
    assert "路面坑洼" not in page.text and former not in page.text
