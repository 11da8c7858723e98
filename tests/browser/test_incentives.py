"""What was done well is told (DC-15): a typical case without the people in it, and a year's commendation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.store.tables import TaskRow
from tests.browser.chrome import DESK, PHONE, Watch, barriers
from tests.browser.live import LiveSite, served
from tests.browser.operator import Operator
from tests.kit.assessments import AUDITOR, DIRECTOR, LEADER, assess, at_work, do, look
from tests.kit.sites import the_folder

pytestmark = pytest.mark.browser

TOWN, OTHER_TOWN = "clerk@360428109", "clerk@360428100"
FORMER, TITLE = "环城路路灯不亮", "先修后分：环城路路灯复明"
TOLD = {
    "subject": TITLE,
    "description": "环城路东段 18 盏路灯不亮两个月，管护主体不清，晚间通行不安全。陈敏反映后乡镇吹哨。",
    "summary": "县城管局当天到场核实，先修后分，三天全部亮灯，再定管护主体。",
    "lesson": "管护主体不清的，先办事、后分责：研判时就指定一家先修，费用以后结算。",
}
WITHOUT_NAMES = TOLD["description"].replace("陈敏", "居民")
YEARLY, COMMENDING = "2026 年度考核", "2026 年度评先评优"
Seat = Callable[..., Operator]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveSite]:
    """The model county, where one matter a year is enough to be ranked and to be a candidate."""
    rules = ("assessment.toml", "commendation.toml")
    few = {file: the_folder()[file].replace(b"at_least = 5", b"at_least = 1") for file in rules}
    with served(tmp_path, folder={**the_folder(), **few}) as site:
        yield site


def did(who: Operator, step: str, outcome: str, title: str, name: str, **answers: Any) -> None:
    """One task, from the inbox to the confirmation."""
    form = who.site.pack.forms[step]
    who.open(title, name)
    assert fits(who.page)
    who.fill(form, answers, outcome)
    who.press(form, outcome)
    confirmed(who.page)


def confirmed(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="已提交")).to_be_visible()


def fits(page: Page) -> bool:
    """Nothing keeps anybody from using the page, and nothing sticks out at its side."""
    assert barriers(page) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_typical_case_from_the_closed_matter_to_who_reads_it(
    live: LiveSite, operator: Seat, watch: Watch, size: dict[str, Any]
) -> None:
    watch.expect("422")
    with live.still():
        at_work(live.inst, "single_unit")
    town, auditor, director = (operator(by, **size) for by in (TOWN, AUDITOR, DIRECTOR))
    nominating = live.pack.forms["nominate"]
    town.follow(FORMER, "推荐为典型案例")
    expect(town.page.get_by_role("textbox", name="标题")).to_have_value(FORMER)
    expect(town.page.get_by_role("textbox", name="怎么办的")).not_to_be_empty()
    assert fits(town.page)
    town.fill(nominating, TOLD)
    town.press(nominating)
    confirmed(town.page)

    editing = live.pack.forms["edit_case"]
    auditor.open(TITLE, "隐去个人信息改写")
    expect(auditor.page.get_by_role("textbox", name="什么情况")).to_have_value(TOLD["description"])
    auditor.fill(editing, {"checked": True})
    auditor.press(editing, "submit")
    found = auditor.page.get_by_text("好像有个人信息：陈敏（姓名）")
    expect(found.first).to_be_visible()
    assert fits(auditor.page)
    auditor.fill(editing, {"description": WITHOUT_NAMES})
    auditor.press(editing, "submit")
    confirmed(auditor.page)
    did(director, "decide_case", "publish", TITLE, "审定典型案例", opinion="同意。")

    page = operator(OTHER_TOWN, **size).page
    page.goto(f"{live.url}/knowledge/")
    expect(page.get_by_label("标题、做法或者经验里的词")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text(WITHOUT_NAMES)
    expect(main).not_to_contain_text("陈敏")
    expect(main.get_by_role("link", name="原件")).to_have_count(0)
    assert fits(page)


def assessed(live: LiveSite) -> None:
    """A year's assessment: all units look at the draft, two people sign, it is published."""
    at_work(live.inst, "water_pipe", "single_unit")
    now = datetime.now(UTC)
    until = (now.astimezone(live.pack.calendar.zone).date() + timedelta(days=3)).isoformat()
    case_id = assess(live.inst, now=now, title=YEARLY, period="year", appeals_until=until)
    with live.inst.db.read() as session:
        open_now = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.state == "open")
        units = [task.held_by[0].unit for task in session.scalars(open_now)]
    for unit in units:
        look(live.inst, case_id, unit, now=now)
    do(live.inst, case_id, "sign_first", DIRECTOR, "sign", now=now, checked=True)
    do(live.inst, case_id, "sign_second", LEADER, "sign", now=now, agreed=True)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_who_is_commended_from_the_figures_to_the_record(live: LiveSite, operator: Seat, size: dict[str, Any]) -> None:
    with live.still():
        assessed(live)
    director, auditor, leader = (operator(by, **size) for by in (DIRECTOR, AUDITOR, LEADER))
    opening = live.pack.forms["open_commendation"]
    director.follow(YEARLY, "评先评优")
    director.fill(opening, {"title": COMMENDING, "period": "year"})
    assert fits(director.page)
    director.press(opening)
    confirmed(director.page)

    auditor.open(COMMENDING, "推荐人选")
    best = auditor.page.get_by_role("group", name="（第 1 名")
    expect(best.get_by_role("checkbox", name="推荐")).to_be_checked()
    assert fits(auditor.page)
    more = [{"unit": "health", "reason": "汛期随叫随到，连续值守。"}]
    did(auditor, "put_forward", "submit", COMMENDING, "推荐人选", more_units=more, checked=True)

    leader.open(COMMENDING, "审定签字")
    told = leader.page.get_by_role("main")
    expect(told).to_contain_text("县城管局（第 ")
    expect(told).to_contain_text("汛期随叫随到，连续值守。")
    did(leader, "decide_commendation", "sign", COMMENDING, "审定签字", agreed=True)

    page = operator(OTHER_TOWN, **size).page
    page.goto(f"{live.url}/knowledge/commended")
    units = page.get_by_role("table", name=f"{COMMENDING} 先进单位")
    expect(units.get_by_role("rowheader", name="县城管局")).to_be_visible()
    expect(units).to_contain_text("汛期随叫随到，连续值守。")
    expect(page.get_by_role("table", name=f"{COMMENDING} 先进个人").get_by_role("row")).not_to_have_count(1)
    assert fits(page)
