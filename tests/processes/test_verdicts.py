"""A verdict on a refused matter is remembered once for each asking, and found as a precedent by those who may know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.ids import new_id
from engine.step import Asked
from engine.store.journal import Act
from engine.store.keep import Kept
from engine.store.rows import add_rows
from engine.store.tables import CaseRow
from engine.store.tables_jobs import JobRow
from processes.installation import Installation
from processes.people import Me
from processes.queries.precedents import MOST, Precedent, precedents_of_items, precedents_of_unit
from processes.tables import VerdictRow
from processes.verbs import Asking
from processes.verbs.record_verdict import record_verdict
from processes.work import complete
from tests.kit.diagrams import Node, after, boundary, exclusive, service
from tests.kit.errands import CLERK, COUNTY, NOW, an_errand_site, do, later, open_steps, run_errand, task_of, user
from tests.kit.sites import me

FLOW = 'start -> ask -> judge -> keep_it -> which; which -> judge if how = "other"; which -> read -> done'
JUDGE = user("judge", outputs={"how": "outcome"})
GIVEN = {"step": '"judge"', "unit": '"water"', "item": '"D01"', "given_to": '"housing"'}
NODES = (JUDGE, exclusive("which", "read"), user("read"))


def keeping(**inputs: str) -> Node:
    """The service task that writes the verdict down."""
    return service("keep_it", "record_verdict", **(GIVEN | {"reason_field": '"subject"'} | inputs))  # type: ignore[arg-type]  # inputs only


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    inst = an_errand_site(tmp_path, database_url, FLOW, keeping(), *NODES)
    yield inst
    inst.db.close()


def judge(inst: Installation, case: str, reason: str, outcome: str = "submit", *, now: datetime = NOW) -> None:
    task = task_of(inst, case, "judge")
    complete(inst, me(inst, CLERK), task.id, {"subject": [reason]}, now=now, outcome=outcome)


def verdicts(inst: Installation) -> list[VerdictRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(VerdictRow).order_by(VerdictRow.at, VerdictRow.key)))


# -- remembered


def test_a_verdict_is_written_down_with_the_answer_that_is_just_given(site: Installation) -> None:
    case = run_errand(site)
    task = task_of(site, case, "judge")
    judge(site, case, "管网属住建", now=NOW + timedelta(hours=1))
    (row,) = verdicts(site)
    assert (row.county, row.case_id, row.task_id) == (COUNTY, case, task.id)
    assert (row.item, row.unit, row.given_to) == ("D01", "water", "housing")
    assert (row.verdict, row.reason) == ("submit", "管网属住建")
    assert (row.by, row.at) == (me(site, CLERK).id, NOW + timedelta(hours=1))
    assert open_steps(site, case) == ["read"]


def test_every_round_has_a_verdict_of_its_own(site: Installation) -> None:
    case = run_errand(site)
    judge(site, case, "先由水务办", "other")
    judge(site, case, "再议，归住建", now=NOW + timedelta(hours=1))
    assert [(row.verdict, row.reason) for row in verdicts(site)] == [
        ("other", "先由水务办"),
        ("submit", "再议，归住建"),
    ]


def test_what_the_diagram_does_not_say_stays_empty(tmp_path: Path, database_url: str) -> None:
    silent = keeping(item="null", given_to="null", reason_field="null", verdict='"uphold"')
    site = an_errand_site(tmp_path, database_url, FLOW, silent, *NODES)
    judge(site, run_errand(site), "不外传")
    (row,) = verdicts(site)
    assert (row.item, row.given_to, row.reason, row.verdict) == ("", None, None, "uphold")
    site.db.close()


def test_a_job_that_asks_finds_the_answer_given_before(tmp_path: Path, database_url: str) -> None:
    flow = "start -> ask -> judge -> read -> done; late -> keep_it -> told"
    late = boundary("late", "read", after("P1D"), interrupting=False)
    site = an_errand_site(tmp_path, database_url, flow, keeping(), JUDGE, user("read"), late)
    judge(site, run_errand(site), "管网属住建")
    assert verdicts(site) == []
    later(site, NOW + timedelta(days=1))
    assert [(row.reason, row.at) for row in verdicts(site)] == [("管网属住建", NOW)]
    site.db.close()


def test_asked_again_it_gives_the_same_row(site: Installation) -> None:
    case_id = run_errand(site)
    judge(site, case_id, "管网属住建")
    (row,) = verdicts(site)
    inputs = {"step": "judge", "unit": "health"}
    asked = Asked(row.key, "record_verdict", "keep_it", "keep_it", inputs, None)
    with site.db.write() as session:
        case = session.get_one(CaseRow, (COUNTY, case_id))
        at = Kept(COUNTY, case_id, case.revision, case.digest, case.head, frozenset(case.units))
        asking = Asking(session, site.pack(session, COUNTY, case.digest), at, asked, Act(NOW), site.papers)
        record_verdict(asking)
        record_verdict(replace(asking, asked=replace(asked, key="another:keep_it")))
    assert [(each.key, each.unit) for each in verdicts(site)] == [(row.key, "water"), ("another:keep_it", "health")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": '"nowhere"'},
        {"step": "1"},
        {"unit": "null"},
        {"unit": '"nobody"'},
        {"item": '"X99"'},
        {"item": "[1]"},
        {"given_to": '"nobody"'},
        {"verdict": "null"},
        {"verdict": '""'},
        {"reason_field": '"nothing"'},
    ],
    ids=str,
)
def test_inputs_that_name_nothing_cost_nobody_their_step(
    tmp_path: Path, database_url: str, wrong: dict[str, str]
) -> None:
    site = an_errand_site(tmp_path, database_url, FLOW, keeping(**wrong), *NODES)
    case = run_errand(site)
    judge(site, case, "管网属住建")
    with site.db.read() as session:
        (error,) = session.scalars(select(JobRow.error).where(JobRow.kind == "verb"))
    assert "VerbMisused" in (error or "")
    assert (verdicts(site), open_steps(site, case)) == ([], [])
    site.db.close()


# -- found


def remember(inst: Installation, case: str, days: int, **told: object) -> None:
    """A verdict of so many days later, written by hand."""
    at = NOW + timedelta(days=days)
    row = {"county": COUNTY, "key": f"{new_id(at)}:keep_it", "case_id": case, "task_id": new_id(at), "item": "D01"}
    row |= {"unit": "water", "given_to": None, "verdict": "uphold", "reason": f"第 {days} 天", "by": "x", "at": at}
    with inst.db.write() as session:
        add_rows(session, VerdictRow, [row | told])


def of_items(inst: Installation, who: Me, *items: str) -> list[Precedent]:
    with inst.db.read() as session:
        return precedents_of_items(session, who, items)


def of_unit(inst: Installation, who: Me, unit: str) -> list[Precedent]:
    with inst.db.read() as session:
        return precedents_of_unit(session, who, unit)


def test_the_newest_few_for_the_items_asked_for(site: Installation) -> None:
    case, office = run_errand(site), me(site, "director@whistle_office")
    for days in range(7):
        remember(site, case, days, item="D01" if days % 2 else "D02")
    remember(site, case, 9, item="D03")
    remember(site, case, 9, item="")
    assert [each.reason for each in of_items(site, office, "D01", "D02")] == [f"第 {n} 天" for n in (6, 5, 4, 3, 2)]
    assert [each.reason for each in of_items(site, office, "D02")] == [f"第 {n} 天" for n in (6, 4, 2, 0)]
    assert of_items(site, office, "D99") == of_items(site, office) == []
    assert len(of_unit(site, office, "water")) == MOST and of_unit(site, office, "housing") == []


def test_only_who_may_see_the_case_learns_which_it_was(site: Installation) -> None:
    case = run_errand(site, "送信")
    remember(site, case, 1)
    seen = {
        by: [(each.reason, each.case_id, each.title) for each in of_items(site, me(site, by), "D01")]
        for by in (CLERK, "director@whistle_office", "section_head@housing")
    }
    assert seen[CLERK] == seen["director@whistle_office"] == [("第 1 天", case, "送信")]
    assert seen["section_head@housing"] == [("第 1 天", None, None)]
    assert [each.case_id for each in of_unit(site, me(site, "section_head@housing"), "water")] == [None]


def test_a_verdict_of_another_county_is_none_here(site: Installation) -> None:
    case, office = run_errand(site), me(site, "director@whistle_office")
    remember(site, case, 1, county="990001")
    assert of_items(site, office, "D01") == of_unit(site, office, "water") == []


def test_a_precedent_outlives_its_case(site: Installation) -> None:
    do(site, case := run_errand(site), "judge")
    remember(site, new_id(NOW), 1)
    gone, kept = of_items(site, me(site, "director@whistle_office"), "D01")
    assert (gone.case_id, gone.title, kept.case_id) == (None, None, case)
