"""The job table's clockwork: due order, leases, retries, and that nothing is lost or done twice, come what may."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.incidents import CannotSkip, ReasonMissing, close_gone, list_open, retry, skip
from engine.jobs import LEASE, Job, Work, claim, find_leased, next_due, renew, run, run_due
from engine.store.base import Row
from engine.store.database import Database
from engine.store.tables import CaseRow, JournalRow
from engine.store.tables_jobs import IncidentRow, JobRow

NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
COUNTY, CASE = "360428", "c" * 32


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    db = Database(database_url)
    Row.metadata.create_all(db.writing)
    with db.write() as session:
        started = {"process": "main", "digest": "d", "revision": 1, "state": b"", "started_at": NOW, "changed_at": NOW}
        session.execute(insert(CaseRow).values(county=COUNTY, id=CASE, **started))
    yield db
    db.close()


def a_job(
    db: Database, name: str, *, due: datetime = NOW, kind: str = "note", most: int = 8, key: str = "", **payload: object
) -> None:
    """A job that is called `name` and due then."""
    row = {"county": COUNTY, "id": name, "case_id": CASE, "kind": kind, "due_at": due, "max_attempts": most}
    row |= {"key": key or None, "payload": payload}
    with db.write() as session:
        session.execute(insert(JobRow).values(row))


def noting(session: Session, job: Job, now: datetime) -> None:
    """The effect of a job: one line of the journal."""
    line = {"county": COUNTY, "case_id": CASE, "revision": 1, "line": uuid4().int % 2**31}
    session.execute(insert(JournalRow).values(**line, at=now, fact=job.id, facts={}, digest="d"))


def failing(session: Session, job: Job, now: datetime) -> None:
    """Does its work, then stumbles."""
    noting(session, job, now)
    raise RuntimeError("stumbled")


HANDLERS = Work({"note": noting, "fail": failing})


def effects(db: Database) -> list[str]:
    """What the jobs did."""
    with db.read() as session:
        return sorted(session.scalars(select(JournalRow.fact)))


def left(db: Database) -> dict[str, JobRow]:
    """The jobs still in the table."""
    with db.read() as session:
        return {row.id: row for row in session.scalars(select(JobRow))}


def test_what_is_due_is_done_and_the_rest_waits(db: Database) -> None:
    a_job(db, "past", due=NOW - timedelta(days=1))
    a_job(db, "now")
    a_job(db, "later", due=NOW + timedelta(seconds=1))
    assert run_due(db, NOW, HANDLERS) == 2
    assert effects(db) == ["now", "past"]
    assert next_due(db) == NOW + timedelta(seconds=1)
    assert run_due(db, NOW, HANDLERS) == 0


def test_the_earliest_come_first(db: Database) -> None:
    for hours in (3, 1, 2, 5, 4):
        a_job(db, f"job{hours}", due=NOW - timedelta(hours=hours))
    done: list[str] = []
    handlers = Work({"note": lambda session, job, now: done.append(job.id)})
    assert run_due(db, NOW, handlers, most=2) == 2
    assert run_due(db, NOW, handlers) == 3
    assert done == ["job5", "job4", "job3", "job2", "job1"]


def test_an_empty_table_has_nothing_due(db: Database) -> None:
    assert (next_due(db), run_due(db, NOW, HANDLERS)) == (None, 0)


def test_a_handler_sees_the_job_and_the_time(db: Database) -> None:
    a_job(db, "one", due=NOW - timedelta(hours=1))
    seen: list[tuple[Job, datetime]] = []
    run_due(db, NOW, Work({"note": lambda session, job, now: seen.append((job, now))}))
    ((job, now),) = seen
    assert (job.county, job.case_id, job.task_id, job.kind) == (COUNTY, CASE, None, "note")
    assert (job.due_at, job.attempts, now) == (NOW - timedelta(hours=1), 1, NOW)
    assert job.due_at.tzinfo is UTC


def test_what_comes_after_the_commit_comes_after_the_commit(db: Database) -> None:
    a_job(db, "one")
    seen: list[list[str]] = []

    def handler(session: Session, job: Job, now: datetime) -> Callable[[], None]:
        noting(session, job, now)
        return lambda: seen.append(effects(db))

    run_due(db, NOW, Work({"note": handler}))
    assert seen == [["one"]]


# -- leases


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(db: Database) -> None:
    a_job(db, "one")
    assert len(claim(db, NOW, most=9)) == 1
    assert claim(db, NOW + LEASE - timedelta(seconds=1), most=9) == []
    (again,) = claim(db, NOW + LEASE, most=9)
    assert again.attempts == 2


def test_a_worker_that_lost_its_lease_loses_its_effect(db: Database) -> None:
    a_job(db, "one")

    def slow(session: Session, job: Job, now: datetime) -> None:
        noting(session, job, now)

    def overtaken(db_of_the_slow: Database) -> int:
        (mine,) = claim(db, NOW, most=1)  # the slow worker leases it, and sleeps
        assert run_due(db, NOW + LEASE, HANDLERS) == 1  # another takes it over
        return _finish(db_of_the_slow, mine)

    assert overtaken(db) == 0
    assert effects(db) == ["one"]
    assert left(db) == {}


def _finish(db: Database, job: Job) -> int:
    """What a worker does that wakes up with an old claim: the rest of `run_due`."""
    return int(run(db, job, NOW + LEASE, HANDLERS))


def at_once(db: Database, workers: int, act: Callable[[Database], None]) -> None:
    """Let so many workers begin this at the same moment, each with its own connections."""
    line = Barrier(workers)

    def work() -> None:
        own = Database(db.url)
        line.wait()
        act(own)
        own.close()

    threads = [Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_job_is_claimed_by_one_of_many(db: Database) -> None:
    names = [f"job{number:02}" for number in range(20)]
    for name in names:
        a_job(db, name)
    claimed: list[str] = []
    at_once(db, 6, lambda own: claimed.extend(job.id for job in claim(own, NOW, most=20)))
    assert sorted(claimed) == names


def test_workers_that_race_do_each_job_once(db: Database) -> None:
    names = [f"job{number:02}" for number in range(20)]
    for name in names:
        a_job(db, name)

    def work(own: Database) -> None:
        while run_due(own, NOW, HANDLERS, most=5):
            pass

    at_once(db, 6, work)
    run_due(db, NOW + LEASE, HANDLERS)
    assert effects(db) == names
    assert left(db) == {}


def test_a_submit_and_the_clock_never_wait_for_each_other(db: Database) -> None:
    """A submit locks its case, then deletes the case's jobs; so the clock locks the case first too."""
    a_job(db, "one")
    begun, errors = Event(), []
    the_case = select(CaseRow.id).where(CaseRow.county == COUNTY, CaseRow.id == CASE).with_for_update()

    def moving(session: Session, job: Job, now: datetime) -> None:
        begun.set()
        time.sleep(0.3)  # the submit comes along now
        session.execute(the_case)
        noting(session, job, now)

    def submit() -> None:
        own = Database(db.url)
        begun.wait()
        try:
            with own.write() as session:
                session.execute(the_case)
                session.execute(delete(JobRow).where(JobRow.case_id == CASE))
        except DBAPIError as error:
            errors.append(error)
        own.close()

    submitting = Thread(target=submit)
    submitting.start()
    assert run_due(db, NOW, Work({"note": moving})) == 1
    submitting.join()
    assert (errors, effects(db), left(db)) == ([], ["one"], {})


# -- failures


def test_a_failure_leaves_nothing_and_is_tried_again_later(db: Database) -> None:
    a_job(db, "one", kind="fail")
    assert run_due(db, NOW, HANDLERS) == 0
    assert effects(db) == []
    row = left(db)["one"]
    assert (row.state, row.attempts, row.lock_token, row.error) == ("ready", 1, None, "RuntimeError: stumbled")
    assert row.due_at > NOW
    assert run_due(db, row.due_at, Work({"fail": noting})) == 1
    assert effects(db) == ["one"]


def test_each_retry_waits_longer(db: Database) -> None:
    a_job(db, "one", kind="fail", most=20)
    now, waits = NOW, []
    for _ in range(14):
        run_due(db, now, HANDLERS)
        due = left(db)["one"].due_at
        waits.append((due - now).total_seconds())
        now = due
    for attempt, wait in enumerate(waits, 1):
        assert 0.8 <= wait / min(3600, 2**attempt) <= 1.2


def test_after_the_last_attempt_it_is_dead_and_stops_nobody(db: Database) -> None:
    a_job(db, "bad", kind="fail", due=NOW - timedelta(days=1), most=3)
    now = NOW
    for _ in range(3):
        run_due(db, now, HANDLERS)
        now = left(db)["bad"].due_at
    assert left(db)["bad"].state == "dead"
    a_job(db, "good")
    assert run_due(db, now + timedelta(days=9), HANDLERS) == 1
    assert next_due(db) is None
    assert (effects(db), left(db)["bad"].attempts) == (["good"], 3)


def test_an_unknown_kind_fails_like_any_other(db: Database) -> None:
    a_job(db, "one", kind="strange", most=1)
    a_job(db, "two")
    assert run_due(db, NOW, HANDLERS) == 1
    assert (left(db)["one"].state, effects(db)) == ("dead", ["two"])


def test_a_long_error_is_cut(db: Database) -> None:
    def loud(session: Session, job: Job, now: datetime) -> None:
        raise RuntimeError("啊" * 5000)

    a_job(db, "one")
    run_due(db, NOW, Work({"note": loud}))
    assert len(left(db)["one"].error or "") == 2000


def test_a_step_with_a_rule_waits_as_the_rule_says(db: Database) -> None:
    a_job(db, "one", kind="fail", every=timedelta(minutes=5))
    for attempt in (1, 2, 3):
        run_due(db, NOW + attempt * timedelta(minutes=5), HANDLERS)
        assert left(db)["one"].due_at == NOW + (attempt + 1) * timedelta(minutes=5)


# -- incidents


def incidents(db: Database) -> list[IncidentRow]:
    """All of them."""
    with db.read() as session:
        return list(session.scalars(select(IncidentRow)))


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


# -- what leaves the house


def test_what_leaves_the_house_is_done_before_its_job_is_forgotten(db: Database) -> None:
    a_job(db, "one")
    sent: list[tuple[str, list[str]]] = []
    work = Work({"note": noting}, outside={"note": lambda job: sent.append((job.id, effects(db)))})
    assert run_due(db, NOW, work) == 1
    assert (sent, effects(db)) == ([("one", [])], ["one"])


def test_what_could_not_leave_is_sent_again_under_the_same_key(db: Database) -> None:
    a_job(db, "one", key="letter-7")
    sent: list[str | None] = []

    def unreliable(job: Job) -> None:
        sent.append(job.key)
        if len(sent) == 1:
            raise OSError("no answer")

    work = Work({"note": noting}, outside={"note": unreliable})
    assert run_due(db, NOW, work) == 0
    assert run_due(db, left(db)["one"].due_at, work) == 1
    assert (sent, effects(db)) == (["letter-7", "letter-7"], ["one"])


# -- renewal, carriers, and a clock that went back


def test_a_renewed_lease_holds_longer(db: Database) -> None:
    a_job(db, "one")
    (job,) = claim(db, NOW, most=1)
    renew(db, {job.token}, NOW + LEASE / 2)
    assert claim(db, NOW + LEASE, most=1) == []
    assert len(claim(db, NOW + LEASE * 1.5, most=1)) == 1


def test_a_lost_lease_is_not_renewed(db: Database) -> None:
    a_job(db, "one")
    (slow,) = claim(db, NOW, most=1)
    (fast,) = claim(db, NOW + LEASE, most=1)
    renew(db, {slow.token}, NOW + LEASE)
    assert find_leased(db, COUNTY, "one", slow.token) is None
    assert find_leased(db, COUNTY, "one", fast.token) == fast


def test_a_worker_knows_which_leases_it_holds(db: Database) -> None:
    a_job(db, "one")
    a_job(db, "two")
    seen: list[int] = []
    work = Work({"note": lambda session, job, now: seen.append(len(work.held))})
    run_due(db, NOW, work)
    assert (seen, work.held) == ([2, 2], set())


def test_a_lease_that_no_clock_could_have_set_binds_nobody(db: Database) -> None:
    a_job(db, "one", due=NOW - timedelta(days=2))
    assert len(claim(db, NOW, most=1)) == 1
    yesterday = NOW - timedelta(days=1)  # the machine's clock was wrong, and was put right
    assert len(claim(db, yesterday, most=1)) == 1


# -- kill -9

ROOT = Path(__file__).parents[2]
WORKER = """
import os, sys, time
from datetime import datetime
from engine.jobs import Work, run_due
from engine.store.database import Database
from tests.engine.test_jobs import NOW, noting

def stop(*_):
    print("here", flush=True)
    time.sleep(60)

def before(session, job, now):
    stop()

def during(session, job, now):
    noting(session, job, now)
    session.flush()
    stop()

def after(session, job, now):
    noting(session, job, now)
    return stop

run_due(Database(sys.argv[1]), NOW, Work({"note": globals()[sys.argv[2]]}))
"""


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_a_worker_killed_in_the_middle_of_a_job_costs_nothing(db: Database, moment: str) -> None:
    a_job(db, "one")
    worker = subprocess.Popen([sys.executable, "-c", WORKER, db.url, moment], stdout=subprocess.PIPE, cwd=ROOT)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"here\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert effects(db) == (["one"] if moment == "after" else [])
    assert run_due(db, NOW + LEASE - timedelta(seconds=1), HANDLERS) == 0  # its lease still holds
    assert run_due(db, NOW + LEASE, HANDLERS) == (0 if moment == "after" else 1)
    assert (effects(db), left(db)) == (["one"], {})


def test_a_job_that_kills_every_worker_dies_too(db: Database) -> None:
    a_job(db, "bomb", most=3)
    now = NOW
    for _ in range(3):
        assert len(claim(db, now, most=1)) == 1  # and never comes back
        now += LEASE
    assert claim(db, now, most=1) == []
    assert run_due(db, now, HANDLERS) == 0
    assert left(db)["bomb"].state == "dead"
