"""Who stands in when nobody may do a task: posts.csv names a substitute, and the one after that."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, select

from engine.store.tables import TaskRow
from processes.installation import Installation
from processes.people import NotYours, find_person
from processes.queries.counties import only_county
from processes.staff import note_change
from processes.tables import ConcernRow, PersonRow, PostingRow
from processes.work import complete
from tests.kit.actors import a_case, answers_to, open_task
from tests.kit.offers import assert_offers_follow
from tests.kit.sites import a_person, me, person_id

NOW = datetime.fromisoformat("2026-09-07T10:00:00+08:00")


def test_nobody_collects_so_the_vetter_does(site: Installation) -> None:
    leave_empty(site, "collector@360428109")
    task = open_task(site, "collect", "vetter@360428109", a_case(site, 1))
    assert groups(site, task) == {"collector@360428109", "vetter@360428109"}
    complete(site, me(site, "vetter@360428109"), task.id, answers_to("collect"), now=NOW, outcome="forward")


def test_the_substitutes_substitute_takes_over_when_that_post_is_empty_too(site: Installation) -> None:
    leave_empty(site, "collector@360428109", "vetter@360428109")
    task = open_task(site, "collect", "principal@360428109", a_case(site, 1))
    assert groups(site, task) == {"collector@360428109", "principal@360428109"}


def test_a_substitute_of_another_unit_is_concerned_and_may_see_the_case(site: Installation) -> None:
    leave_empty(
        site, "deputy_head@urban_management", "section_head@urban_management", "principal_head@urban_management"
    )
    case_id = a_case(site, 5)
    task = open_task(site, "accept", "director@whistle_office", case_id)
    assert "director@whistle_office" in groups(site, task)
    with site.db.read() as session:
        concerned = set(session.scalars(select(ConcernRow.unit).where(ConcernRow.case_id == case_id)))
    assert {"whistle_office", "urban_management"} <= concerned


def test_while_somebody_holds_the_post_no_substitute_is_asked(site: Installation) -> None:
    task = open_task(site, "collect", "collector@360428109", a_case(site, 1))
    assert groups(site, task) == {"collector@360428109"}
    with pytest.raises(NotYours):
        complete(site, me(site, "vetter@360428109"), task.id, answers_to("collect"), now=NOW, outcome="forward")


def test_whoever_takes_the_empty_post_later_may_do_the_task_as_well(site: Installation) -> None:
    leave_empty(site, "collector@360428109")
    task = open_task(site, "collect", "vetter@360428109", a_case(site, 1))
    newcomer = a_person(site, "新来的", "collector@360428109")
    complete(site, newcomer, task.id, answers_to("collect"), now=NOW, outcome="forward")


def test_the_only_holder_did_an_earlier_step_so_the_substitute_is_asked(site: Installation) -> None:
    """DC-3: four different people; else the case would wait for nobody."""
    clerk = person_id(site, "clerk@360428109")
    leave_empty(site, "collector@360428109")
    post(site, clerk, "collector@360428109")
    case_id = a_case(site, 1)
    task = open_task(site, "collect", "vetter@360428109", case_id)
    assert groups(site, task) == {"collector@360428109", "vetter@360428109"}
    complete(site, me(site, "vetter@360428109"), task.id, answers_to("collect"), now=NOW, outcome="forward")
    assert groups(site, open_task(site, "vet", "principal@360428109", case_id)) == {
        "vetter@360428109", "principal@360428109",
    }  # fmt: skip


def test_with_nobody_left_in_the_whole_chain_the_task_waits_for_its_own_post(site: Installation) -> None:
    leave_empty(
        site, *(f"{post}@360428109" for post in ("collector", "vetter", "principal")), "director@whistle_office"
    )
    task = open_task(site, "collect", "collector@360428109", a_case(site, 1))
    assert groups(site, task) == {"collector@360428109"}


def leave_empty(site: Installation, *posts: str) -> None:
    with site.db.write() as session:
        for name, _, unit in (by.partition("@") for by in posts):
            session.execute(delete(PostingRow).where(PostingRow.post == name, PostingRow.unit == unit))
        note_change(session, "360428")


def post(site: Installation, person: str, by: str) -> None:
    name, _, unit = by.partition("@")
    with site.db.write() as session:
        session.add(PostingRow(county="360428", person=person, post=name, unit=unit))
        note_change(session, "360428")
        assert session.get(PersonRow, ("360428", person)) is not None
        assert find_person(session, only_county(site, session), person) is not None


def groups(site: Installation, task: TaskRow) -> set[str]:
    """Who may hold a task, which is who it is offered to."""
    with site.db.read() as session:
        assert_offers_follow(session)
    return {f"{group.post}@{group.unit}" for group in task.held_by}
