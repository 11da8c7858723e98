"""A rehearsal's clock in a browser: moved by keyboard or thumb, the banner on every page, open to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chrome import PHONE, barriers
from tests.browser.live import LiveSite, served
from tests.browser.operator import Operator
from tests.kit.actors import a_case

pytestmark = pytest.mark.browser


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveSite]:
    """A served rehearsal."""
    with served(tmp_path, rehearsal=True) as site:
        yield site


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_the_clock_is_moved_and_what_was_due_has_happened(
    live: LiveSite, operator: Callable[..., Operator], look: dict[str, Any]
) -> None:
    a_case(live.inst, 5, begins=datetime.now(UTC))
    director = operator("director@whistle_office", **look)
    director.go("/clock/")
    director.page.get_by_role("button", name="到下一件到期的事").press("Enter")
    expect(director.page.get_by_role("status")).to_contain_text("提醒或红灯 1 次")
    director.page.get_by_role("button", name="+1 个工作日").click()
    expect(director.page.get_by_role("status")).to_contain_text("提醒或红灯 1 次")
    for path in ("/clock/", "/", "/cases/"):
        director.go(path)
        expect(director.page.get_by_role("note")).to_contain_text("演练时钟")
        assert barriers(director.page) == [], path
        assert director.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
