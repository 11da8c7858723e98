"""What one may do and nobody need do (decision 0028): in no inbox, nobody's, offered on the matter's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from engine.store.tables import OfferRow, TaskRow
from processes.forms import Invalid, as_formdata
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.cases import get_case
from processes.queries.time_used import time_used
from processes.work import AlreadyDone, Done, NobodyHolds, claim, complete
from tests.kit.actors import Browsers, a_case, open_task, pack_of
from tests.kit.sites import a_site, an_app, me

NOW = datetime.fromisoformat("2026-09-07T16:30:00+08:00")
OFFICE, CLERK = "triager@whistle_office", "clerk@360428109"
DISPATCHED = 5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    yield inst
    inst.db.close()


def add(site: Installation, task: TaskRow, unit: str, by: str = OFFICE) -> Done:
    form = pack_of(site).forms["add_unit"]
    answers = as_formdata(form, {"added_unit": unit, "duty": "配合办理"})
    return complete(site, me(site, by), task.id, answers, now=NOW)


def test_it_is_in_no_inbox_and_nobody_claims_it(site: Installation) -> None:
    task = open_task(site, "add_unit", OFFICE, a_case(site, DISPATCHED))
    with site.db.read() as session:
        assert session.scalars(select(OfferRow).where(OfferRow.task_id == task.id)).all() == []
    assert (task.state, task.due_at, task.clock) == ("optional", None, None)
    with pytest.raises(NobodyHolds):
        claim(site, me(site, OFFICE), task.id, now=NOW)


def test_who_does_it_learns_what_came_of_it_and_it_may_be_done_again(site: Installation) -> None:
    case_id = a_case(site, DISPATCHED)
    first = open_task(site, "add_unit", OFFICE, case_id)
    told = add(site, first, "housing")
    assert (told.led_to, told.opened, told.ended) == (("已增派",), ("报到",), None)
    with pytest.raises(AlreadyDone):
        add(site, first, "transport")
    with pytest.raises(Invalid):  # it takes part already
        add(site, open_task(site, "add_unit", OFFICE, case_id), "housing")
    again = add(site, open_task(site, "add_unit", OFFICE, case_id), "transport")
    assert (again.led_to, again.opened) == (("已增派",), ("报到",))


def test_only_those_who_hold_the_post_may_do_it_and_see_it(site: Installation) -> None:
    case_id = a_case(site, DISPATCHED)
    task = open_task(site, "add_unit", OFFICE, case_id)
    with pytest.raises(NotYours):
        add(site, task, "housing", by=CLERK)
    browsers = Browsers(site, an_app(site))
    pages = {by: browsers.of(by).get(f"/cases/{case_id}").text for by in (OFFICE, CLERK, "auditor@whistle_office")}
    seen = {
        by: [name for name in ("增派单位", "撤回单位", "撤回吹哨") if f">{name}</a>" in page]
        for by, page in pages.items()
    }
    assert seen == {OFFICE: ["增派单位", "撤回单位"], CLERK: ["撤回吹哨"], "auditor@whistle_office": []}
    assert "可办可不办" in browsers.of(OFFICE).get(f"/tasks/{task.id}").text


def test_nobody_uses_time_by_what_he_may_do(site: Installation) -> None:
    case_id = a_case(site, DISPATCHED)
    add(site, open_task(site, "add_unit", OFFICE, case_id), "housing")
    with site.db.read() as session:
        case = get_case(session, me(site, "director@whistle_office"), case_id)
        shares = time_used(case, pack_of(site), NOW).shares
        office = [share for share in shares if share.holder == "县吹哨办"]
        assert [share.has_it for share in office] == [False]
        opened = session.scalars(select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.step == "add_unit")).all()
        assert sorted((row.state, row.was_held) for row in opened) == [("completed", False), ("optional", False)]


def test_the_page_says_what_came_of_it(site: Installation) -> None:
    task = open_task(site, "add_unit", OFFICE, a_case(site, DISPATCHED))
    client = Browsers(site, an_app(site)).of(OFFICE)
    data = {"added_unit": "housing", "duty": "配合办理", "outcome": "submit"}
    answer = client.post(f"/tasks/{task.id}", data=data, follow_redirects=True)
    assert "“增派单位”已提交：已增派。下一步：报到。" in answer.text
