"""How many SQL statements an act or a page costs: few, and the same however much is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import insert, select

from engine.store.tables import OfferRow, TaskRow
from processes.installation import Installation
from processes.queries.inbox import PAGE
from processes.whistles import blow
from processes.work import complete
from tests.kit.actors import Browsers, a_case, answers_to, listening, open_task
from tests.kit.offers import offers_of
from tests.kit.sites import a_site, an_app, me

BY = {
    "collect": "collector@360428109",
    "accept": "section_head@urban_management",
    "plan": "section_head@urban_management",
}
NOW = datetime.fromisoformat("2026-09-09T17:10:00+08:00")
MOST_A_SUBMIT, MOST_A_PAGE = 12, 12


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    inst = a_site(tmp_path_factory.mktemp("site"))
    yield inst
    inst.db.close()


@pytest.mark.parametrize(("step", "until"), [("collect", 1), ("accept", 5), ("plan", 6)])
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "after a restart"])
def test_a_submit_takes_few_statements_and_one_commit(site: Installation, step: str, until: int, warm: bool) -> None:
    inst = site if warm else Installation(site.db, site.papers)
    task = open_task(site, step, BY[step], a_case(site, until))
    outcome = {"collect": "forward", "accept": "submit"}.get(step)
    who = me(site, BY[step])
    submit = partial(complete, inst, who, task.id, answers_to(step), now=NOW, outcome=outcome)
    if not warm:
        with site.db.read() as session:
            inst.current_pack(session, "360428")  # a process reads its county once
    with listening(site) as heard:
        submit()
    assert heard.count("COMMIT") == 1
    after_restart = int(not warm)  # what the case awaited is not known there: it is written anew
    assert 4 < len(heard) - 1 <= MOST_A_SUBMIT + after_restart, "\n".join(heard)


def test_blowing_takes_few_statements_and_one_commit(site: Installation) -> None:
    clerk = me(site, "clerk@360428109")
    with listening(site) as heard:
        blow(site, clerk, "吹哨", answers_to("propose"), now=NOW)
    assert heard.count("COMMIT") == 1
    assert len(heard) - 1 <= MOST_A_SUBMIT + 5, "\n".join(heard)


def test_a_submit_through_its_page_commits_once(site: Installation) -> None:
    browsers = Browsers(site, an_app(site))
    task = open_task(site, "collect", BY["collect"], a_case(site, 1))
    client = browsers.of(BY["collect"])
    data = {name: list(texts) for name, texts in answers_to("collect").texts.items()} | {"outcome": "forward"}
    with listening(site) as heard:
        answer = client.post(f"/tasks/{task.id}", data=data)
    assert answer.status_code == 302
    assert heard.count("COMMIT") == 1
    assert len(heard) - 1 <= MOST_A_SUBMIT + 5, "\n".join(heard)


def test_the_inbox_costs_the_same_with_one_task_and_with_two_hundred(site: Installation) -> None:
    browsers = Browsers(site, an_app(site))
    few, many = cost_of_the_inbox(site, browsers, 1), cost_of_the_inbox(site, browsers, 200)
    assert few == many <= MOST_A_PAGE


def test_the_case_list_costs_the_same_with_one_case_and_with_a_page_full(site: Installation) -> None:
    client = Browsers(site, an_app(site)).of("clerk@360428200")
    a_case(site, 1, "approval_needs_minutes")
    few = cost(site, client, "/cases/?only=all")
    for _ in range(19):
        a_case(site, 1, "approval_needs_minutes")
    assert few == cost(site, client, "/cases/?only=all") <= 18


def test_a_case_page_costs_the_same_at_its_begin_and_at_its_end(site: Installation) -> None:
    client = Browsers(site, an_app(site)).of("director@whistle_office")
    begun, ended = a_case(site, 1, "water_pipe"), a_case(site, 99, "water_pipe")
    costs = [cost(site, client, f"/cases/{case_id}") for case_id in (begun, ended)]
    most = 19  # what it is tied to, what was merged with it and how it was rated are a question each
    assert max(costs) <= most and max(costs) - min(costs) <= 2, costs


def test_a_task_page_is_bounded(site: Installation) -> None:
    task = open_task(site, "audit", "auditor@whistle_office", a_case(site, 18, "water_pipe"))
    assert cost(site, Browsers(site, an_app(site)).of("auditor@whistle_office"), f"/tasks/{task.id}") <= 20


def cost_of_the_inbox(site: Installation, browsers: Browsers, wanted: int) -> int:
    """What the inbox of a vetter costs who has this many tasks waiting."""
    by = "vetter@360428101" if wanted == 1 else "vetter@360428102"
    case_id = a_case(site, 1)
    with site.db.write() as session:
        model = session.scalars(select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.state == "open")).one()
        row = {column.name: getattr(model, column.name) for column in TaskRow.__table__.columns}
        ids = [f"{by[-3:]}{number:029}" for number in range(wanted)]
        post, _, unit = by.partition("@")
        tasks = [{**row, "id": each, "groups": [[post, unit]]} for each in ids]
        session.execute(insert(TaskRow), tasks)
        session.execute(insert(OfferRow), offers_of(tasks))
    client = browsers.of(by)
    page = client.get("/").text
    assert page.count("data-row>") == min(wanted, PAGE)
    return cost(site, client, "/")


def cost(site: Installation, client: object, path: str) -> int:
    client.get(path)  # type: ignore[attr-defined]
    with listening(site) as heard:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    assert "COMMIT" not in heard
    return len(heard)
