"""Incidents: what a dead job becomes, and how people deal with it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from engine.incidents import CannotSkip, ReasonMissing, close_gone, list_open, retry, skip
from engine.jobs import Work, run_due
from engine.leases import LEASE, claim
from engine.store.database import Database
from engine.store.tables_jobs import JobRow
from tests.kit.jobs import CASE, COUNTY, HANDLERS, NOW, a_job, effects, incidents, left, noting


def test_a_dead_job_is_an_incident_that_says_what_went_wrong(db: Database) -> None:
    a_job(db, "bad", kind="fail", most=1)
    run_due(db, NOW, HANDLERS)
    (incident,) = incidents(db)
    assert (incident.case_id, incident.job_id, incident.kind, incident.closed_at) == (CASE, "bad", "fail", None)
    assert (incident.error, incident.opened_at) == ("RuntimeError: stumbled", NOW)


def test_a_job_whose_workers_died_is_an_incident_too(db: Database) -> None:
    a_job(db, "bomb", most=1)
    assert len(claim(db, NOW, most=1)) == 1  # and never comes back
    assert run_due(db, NOW + LEASE, HANDLERS) == 0
    assert [incident.job_id for incident in incidents(db)] == ["bomb"]


def test_an_incident_is_retried_from_the_first_attempt(db: Database) -> None:
    a_job(db, "bad", kind="fail", most=1)
    run_due(db, NOW, HANDLERS)
    with db.write() as session:
        (incident,) = list_open(session, COUNTY)
        retry(session, incident, "wang", NOW)
    assert run_due(db, NOW, Work({"fail": noting})) == 1
    (incident,) = incidents(db)
    assert (effects(db), left(db), incident.how, incident.closed_by) == (["bad"], {}, "retried", "wang")


def test_skipping_needs_a_reason_and_takes_the_job_off(db: Database) -> None:
    a_job(db, "bad", kind="fail", most=1)
    run_due(db, NOW, HANDLERS)
    with pytest.raises(ReasonMissing), db.write() as session:
        skip(session, list_open(session, COUNTY)[0], "wang", NOW, reason="  ")
    assert left(db).keys() == {"bad"}
    with db.write() as session:
        dropped = skip(session, list_open(session, COUNTY)[0], "wang", NOW, reason=" 已电话通知 ")
    assert dropped is not None
    assert (dropped.id, left(db), effects(db)) == ("bad", {}, [])
    assert [(each.how, each.reason) for each in incidents(db)] == [("skipped", "已电话通知")]


def test_a_timer_cannot_be_skipped(db: Database) -> None:
    a_job(db, "bad", kind="tick", most=1)
    run_due(db, NOW, HANDLERS)
    with pytest.raises(CannotSkip), db.write() as session:
        skip(session, list_open(session, COUNTY)[0], "wang", NOW, reason="不要了")


def test_an_incident_whose_job_is_gone_closes_by_itself(db: Database) -> None:
    a_job(db, "bad", kind="fail", most=1)
    run_due(db, NOW, HANDLERS)
    with db.write() as session:
        assert close_gone(session, COUNTY, NOW) == 0
        session.execute(delete(JobRow))  # the case moved on by another way
        assert close_gone(session, COUNTY, NOW) == 1
    assert [each.how for each in incidents(db)] == ["gone"]
