"""A diagram adds and withdraws a unit while the others work: at once or as a job; refused, caught or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from engine.spiff.instance import Instance
from engine.store.tables import CaseRow, OfferRow, TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from processes.incidents import skip
from processes.installation import Installation
from processes.tables import ConcernRow
from processes.work import complete
from tests.kit.diagrams import (
    Node,
    a_diagram,
    a_folder,
    about,
    after,
    boundary,
    call,
    each_of,
    exclusive,
    inside,
    parallel,
    service,
)
from tests.kit.diagrams import user as a_user_task
from tests.kit.errands import (
    CLERK,
    COUNTY,
    NOW,
    an_errand_site,
    do,
    ended,
    later,
    open_steps,
    run_errand,
    task_of,
    user,
)
from tests.kit.journals import what_is_told
from tests.kit.offers import assert_offers_follow
from tests.kit.sites import me

UNITS = each_of('[{unit: "housing"}]', "one")
THE_UNIT = "{unit: who}"
FLOW = (
    "start -> ask -> split; split -> all -> worked; split -> gate -> change -> which;"
    'which -> more -> gate; which -> less -> gate if how = "other"; twice -> mend -> gate; gone -> mend'
)


def changing(verb: str, node: str, item: str = THE_UNIT, **more: str) -> Node:
    return service(node, verb, activity='"all"', item=item, retry="R1/PT5M", **more)


WORK = a_user_task("work", groups="section_head@{one.unit}", form="errand")
CHANGE = (
    *parallel("split"),
    exclusive("gate"),
    exclusive("which", "more"),
    user("change", outputs={"who": "subject", "how": "outcome"}),
    changing("add_instance", "more"),
    changing("withdraw_instance", "less"),
)
CAUGHT = (
    boundary("twice", "more", about("error", "already_running")),
    boundary("gone", "less", about("error", "not_running")),
    user("mend"),
)
EACH_IN_A_CALL = call("all", "unit", ins={"one": "one"}, each=UNITS)
OF_A_UNIT = a_folder(a_diagram("start -> work -> done", WORK, id="unit"))


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """Units work in calls of their own while the clerk adds and withdraws some."""
    inst = an_errand_site(tmp_path, database_url, FLOW, *CHANGE, *CAUGHT, EACH_IN_A_CALL, more=OF_A_UNIT)
    yield inst
    inst.db.close()


def change(inst: Installation, case: str, unit: str, *, less: bool = False) -> None:
    """The clerk adds or withdraws a unit."""
    task, outcome = task_of(inst, case, "change"), "other" if less else "submit"
    complete(inst, me(inst, CLERK), task.id, {"subject": [unit]}, now=NOW, outcome=outcome)


def work(inst: Installation, case: str, unit: str, *, outcome: str = "submit") -> None:
    """A unit does its part."""
    with inst.db.read() as session:
        open_tasks = (TaskRow.case_id == case, TaskRow.state == "open", TaskRow.step == "work")
        (task,) = [each for each in session.scalars(select(TaskRow).where(*open_tasks)) if each.groups[0][1] == unit]
    complete(inst, me(inst, f"section_head@{unit}"), task.id, {"subject": ["好"]}, now=NOW, outcome=outcome)


def at_work(inst: Installation, case: str) -> list[str]:
    """The units whose part is open, as their inboxes have it."""
    with inst.db.read() as session:
        offers = select(OfferRow.unit).where(OfferRow.case_id == case, OfferRow.post == "section_head")
        return sorted(session.scalars(offers))


def incidents(inst: Installation) -> list[IncidentRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(IncidentRow)))


def assert_rows_follow(inst: Installation, case: str) -> None:
    """Open tasks, offers and asked verbs are the engine's."""
    with inst.db.read() as session:
        row = session.get_one(CaseRow, (COUNTY, case))
        pack = inst.pack(session, row.county, row.digest)
        engine = Instance.restore(pack.program, row.state, pack.world(NOW))
        tasks = session.scalars(select(TaskRow.id).where(TaskRow.case_id == case, TaskRow.state == "open"))
        jobs = session.scalars(select(JobRow.key).where(JobRow.case_id == case, JobRow.kind == "verb"))
        assert set(tasks) == set(engine.open_tasks())
        assert set(jobs) == {f"verb:{key}" for key in engine.asking()}
        assert_offers_follow(session, TaskRow.case_id == case)


def test_a_unit_joins_while_the_others_work(site: Installation) -> None:
    case = run_errand(site)
    change(site, case, "water")
    assert at_work(site, case) == ["housing", "water"]
    with site.db.read() as session:
        assert "water" in session.scalars(select(ConcernRow.unit).where(ConcernRow.case_id == case)).all()
    work(site, case, "housing")
    assert at_work(site, case) == ["water"]
    assert_rows_follow(site, case)


def test_a_unit_is_withdrawn_and_its_task_leaves_the_inbox(site: Installation) -> None:
    case = run_errand(site)
    change(site, case, "water")
    change(site, case, "housing", less=True)
    assert at_work(site, case) == ["water"]
    with site.db.read() as session:
        states = select(TaskRow.state).where(TaskRow.case_id == case, TaskRow.step == "work").order_by(TaskRow.state)
        assert list(session.scalars(states)) == ["open", "withdrawn"]
    assert_rows_follow(site, case)


def test_the_last_unit_withdrawn_the_activity_is_done_and_nobody_can_join_it(site: Installation) -> None:
    case = run_errand(site)
    change(site, case, "housing", less=True)
    assert (at_work(site, case), open_steps(site, case)) == ([], ["change"])
    change(site, case, "water")
    assert open_steps(site, case) == []
    later(site, NOW + timedelta(minutes=5))
    assert "not_running" in incidents(site)[0].error


def test_a_unit_that_works_already_is_told_to_the_boundary(site: Installation) -> None:
    case = run_errand(site)
    change(site, case, "housing")
    assert (at_work(site, case), open_steps(site, case)) == (["housing"], ["mend", "work"])
    do(site, case, "mend")
    change(site, case, "water", less=True)
    assert (at_work(site, case), open_steps(site, case)) == (["housing"], ["mend", "work"])
    assert_rows_follow(site, case)


def test_what_no_boundary_catches_is_tried_again_then_an_incident_that_can_be_skipped(
    tmp_path: Path, database_url: str
) -> None:
    flow = FLOW.partition("; twice")[0]
    site = an_errand_site(tmp_path, database_url, flow, *CHANGE, EACH_IN_A_CALL, more=OF_A_UNIT)
    case = run_errand(site)
    change(site, case, "housing")
    assert open_steps(site, case) == ["work"]
    later(site, NOW + timedelta(minutes=5))
    (incident,) = incidents(site)
    assert "already_running" in incident.error and "不能重复增加" in incident.error
    skip(site, COUNTY, incident.id, reason="已在办理", me=None, now=NOW)
    assert open_steps(site, case) == ["change", "work"]
    assert_rows_follow(site, case)
    site.db.close()


def test_inputs_that_name_no_repeated_activity_are_an_incident(tmp_path: Path, database_url: str) -> None:
    odd = service("more", "add_instance", activity='"change"', item=THE_UNIT, retry="R1/PT5M")
    nodes = [node for node in CHANGE if node.id != "more"]
    site = an_errand_site(tmp_path, database_url, FLOW, *nodes, odd, *CAUGHT, EACH_IN_A_CALL, more=OF_A_UNIT)
    case = run_errand(site)
    change(site, case, "water")
    later(site, NOW + timedelta(minutes=5))
    assert "activity" in incidents(site)[0].error
    assert_rows_follow(site, case)
    site.db.close()


def test_the_clock_adds_a_unit_as_a_job(tmp_path: Path, database_url: str) -> None:
    nodes = (
        boundary("late", "all", after("P1D"), interrupting=False),
        changing("add_instance", "more", '{unit: "water"}'),
    )
    flow = "start -> ask -> all -> done; late -> more -> told"
    site = an_errand_site(tmp_path, database_url, flow, *nodes, EACH_IN_A_CALL, more=OF_A_UNIT)
    case = run_errand(site)
    later(site, NOW + timedelta(days=1))
    assert at_work(site, case) == ["housing", "water"]
    assert what_is_told(site.db, "VerbDone") == [{"element": "more", "verb": "add_instance", "attempt": 1}]
    for unit in ("water", "housing"):
        work(site, case, unit)
    assert ended(site, case) == "done"
    site.db.close()


def test_a_unit_withdraws_itself_from_within(tmp_path: Path, database_url: str) -> None:
    within = inside(
        "all",
        'begin -> work -> stays; stays -> over; stays -> away -> over if how = "other"',
        a_user_task("work", groups="section_head@{one.unit}", form="errand", outputs={"how": "outcome"}),
        exclusive("stays", "over"),
        changing("withdraw_instance", "away", "one"),
        each=each_of('[{unit: "housing"}, {unit: "water"}]', "one"),
    )
    site = an_errand_site(tmp_path, database_url, "start -> ask -> all -> read -> done", within, user("read"))
    case = run_errand(site)
    for unit, left in (("water", ["work"]), ("housing", ["read"])):
        work(site, case, unit, outcome="other")
        assert open_steps(site, case) == left
        assert_rows_follow(site, case)
    site.db.close()


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_rows_say_what_the_engine_says(site: Installation, seed: int) -> None:
    case, chance = run_errand(site), Random(seed)
    for _ in range(12):
        doing = [step for step in open_steps(site, case) if step != "work"]
        if "mend" in doing:
            do(site, case, "mend")
        elif doing:
            change(site, case, chance.choice(["water", "housing", "emergency"]), less=chance.random() < 0.5)
        if chance.random() < 0.3 and (units := at_work(site, case)):
            work(site, case, chance.choice(units))
        later(site, NOW + timedelta(minutes=5))
        assert_rows_follow(site, case)
