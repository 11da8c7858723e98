"""The system's Chromium, and a watch over everything a page complains about."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
_SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN", "--force-color-profile=srgb"]


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The system's Chromium, closed at the end."""
    with sync_playwright() as playwright:
        chinese = {**os.environ, "LANGUAGE": "zh_CN"}  # what the browser itself says, on file and date fields
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES, env=chinese)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong in the pages of a window: errors on the console (CSP among them), failed and refused requests."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, *ends: str) -> None:
        """From now on a complaint that ends so is part of the test: a status (`422`), a network error."""
        self.expected += ends

    def over(self, context: BrowserContext) -> None:
        """Begin to watch every page of this context."""
        context.on("page", self._see)

    def _see(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"{page.url}: {error}"))
        page.on("requestfailed", self._miss)
        page.on("response", self._receive)

    def _hear(self, message: ConsoleMessage) -> None:
        told_by_status = message.text.startswith("Failed to load resource: the server responded")
        if message.type in ("error", "warning") and not told_by_status:
            self._note(f"{message.location.get('url')}: {message.text}")

    def _miss(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page left while it still asked for something
            self._note(f"{request.url}: {request.failure}")

    def _receive(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.url}: {response.status}")

    def _note(self, complaint: str) -> None:
        if not complaint.endswith(tuple(self.expected)):
            self.complaints.append(complaint)


@cache
def _axe() -> str:
    return (Path(__file__).parent / "axe.min.js").read_text()


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it now stands, one sentence each."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url} {each['impact']} {each['id']}: {each['help']} {json.dumps(node['html'], ensure_ascii=False)[:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]
