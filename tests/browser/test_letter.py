"""A letter of supervision, through the pages: signed, opened as a PDF by the unit it is for, answered for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.chrome import barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.actors import a_case
from tests.processes.test_supervision import patrol

pytestmark = pytest.mark.browser

LATE = timedelta(days=20)  # reported to nobody since, and not yet so long that it is listed at once
UNIT, HEAD, DIRECTOR = "县城管局", "section_head@urban_management", "director@whistle_office"


def did(who: Operator, title: str, step: str, name: str, outcome: str | None = None, **answers: object) -> None:
    """One step of the order, from the inbox to the confirmation."""
    form = who.site.pack.forms[step]
    who.open(title, name)
    assert barriers(who.page) == []
    who.fill(form, answers, outcome)
    who.press(form, outcome)
    expect(who.page.get_by_role("status").filter(has_text="已提交")).to_be_visible()


def test_a_letter_is_signed_opened_and_answered(
    live: LiveSite, operator: Callable[..., Operator], tmp_path: Path
) -> None:
    a_case(live.inst, 5, begins=datetime.now(UTC) - LATE)
    patrol(live.inst, datetime.now(UTC))
    director, head = operator(DIRECTOR), operator(HEAD)
    director.go("/supervision/")
    order = director.page.get_by_role("link", name=f"超期督办：{UNIT}").first
    expect(order).to_be_visible()
    assert barriers(director.page) == []
    order.click()
    title = director.page.get_by_role("heading", level=1).inner_text()
    did(director, title, "sign_letter", "签发督办函", "sign", opinion="同意发函。")

    head.open(title, "签收督办函")
    link = head.page.get_by_role("link", name=re.compile(r"督办函\.pdf")).first
    with head.page.expect_download() as download:
        link.click()
    saved = tmp_path / "letter.pdf"
    download.value.save_as(saved)
    (page,) = PdfReader(io.BytesIO(saved.read_bytes())).pages
    said = page.extract_text()
    year = datetime.now(live.pack.calendar.zone).year
    for words in (f"督办〔{year}〕1号", "督\u3000办\u3000函", "都昌县城市管理局", "DC", "前将办理情况书面回复"):
        assert words in said
    assert "{{" not in said and [round(each) for each in page.mediabox[2:]] == [595, 842]

    did(head, title, "receive_letter", "签收督办函", receiver="李强", receiver_phone="0792-5220000")
    head.go("/")
    expect(head.rows(title, "回复督办函")).to_have_count(1)
