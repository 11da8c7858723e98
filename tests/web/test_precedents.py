"""Where the duty list is asked for, a task's page shows how earlier refusals were decided; elsewhere it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from engine.ids import new_id
from engine.store.rows import add_rows
from engine.store.tables import TaskRow
from processes.installation import Installation
from processes.tables import VerdictRow
from tests.kit.actors import Browsers, a_case, listening, open_task
from tests.kit.sites import a_site, an_app

TRIAGER = "triager@whistle_office"
AT = datetime(2026, 8, 5, 8, 40, tzinfo=UTC)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    yield inst
    inst.db.close()


def remember(inst: Installation, case: str, item: str, **told: object) -> None:
    row = {"county": "360428", "key": new_id(AT), "case_id": case, "task_id": new_id(AT), "item": item, "by": "x"}
    row |= {"unit": "housing", "given_to": "urban_management", "verdict": "redirect", "reason": "属市政设施", "at": AT}
    with inst.db.write() as session:
        add_rows(session, VerdictRow, [row | told])


def triage(inst: Installation) -> TaskRow:
    return open_task(inst, "triage", TRIAGER, a_case(inst, 4, "water_pipe", subject="管网破裂"))


def panel(inst: Installation, task: TaskRow, by: str = TRIAGER) -> str | None:
    """What the panel of precedents says; None when there is none."""
    page = html.document_fromstring(Browsers(inst, an_app(inst)).of(by).get(f"/tasks/{task.id}").text)
    found = page.xpath("//section[@aria-labelledby='aside-precedents']")
    return " ".join(" ".join(found[0].itertext()).split()) if found else None


def test_a_triager_sees_how_refusals_of_the_fitting_items_were_decided(site: Installation) -> None:
    task, other = triage(site), a_case(site, 1, "single_unit", subject="从前的一件")
    remember(site, other, "D01")
    remember(site, other, "D01", given_to=None, reason=None, verdict="uphold", at=AT - timedelta(days=1))
    remember(site, other, "T01", reason="不相干")
    said = panel(site, task) or ""
    assert said.startswith("先例 D01 改派 拒收单位 县住建局 改由 县城管局 理由 属市政设施")
    newer, older = said.split("D01 维持派单 拒收单位 县住建局")
    assert "8月5日（周三） 16:40 · 待编号 从前的一件" in newer and "8月4日（周二）" in older
    assert "不相干" not in said


def test_without_precedents_there_is_no_panel(site: Installation) -> None:
    task = triage(site)
    remember(site, task.case_id, "T01")
    assert panel(site, task) is None


def test_a_step_that_asks_for_no_duty_item_shows_none(site: Installation) -> None:
    task = open_task(site, "collect", "collector@360428100", a_case(site, 1, "water_pipe"))
    remember(site, task.case_id, "D01")
    assert panel(site, task, "collector@360428100") is None


def test_precedents_cost_a_page_one_statement_and_only_where_they_belong(site: Installation) -> None:
    triaging, collecting = (
        triage(site),
        open_task(site, "collect", "collector@360428100", a_case(site, 1, "water_pipe")),
    )
    browsers = Browsers(site, an_app(site))
    for by, task, wanted in ((TRIAGER, triaging, 1), ("collector@360428100", collecting, 0)):
        client = browsers.of(by)
        client.get(f"/tasks/{task.id}")
        with listening(site) as heard:
            client.get(f"/tasks/{task.id}")
        assert sum("FROM verdict" in statement for statement in heard) == wanted
