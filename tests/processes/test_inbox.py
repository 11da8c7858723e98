"""The inbox as a list: each task once, in the order of time, and counts that stop where nobody would page on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from engine.store.tables import OfferRow, TaskRow
from processes.installation import Installation
from processes.people import Me
from processes.queries import inbox
from processes.queries.inbox import PAGE, InboxItem, count_inbox, list_inbox
from processes.work import claim, complete, release
from tests.kit.actors import a_case, answers_to, open_task
from tests.kit.offers import assert_offers_follow, offers_of
from tests.kit.sites import a_person, me

COUNTY, TOWN, OTHER = "360428", "360428101", "360428102"
COLLECTOR = "collector@360428109"
NOW = datetime.fromisoformat("2026-09-07T10:00:00+08:00")
HOUR = timedelta(hours=1)


def waiting(inst: Installation, tasks: Iterable[Mapping[str, Any]]) -> None:
    """Open tasks that differ from one of a case's, with their offers; claims are those of the tasks."""
    with inst.db.write() as session:
        model = session.scalars(
            select(TaskRow).where(TaskRow.case_id == a_case_id(inst), TaskRow.state == "open")
        ).one()
        row = {column.key: getattr(model, column.key) for column in TaskRow.__table__.columns}
        rows = [{**row, **task} for task in tasks]
        session.execute(insert(TaskRow), rows)
        session.execute(insert(OfferRow), offers_of(rows))


def a_case_id(inst: Installation) -> str:
    with inst.db.read() as session:
        return session.scalars(select(TaskRow.case_id)).first() or ""


def named(name: str) -> str:
    """The id of a task that a test calls by a name; ids stand in the order of the names."""
    return name.encode().hex().ljust(32, "0")


def listed(inst: Installation, who: Me, **asked: Any) -> list[InboxItem]:
    with inst.db.read() as session:
        return list_inbox(session, who, now=NOW, soon=NOW + 24 * HOUR, **asked)


def counted(inst: Installation, who: Me) -> Mapping[str, int]:
    with inst.db.read() as session:
        return count_inbox(session, who, now=NOW, soon=NOW + 24 * HOUR).by_filter


def test_a_task_that_two_of_ones_posts_hold_is_shown_and_counted_once(site_on_both: Installation) -> None:
    inst = site_on_both
    a_case(inst, 1)
    both = a_person(inst, "身兼两职", f"vetter@{TOWN}", f"principal@{OTHER}")
    held = {
        "mine": [["vetter", TOWN]],
        "shared": [["vetter", TOWN], ["principal", OTHER]],
        "other": [["vetter", OTHER]],
    }
    waiting(inst, ({"id": named(name), "groups": groups} for name, groups in held.items()))
    assert sorted(item.task_id for item in listed(inst, both)) == [named("mine"), named("shared")]
    assert counted(inst, both)["all"] == 2


def test_whatever_post_they_come_by_tasks_stand_in_one_order(site_on_both: Installation) -> None:
    inst = site_on_both
    a_case(inst, 1)
    both = a_person(inst, "身兼两职", f"vetter@{TOWN}", f"principal@{OTHER}")
    one, other, shared = [["vetter", TOWN]], [["principal", OTHER]], [["vetter", TOWN], ["principal", OTHER]]
    told = (
        ("limitless", one, None, NOW - HOUR),
        ("later", shared, NOW + 2 * HOUR, NOW),
        ("late", other, NOW - HOUR, NOW),
        ("soon", one, NOW + HOUR, NOW),
        ("first", other, NOW + 2 * HOUR, NOW - HOUR),
    )
    waiting(inst, ({"id": named(id), "groups": held, "due_at": due, "opened_at": at} for id, held, due, at in told))
    shown = [item.task_id for item in listed(inst, both)]
    assert shown == [named(name) for name in ("late", "soon", "first", "later", "limitless")]
    assert counted(inst, both) == {"all": 5, "late": 1, "soon": 3, "mine": 0, "pool": 5}


def test_pages_of_somebody_with_two_posts_lack_nothing_and_repeat_nothing(site: Installation) -> None:
    a_case(site, 1)
    both = a_person(site, "身兼两职", f"vetter@{TOWN}", f"principal@{OTHER}")
    groups = ([["vetter", TOWN]], [["principal", OTHER]], [["vetter", TOWN], ["principal", OTHER]])
    count = 2 * PAGE + 10
    waiting(site, ({"id": named(f"{n:04}"), "groups": groups[n % 3], "due_at": NOW + n * HOUR} for n in range(count)))
    pages = [[item.task_id for item in listed(site, both, page=page)] for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [PAGE, PAGE, 10, 0]
    assert [id for page in pages for id in page] == [named(f"{n:04}") for n in range(count)]


def test_it_counts_to_one_more_than_the_most_and_no_further(
    site_on_both: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    inst = site_on_both
    a_case(inst, 1)
    who = a_person(inst, "忙人", f"vetter@{TOWN}", f"principal@{OTHER}")
    monkeypatch.setattr(inbox, "MOST", 6)
    inbox._counts.cache_clear()
    groups = ([["vetter", TOWN]], [["vetter", TOWN], ["principal", OTHER]])
    waiting(inst, ({"id": named(f"{n}"), "groups": groups[n % 2], "due_at": NOW + (n - 3) * HOUR} for n in range(20)))
    assert counted(inst, who) == {"all": 7, "late": 3, "soon": 7, "mine": 0, "pool": 7}
    inbox._counts.cache_clear()


# -- offers follow their tasks


def test_a_claim_hides_every_offer_of_a_task_from_the_others_until_it_is_released(site_on_both: Installation) -> None:
    inst, first = site_on_both, me(site_on_both, COLLECTOR)
    second = a_person(inst, "周小梅", COLLECTOR)
    task = open_task(inst, "collect", COLLECTOR, a_case(inst, 1))
    for act, seen in ((claim, [True, False]), (release, [True, True])):
        act(inst, first, task.id, now=NOW)
        assert [task.id in {item.task_id for item in listed(inst, who)} for who in (first, second)] == seen
        with inst.db.read() as session:
            assert_offers_follow(session)
    assert counted(inst, first)["mine"] == 0


def test_a_done_task_is_offered_to_nobody_and_the_next_one_is(site_on_both: Installation) -> None:
    inst, collector = site_on_both, me(site_on_both, COLLECTOR)
    task = open_task(inst, "collect", COLLECTOR, a_case(inst, 1))
    claim(inst, collector, task.id, now=NOW)
    complete(inst, collector, task.id, answers_to("collect"), now=NOW, outcome="forward")
    assert listed(inst, collector) == []
    assert [item.step for item in listed(inst, me(inst, "vetter@360428109"))] == ["审核把关"]
    with inst.db.read() as session:
        assert_offers_follow(session)


def test_a_matter_at_its_end_is_offered_to_nobody(site: Installation) -> None:
    a_case(site, 99, "water_pipe")
    with site.db.read() as session:
        assert session.scalars(select(OfferRow)).all() == []
