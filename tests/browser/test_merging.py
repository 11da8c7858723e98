"""One matter is merged into another through the pages: chosen on a desk, agreed to on a phone, said on both cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.chrome import PHONE, barriers
from tests.browser.live import LiveSite
from tests.browser.operator import Operator
from tests.kit.actors import Actors
from tests.kit.moved import moved
from tests.kit.sites import the_pack
from tests.processes.test_merging import FIRST, SECOND, TRIAGED, TRIAGER

pytestmark = pytest.mark.browser

STORY = the_pack().stories["merged_with_consent"]
TAKES, GOES = STORY.steps[0].answers["subject"], STORY.steps[5].answers["subject"]
RECEIVER = f"DC2026-0001 {TAKES}（蔡岭镇）"


def test_a_matter_is_merged_with_consent(live: LiveSite, operator: Callable[..., Operator]) -> None:
    Actors(live.inst).play(moved(STORY, datetime.now(UTC) - timedelta(hours=7)), until=TRIAGED)
    year = datetime.now(UTC).year
    receiver = RECEIVER.replace("2026", str(year))
    office, deputy = operator(TRIAGER), operator(f"vetter@{SECOND}", **PHONE)
    triage, consent = live.pack.forms["triage"], live.pack.forms["agree_to_merge"]

    office.open(GOES, "分析研判")
    office.fill(triage, {"into": receiver, "merge_why": "同一条路、同一路段，一并检修。"}, "merge")
    assert barriers(office.page) == []
    office.press(triage, "merge")
    expect(office.page.get_by_role("heading", level=1, name="待办")).to_be_visible()

    deputy.open(GOES, "并案表态")
    expect(deputy.page.get_by_text(f"DC{year}-0001　{TAKES}（蔡岭镇）")).to_be_visible()
    assert barriers(deputy.page) == []
    deputy.press(consent, "agree")
    expect(deputy.page.get_by_role("heading", level=1, name="待办")).to_be_visible()
    deputy.go(f"/cases/DC{year}-0002")
    expect(deputy.page.get_by_text(f"这一件已并入 DC{year}-0001 办理")).to_be_visible()
    assert barriers(deputy.page) == []

    for by in (f"clerk@{FIRST}", TRIAGER):
        seen = operator(by)
        seen.go(f"/cases/DC{year}-0001")
        expect(seen.page.get_by_role("region", name="并案")).to_contain_text(GOES)
        assert barriers(seen.page) == []
