"""签收 and 放回: one of several people takes a task as their own, and puts it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.store.tables import CaseRow, JournalRow, TaskRow
from processes.installation import Installation
from processes.people import Me, NotYours
from processes.queries.inbox import list_inbox
from processes.work import AlreadyDone, ClaimedByAnother, NoSuchTask, SamePerson, claim, complete, release
from tests.kit.actors import a_case, all_rows, answers_to, open_task
from tests.kit.journals import journal_lines
from tests.kit.sites import a_person, me

COLLECTOR = "collector@360428109"
NOW = datetime.fromisoformat("2026-09-07T10:00:00+08:00")


def test_a_claimed_task_leaves_the_pool_of_the_others(site: Installation) -> None:
    first, second, task = two_collectors(site)
    assert task.id in inbox(site, first) and task.id in inbox(site, second)
    claim(site, first, task.id, now=NOW)
    assert task.id in inbox(site, first)
    assert task.id not in inbox(site, second)


def test_what_another_has_claimed_is_refused_with_their_name(site: Installation) -> None:
    first, second, task = two_collectors(site)
    claim(site, first, task.id, now=NOW)
    before = all_rows(site)
    for act in (claim, release):
        with pytest.raises(ClaimedByAnother) as refused:
            act(site, second, task.id, now=NOW)
        assert first.name in refused.value.sentence and "收集事项" in refused.value.sentence
    with pytest.raises(ClaimedByAnother):
        complete(site, second, task.id, answers_to("collect"), now=NOW, outcome="forward")
    assert all_rows(site) == before


def test_a_released_task_is_everybodys_again(site: Installation) -> None:
    first, second, task = two_collectors(site)
    claim(site, first, task.id, now=NOW)
    release(site, first, task.id, now=NOW)
    assert task.id in inbox(site, second)
    complete(site, second, task.id, answers_to("collect"), now=NOW, outcome="forward")
    with site.db.read() as session:
        assert session.get_one(TaskRow, ("360428", task.id)).closed_by == second.id


def test_whoever_claimed_it_completes_it(site: Installation) -> None:
    first, _, task = two_collectors(site)
    claim(site, first, task.id, now=NOW)
    complete(site, first, task.id, answers_to("collect"), now=NOW, outcome="forward")
    with site.db.read() as session:
        row = session.get_one(TaskRow, ("360428", task.id))
        assert (row.state, row.claimed_by, row.closed_by) == ("completed", first.id, first.id)


def test_claiming_and_releasing_stand_in_the_journal(site: Installation) -> None:
    first, _, task = two_collectors(site)
    claim(site, first, task.id, now=NOW)
    release(site, first, task.id, now=NOW + timedelta(minutes=5))
    assert journal(site, task)[-2:] == [
        ("TaskClaimed", first.id, task.id, NOW),
        ("TaskReleased", first.id, task.id, NOW + timedelta(minutes=5)),
    ]
    with site.db.read() as session:
        case = session.get_one(CaseRow, ("360428", task.case_id))
        assert case.revision == max(session.scalars(select(JournalRow.revision)))


def test_claiming_twice_says_nothing_twice(site: Installation) -> None:
    first, _, task = two_collectors(site)
    claim(site, first, task.id, now=NOW)
    claim(site, first, task.id, now=NOW + timedelta(minutes=5))
    assert [fact for fact, *_ in journal(site, task)].count("TaskClaimed") == 1


def test_what_nobody_claimed_cannot_be_said_to_be_released(site: Installation) -> None:
    first, _, task = two_collectors(site)
    release(site, first, task.id, now=NOW)
    assert "TaskReleased" not in [fact for fact, *_ in journal(site, task)]


def test_strangers_and_those_who_did_an_earlier_step_may_not_claim(site: Installation) -> None:
    _, _, task = two_collectors(site)
    clerk = me(site, "clerk@360428109")
    also_collector = a_person(site, "小陈", COLLECTOR)
    before = all_rows(site)
    with pytest.raises(NotYours):
        claim(site, me(site, "collector@360428100"), task.id, now=NOW)
    with pytest.raises(NotYours):
        claim(site, clerk, task.id, now=NOW)
    assert all_rows(site) == before
    claim(site, also_collector, task.id, now=NOW)


def test_a_stranger_is_not_even_told_who_has_it_or_did_it(site: Installation) -> None:
    first, _, task = two_collectors(site)
    stranger = me(site, "section_head@housing")
    claim(site, first, task.id, now=NOW)
    with pytest.raises(NotYours):
        claim(site, stranger, task.id, now=NOW)
    complete(site, first, task.id, answers_to("collect"), now=NOW, outcome="forward")
    with pytest.raises(NotYours):
        claim(site, stranger, task.id, now=NOW)


def test_the_proposer_may_not_claim_the_collecting_even_as_a_collector(site: Installation) -> None:
    case_id = a_case(site, 1, "four_different_people")
    task = open_task(site, "collect", "collector@360428203", case_id)
    both = a_person(site, "小陈", "collector@360428203")
    with pytest.raises(SamePerson) as refused:
        claim(site, both, task.id, now=NOW)
    assert "提出事项" in refused.value.sentence


def test_a_done_task_cannot_be_claimed_and_an_unknown_one_is_unknown(site: Installation) -> None:
    first, second, task = two_collectors(site)
    complete(site, first, task.id, answers_to("collect"), now=NOW, outcome="forward")
    for act in (claim, release):
        with pytest.raises(AlreadyDone):
            act(site, second, task.id, now=NOW)
        with pytest.raises(NoSuchTask):
            act(site, second, "0" * 32, now=NOW)


def two_collectors(site: Installation) -> tuple[Me, Me, TaskRow]:
    case_id = a_case(site, 1)
    task = open_task(site, "collect", COLLECTOR, case_id)
    return me(site, COLLECTOR), a_person(site, "周小梅", COLLECTOR), task


def inbox(site: Installation, person: Me) -> list[str]:
    with site.db.read() as session:
        items = list_inbox(session, person, now=NOW, soon=NOW + timedelta(hours=24))
    return [item.task_id for item in items]


def journal(site: Installation, task: TaskRow) -> list[tuple[str, str | None, str | None, datetime]]:
    lines = journal_lines(site.db, JournalRow.case_id == task.case_id)
    return [(line.fact, line.by, line.facts.get("task"), line.at) for line in lines]
