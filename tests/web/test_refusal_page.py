"""What was refused over the web is on record, and those who look after the service can read it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.store.tables_chain import RefusalRow
from processes.installation import Installation
from processes.work import complete
from tests.kit.actors import Browsers, a_case, answers_to, open_task, said
from tests.kit.sites import me

COLLECTOR, STRANGER, MANAGER = "collector@360428109", "section_head@housing", "director@whistle_office"


def acts(site: Installation) -> list[tuple[str, str]]:
    with site.db.read() as session:
        return [(row.act, row.code) for row in session.scalars(select(RefusalRow).order_by(RefusalRow.at))]


def test_a_strangers_claim_is_on_record_and_on_the_page(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 6)
    task = open_task(site, "plan", "section_head@urban_management", case_id).id
    assert browsers.of(STRANGER).post(f"/tasks/{task}/claim").status_code == 403
    assert acts(site) == [("tasks.claim", "not_yours")]
    page = said(browsers.of(MANAGER).get("/refusals/"))
    assert "签收" in page and me(site, STRANGER).name in page and "DC2026-0001" in page and "不由您办理" in page


def test_looking_at_what_is_not_ones_own_is_on_record(site: Installation, browsers: Browsers) -> None:
    case_id = a_case(site, 6)
    assert browsers.of(STRANGER).get(f"/cases/{case_id}").status_code == 403
    assert browsers.of(STRANGER).get("/refusals/").status_code == 403
    assert acts(site) == [("cases.show", "not_yours"), ("refusals.list", "not_yours")]


def test_a_form_that_comes_too_late_is_on_record(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1)
    task, now = open_task(site, "collect", COLLECTOR), datetime.now(UTC)
    browsers.of(COLLECTOR)
    complete(site, me(site, COLLECTOR), task.id, answers_to("collect"), now=now, outcome="forward")
    assert browsers.of(COLLECTOR).post(f"/tasks/{task.id}", data={"outcome": "forward"}).status_code == 409
    assert acts(site) == [("tasks.complete", "already_done")]


def test_what_is_no_refusal_is_not_on_record(site: Installation, browsers: Browsers) -> None:
    a_case(site, 1)
    task = open_task(site, "collect", COLLECTOR).id
    assert browsers.app.test_client().get(f"/tasks/{task}").status_code == 302
    assert browsers.app.test_client().get("/cases/none").status_code == 302
    assert browsers.of(COLLECTOR).post(f"/tasks/{task}", data={"outcome": "forward"}).status_code == 422
    assert browsers.of(COLLECTOR).get("/no/such/page").status_code == 404
    assert acts(site) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", 1), ("?day=", 1), ("?day=nonsense", 1), ("?day=2000-01-01", 0), ("?person=没有这个人", 0), ("?page=9", 0)],
)
def test_the_page_narrows_by_person_and_day(site: Installation, browsers: Browsers, asked: str, found: int) -> None:
    browsers.of(COLLECTOR).get("/cases/DC2026-0009")
    page = said(browsers.of(MANAGER).get(f"/refusals/{asked}"))
    assert page.count("查看事项") == found
    assert ("没有被拒绝的操作。" in page) == (not found)


def test_the_page_of_a_person_and_of_today(site: Installation, browsers: Browsers) -> None:
    browsers.of(COLLECTOR).get("/cases/DC2026-0009")
    today = datetime.now(browsers.pack.calendar.zone).date().isoformat()
    name = me(site, COLLECTOR).name
    assert "查看事项" in said(browsers.of(MANAGER).get(f"/refusals/?person={name}&day={today}"))
