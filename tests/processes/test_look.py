"""The detector of stuck cases: alive, nothing open, nothing due, nothing awaited: an incident, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from engine.store.tables import TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from processes.agenda import strike
from processes.incidents import skip
from processes.installation import Installation
from processes.recurring import begin_recurring
from tests.kit.diagrams import about, after, catch
from tests.kit.errands import COUNTY, NOW, an_errand_site, do, run_errand, user

TEN_MINUTES = timedelta(minutes=10)
FLOW = "start -> ask -> read -> cool -> answered -> done"


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """Where a case waits for a person, then for a timer, then for a message."""
    nodes = (user("read"), catch("cool", after("PT1H")), catch("answered", about("message", "reply"), key="subject"))
    inst = an_errand_site(tmp_path, database_url, FLOW, *nodes)
    with inst.db.write() as session:
        begin_recurring(session, COUNTY, NOW)
    yield inst
    inst.db.close()


def stuck(inst: Installation) -> list[str | None]:
    """The cases that are before people as stuck."""
    with inst.db.read() as session:
        where = (IncidentRow.kind == "stuck", IncidentRow.closed_at.is_(None))
        return list(session.scalars(select(IncidentRow.case_id).where(*where)))


def lose(inst: Installation, case: str) -> None:
    """What no part of this service does: the row of the open task is closed by hand."""
    with inst.db.write() as session:
        session.execute(update(TaskRow).where(TaskRow.case_id == case).values(state="withdrawn"))


def test_a_case_that_waits_for_a_person_a_timer_or_a_message_is_not_stuck(site: Installation) -> None:
    case = run_errand(site)
    strike(site, NOW + TEN_MINUTES)
    assert stuck(site) == []
    do(site, case, "read", now=NOW + TEN_MINUTES)
    strike(site, NOW + 2 * TEN_MINUTES)
    assert stuck(site) == []
    strike(site, NOW + 9 * TEN_MINUTES)  # the timer has fired
    strike(site, NOW + 10 * TEN_MINUTES)
    assert stuck(site) == []


def test_a_case_that_nobody_and_nothing_can_move_is_put_before_people_once(site: Installation) -> None:
    lost, sound = run_errand(site), run_errand(site)
    lose(site, lost)
    for times in (1, 2, 3):
        strike(site, NOW + times * TEN_MINUTES)
    assert stuck(site) == [lost]
    assert sound not in stuck(site)


def test_a_timer_whose_job_is_gone_is_found(site: Installation) -> None:
    case = run_errand(site)
    do(site, case, "read")
    with site.db.write() as session:
        session.execute(delete(JobRow).where(JobRow.kind == "tick"))
    strike(site, NOW + TEN_MINUTES)
    assert stuck(site) == [case]


def test_one_that_people_leave_as_it_is_does_not_come_again(site: Installation) -> None:
    case = run_errand(site)
    lose(site, case)
    strike(site, NOW + TEN_MINUTES)
    with site.db.read() as session:
        incident = session.scalars(select(IncidentRow.id)).one()
    skip(site, COUNTY, incident, reason="已线下办结", me=None, now=NOW + TEN_MINUTES)
    strike(site, NOW + 3 * TEN_MINUTES)
    assert stuck(site) == []


def test_an_incident_whose_job_has_gone_is_closed(site: Installation) -> None:
    case = run_errand(site)
    with site.db.write() as session:
        gone = {"county": COUNTY, "id": "i", "case_id": case, "job_id": "gone", "kind": "send", "place": "sms"}
        session.execute(insert(IncidentRow).values(**gone, error="no answer", opened_at=NOW))
    strike(site, NOW + TEN_MINUTES)
    with site.db.read() as session:
        assert session.scalars(select(IncidentRow.how)).all() == ["gone"]
