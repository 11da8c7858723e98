"""Whoever tries what they may not is put on record, once, in a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.errors import Rejected
from engine.spiff.expressions import DiagramFault
from engine.store.tables_chain import RefusalRow
from engine.store.tables_jobs import IncidentRow
from processes.forms import FieldError, Invalid
from processes.installation import Installation
from processes.people import NotYours
from processes.queries.refusals import list_refusals
from processes.refusals import record
from processes.work import NoSuchTask, SamePerson
from tests.kit.actors import a_case, at_once, open_task
from tests.kit.diagrams import exclusive
from tests.kit.errands import an_errand_site, do, open_steps, run_errand, task_of, user
from tests.kit.sites import me

NOW = datetime.fromisoformat("2026-09-09T09:00:00+08:00")
CLERK, STRANGER = "clerk@360428109", "section_head@housing"
CODE = "360428"


def refused(inst: Installation) -> list[RefusalRow]:
    with inst.db.read() as session:
        return list(session.scalars(select(RefusalRow).order_by(RefusalRow.at)))


def test_a_refusal_says_who_when_what_and_what_they_were_told(site_on_both: Installation) -> None:
    case_id = a_case(site_on_both, 1)
    task, who = open_task(site_on_both, "collect", "collector@360428109"), me(site_on_both, STRANGER)
    error = SamePerson(step="收集", done="提出")
    record(site_on_both, who, "tasks.claim", error, now=NOW, task=task.id)
    (row,) = refused(site_on_both)
    assert (row.by, row.at, row.act, row.code) == (who.id, NOW, "tasks.claim", "same_person")
    assert (row.task_id, row.case_id, row.sentence) == (task.id, case_id, error.sentence)


def test_a_case_is_known_by_its_number_too(site: Installation) -> None:
    case_id = a_case(site, 6)
    for number, name in enumerate(("DC2026-0001", case_id, "DC2026-9999", "")):
        record(site, me(site, STRANGER), "cases.show", NotYours(), now=NOW + timedelta(minutes=number), case=name)
    assert [row.case_id for row in refused(site)] == [case_id, case_id, None, None]


def test_a_form_filled_in_wrong_is_no_refusal(site: Installation) -> None:
    record(site, me(site, CLERK), "tasks.complete", Invalid((FieldError("subject", "事项", "请填写"),)), now=NOW)
    assert refused(site) == []


def test_within_ten_seconds_the_same_act_on_the_same_thing_is_one_refusal(site: Installation) -> None:
    a_case(site, 1)
    task = open_task(site, "collect", "collector@360428109").id

    def tries(seconds: float, act: str = "tasks.claim", by: str = STRANGER, on: str = task) -> None:
        record(site, me(site, by), act, NotYours(), now=NOW + timedelta(seconds=seconds), task=on)

    for seconds in (0, 3, 9.9):
        tries(seconds)
    assert len(refused(site)) == 1
    tries(9.9, act="tasks.release")
    tries(9.9, by=CLERK)
    tries(10.1)
    assert len(refused(site)) == 4


def test_made_up_tasks_do_not_fill_the_table(site: Installation) -> None:
    for number in range(20):
        record(site, me(site, CLERK), "tasks.show", NoSuchTask(), now=NOW, task=f"{number:032}")
    assert [(row.task_id, row.code) for row in refused(site)] == [(None, "no_such_task")]


def test_two_windows_at_once_are_one_refusal(site_on_both: Installation) -> None:
    who = me(site_on_both, CLERK)
    at_once(*[lambda: record(site_on_both, who, "tasks.show", NoSuchTask(), now=NOW)] * 4)
    assert len(refused(site_on_both)) == 1


def test_a_long_sentence_is_cut(site: Installation) -> None:
    class Endless(Rejected):
        """It goes on."""

        message = "不" * 900

    record(site, me(site, CLERK), "a" * 90, Endless(), now=NOW)
    assert [(len(row.sentence), len(row.act)) for row in refused(site)] == [(500, 60)]


@pytest.mark.parametrize(("part", "found"), [("", 3), ("nobody", 0), ("_", 0)])
def test_the_list_is_newest_first_and_can_be_narrowed(site_on_both: Installation, part: str, found: int) -> None:
    site = site_on_both
    who = me(site, CLERK)
    for day in range(3):
        record(site, who, "tasks.show", NoSuchTask(), now=NOW + timedelta(days=day))
    with site.db.read() as session:
        rows, total = list_refusals(session, CODE, person=part)
        assert (len(rows), total) == (found, found)
        assert [each.row.at for each in rows] == [NOW + timedelta(days=day) for day in (2, 1, 0)][:found]
        assert list_refusals(session, CODE, person=who.name)[1] == 3
        tomorrow = NOW + timedelta(days=1)
        assert list_refusals(session, CODE, since=tomorrow, until=tomorrow + timedelta(hours=1))[1] == 1
        assert [len(list_refusals(session, CODE, page=page, size=2)[0]) for page in (1, 2, 3)] == [2, 1, 0]


def test_a_drawing_that_could_not_go_on_is_one_incident_however_often_it_is_tried(
    tmp_path: Path, database_url: str
) -> None:
    """The condition compares with what nobody filled in: null is a fault, never a silent false."""
    site = an_errand_site(
        tmp_path,
        database_url,
        "start -> ask -> read -> which; which -> done if number > 3; which -> other",
        user("read"),
        exclusive("which", "other"),
    )
    case = run_errand(site)
    task, clerk = task_of(site, case, "read").id, me(site, CLERK)
    for minutes in range(3):
        with pytest.raises(DiagramFault, match=r"“which”.*“number > 3”") as refusal:
            do(site, case, "read")
        record(site, clerk, "tasks.do", refusal.value, now=NOW + timedelta(minutes=minutes), task=task)
    with site.db.read() as session:
        (row,) = session.scalars(select(IncidentRow))
    assert (row.kind, row.place, row.case_id, open_steps(site, case)) == ("fault", "which", case, ["read"])
    site.db.close()
