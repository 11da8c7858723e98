"""The job table: due order, retries, what leaves the house, and that nothing is done twice, come what may."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.jobs import Job, Work, run_due
from engine.leases import LEASE, claim, next_due
from engine.store.database import Database
from tests.kit.jobs import CASE, COUNTY, HANDLERS, NOW, a_job, effects, left, noting


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
    assert run_due(db, NOW, handlers, most=2) == 5  # two at a time
    assert done == ["job5", "job4", "job3", "job2", "job1"]


def test_those_that_fail_do_not_hide_what_is_due_after_them(db: Database) -> None:
    for hours in (5, 4, 3):
        a_job(db, f"bad{hours}", kind="fail", due=NOW - timedelta(hours=hours))
    a_job(db, "good", due=NOW)
    assert run_due(db, NOW, HANDLERS, most=2) == 1
    assert effects(db) == ["good"]


def test_an_empty_table_has_nothing_due(db: Database) -> None:
    assert (next_due(db), run_due(db, NOW, HANDLERS)) == (None, 0)


def test_a_handler_sees_the_job_and_the_time(db: Database) -> None:
    a_job(db, "one", due=NOW - timedelta(hours=1))
    seen: list[tuple[Job, datetime]] = []
    run_due(db, NOW, Work({"note": lambda session, job, now: seen.append((job, now))}))
    ((job, now),) = seen
    assert (job.county, job.case_id, job.kind) == (COUNTY, CASE, "note")
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
    assert len({wait / min(3600, 2**attempt) for attempt, wait in enumerate(waits, 1)}) > 1, "not all come back at once"


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


def test_an_error_with_a_character_that_no_database_keeps_is_told_without_it(db: Database) -> None:
    def odd(session: Session, job: Job, now: datetime) -> None:
        raise RuntimeError("a\0b")

    a_job(db, "one")
    run_due(db, NOW, Work({"note": odd}))
    assert left(db)["one"].error == "RuntimeError: ab"


def test_a_step_with_a_rule_waits_as_the_rule_says(db: Database) -> None:
    a_job(db, "one", kind="fail", every=timedelta(minutes=5))
    for attempt in (1, 2, 3):
        run_due(db, NOW + attempt * timedelta(minutes=5), HANDLERS)
        assert left(db)["one"].due_at == NOW + (attempt + 1) * timedelta(minutes=5)


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


# -- kill -9

ROOT = Path(__file__).parents[2]
WORKER = """
import os, sys, time
from datetime import datetime
from engine.jobs import Work, run_due
from engine.store.database import Database
from tests.kit.jobs import NOW, noting

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
