"""Browsers for the tests of pages: skipped where there is no Chromium, but never on CI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.chrome import DESK, Watch
from tests.browser.live import LiveSite, served
from tests.browser.operator import Operator
from tests.kit.sites import person_id

_PATIENCE = 60_000  # milliseconds: machines are busy, and a wait ends as soon as it may
expect.set_options(timeout=_PATIENCE)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveSite]:
    """A served site of the test's own."""
    with served(tmp_path) as site:
        yield site


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Every window of the test is watched; a complaint fails the test."""
    watch = Watch()
    yield watch
    assert watch.complaints == []


@pytest.fixture
def window(chromium: Browser, live: LiveSite, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Opens windows: each a browser profile of its own, 1440×900 unless told otherwise."""
    opened: list[BrowserContext] = []

    def open_window(**look: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **DESK, **look})
        context.set_default_timeout(_PATIENCE)
        watch.over(context)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture
def operator(live: LiveSite, window: Callable[..., BrowserContext]) -> Callable[..., Operator]:
    """Puts the one who holds post@unit before a window, signed in."""

    def seat(by: str, **look: Any) -> Operator:
        seated = Operator(live, window(**look).new_page(), touches=bool(look.get("has_touch")))
        seated.sign_in(person_id(live.inst, by))
        return seated

    return seat
