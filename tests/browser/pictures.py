"""`python -m tests.browser.pictures`: the README's pictures, taken of a county in the middle of its work."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

import web.clock
from tests.browser.chrome import DESK, PHONE, a_browser
from tests.browser.live import LiveSite, serving
from tests.browser.matters import NOW, at_work
from tests.browser.operator import Operator
from tests.kit.actors import pack_of
from tests.kit.sites import a_site, an_app, person_id

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
_SHOWN, _TRIAGED = "城区自来水管网未接通", "城区建筑垃圾乱倒乱放"
_LATE_UNIT = "section_head@urban_management"


class _StandingClock(datetime):
    """The clock of the pictures stands at NOW, so that they come out the same on any day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """That moment."""
        return NOW.astimezone(tz)


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    with _county() as (site, cases), a_browser() as browser:
        for name, take in _pictures(site, cases, browser).items():
            _keep(name, take())


def _pictures(site: LiveSite, cases: dict[str, str], browser: Browser) -> dict[str, Callable[[], Image.Image]]:
    return {
        "login": lambda: _login(site, browser),
        "inbox": lambda: _shot(_seated(site, browser, "triager@whistle_office", **DESK).page),
        "triage": lambda: _triage(site, browser),
        "case": lambda: _case(site, browser, cases[_SHOWN]),
        "phone": lambda: _phone(site, browser),
    }


@contextmanager
def _county() -> Iterator[tuple[LiveSite, dict[str, str]]]:
    web.clock.datetime = _StandingClock
    with tempfile.TemporaryDirectory() as folder:
        inst = a_site(Path(folder))
        cases = at_work(inst)
        with serving(an_app(inst, csrf=True)) as url:
            yield LiveSite(inst, pack_of(inst), url), cases
        inst.db.close()


def _login(site: LiveSite, browser: Browser) -> Image.Image:
    page = browser.new_context(**DESK).new_page()
    page.goto(f"{site.url}/login")
    return _shot(page)


def _case(site: LiveSite, browser: Browser, case_id: str) -> Image.Image:
    operator = _seated(site, browser, _LATE_UNIT, viewport={"width": 1440, "height": 1470})
    operator.go(f"/cases/{case_id}")
    operator.page.get_by_role("button", name="看全图").first.click()
    return _shot(operator.page)


def _triage(site: LiveSite, browser: Browser) -> Image.Image:
    operator = _seated(site, browser, "triager@whistle_office", viewport={"width": 1440, "height": 1240})
    operator.open(_TRIAGED, "分析研判")
    form = site.pack.forms["triage"]
    answers = {
        "size": "ordinary",
        "matter_item": "D02",
        "basis": "《城市建筑垃圾管理规定》第四条；都昌县城市管理局三定方案。",
        "lead": "urban_management",
        "lead_duty": "清运存量，联合执法",
        "lead_target": "存量清零，设卡值守",
    }
    operator.fill(form, answers, "dispatch")
    operator.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    return _shot(operator.page)


def _phone(site: LiveSite, browser: Browser) -> Image.Image:
    """The late unit's inbox and its task, side by side."""
    operator = _seated(site, browser, _LATE_UNIT, **PHONE, device_scale_factor=1.5)
    inbox = _shot(operator.page)
    operator.open(_SHOWN, "报到")
    task = _shot(operator.page)
    both = Image.new("RGB", (inbox.width + task.width + 48, inbox.height), "#c9d0da")
    both.paste(inbox, (0, 0))
    both.paste(task, (inbox.width + 48, 0))
    return both


def _seated(site: LiveSite, browser: Browser, by: str, **look: Any) -> Operator:
    context = browser.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **look})
    operator = Operator(site, context.new_page())
    operator.sign_in(person_id(site.inst, by))
    return operator


def _shot(page: Page) -> Image.Image:
    page.wait_for_timeout(300)
    return Image.open(BytesIO(page.screenshot(animations="disabled")))


def _keep(name: str, picture: Image.Image) -> None:
    picture.convert("RGB").save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
