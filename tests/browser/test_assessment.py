"""An assessment through the pages: begun, appealed, signed by two people, published, opened by a township."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.store.tables import OfferRow, TaskRow
from tests.browser.chrome import barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.assessments import ASKED, AUDITOR, DIRECTOR, LEADER, at_work, number_of

pytestmark = pytest.mark.browser

TITLE = str(ASKED["title"])
AT_LEAST = {"half_year": 3, "year": 5}
Seat = Callable[[str], Operator]


def did(who: Operator, step: str, name: str, outcome: str, **answers: Any) -> None:
    """One task of the assessment, from the inbox to the confirmation."""
    form = who.site.pack.forms[step]
    who.open(TITLE, name)
    who.fill(form, answers, outcome)
    who.press(form, outcome)
    expect(who.page.get_by_role("status").filter(has_text="已提交")).to_be_visible()


def sheet(who: Operator) -> Page:
    """From the rail to the sheet."""
    who.hit(who.page.get_by_role("navigation", name="主导航").get_by_role("link", name="考核", exact=True))
    who.hit(who.page.get_by_role("link", name=TITLE, exact=True))
    expect(who.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    return who.page


def begun(live: LiveSite, director: Operator, period: str = "half_year") -> None:
    until = datetime.now(UTC).astimezone(live.pack.calendar.zone).date() + timedelta(days=3)
    form = live.pack.forms["open_assessment"]
    director.begin("考核")
    days = {key: datetime.fromisoformat(str(ASKED[key])).date() for key in ("first_day", "last_day")}
    director.fill(form, {"title": TITLE, "period": period, **days, "appeals_until": until})
    director.press(form)
    expect(director.page.get_by_role("status").filter(has_text="已提交")).to_be_visible()


def still_to_look(live: LiveSite) -> list[str]:
    """Who of each unit may still look at the draft."""
    looks = (OfferRow.post == "section_head", OfferRow.task_id == TaskRow.id, TaskRow.step == "look_at_draft")
    with live.inst.db.read() as session:
        return [f"section_head@{unit}" for unit in session.scalars(select(OfferRow.unit).where(*looks))]


@pytest.mark.parametrize("period", ["half_year", "year"])
def test_from_the_draft_to_what_a_township_reads(live: LiveSite, operator: Seat, tmp_path: Path, period: str) -> None:
    with live.still():
        cases = at_work(live.inst, "water_pipe", "water_pipe", "building_waste")
    number = number_of(live.inst, cases["water_pipe"])
    seats = {by: operator(by) for by in (DIRECTOR, AUDITOR, LEADER, "principal_head@housing")}
    director, housing = seats[DIRECTOR], seats["principal_head@housing"]
    begun(live, director, period)

    page = sheet(housing)
    expect(page.get_by_text("这是草表")).to_be_visible()
    assert barriers(page) == []
    appeal = {"case_number": number, "reason": "村民阻工，不是本单位拖延。", "evidence": ["情况说明.pdf"]}
    did(housing, "look_at_draft", "查看考核草表", "appeal", **appeal)
    did(seats[AUDITOR], "decide_appeal", "决定申诉", "exclude", reason="阻工属实，期间不应计入。")
    did(housing, "look_at_draft", "查看考核草表", "accept")
    for by in still_to_look(live):
        did(operator(by), "look_at_draft", "查看考核草表", "accept")

    did(director, "sign_first", "核对签字", "sign", checked=True)
    did(seats[LEADER], "sign_second", "审定签字", "sign", agreed=True)

    page = sheet(operator("clerk@360428109"))
    expect(page.get_by_text(f"不足 {AT_LEAST[period]} 件的单位")).to_be_visible()
    expect(page.get_by_text("公布，不再改动")).to_be_visible()
    expect(page.get_by_text("阻工属实，期间不应计入。")).to_be_visible()
    assert barriers(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    saved = tmp_path / "sheet.xlsx"
    download.value.save_as(saved)
    assert download.value.suggested_filename == f"{TITLE}.xlsx"
    assert load_workbook(saved)["剔除"]["A2"].value == number

    page = sheet(director)
    page.get_by_role("link", name="县住建局按时报到").click()
    expect(page.get_by_role("heading", level=1, name="县住建局：按时报到")).to_be_visible()
    assert barriers(page) == []
    page.locator(".row-link").first.click()
    expect(page.get_by_label("当前状态")).to_contain_text("已办结")


def test_on_a_phone_each_unit_is_a_card(live: LiveSite, operator: Seat) -> None:
    with live.still():
        at_work(live.inst, "water_pipe")
    director = operator(DIRECTOR)
    begun(live, director)
    page = sheet(director)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.get_by_role("link", name="县住建局按时报到")).to_be_visible()
    assert barriers(page) == []
