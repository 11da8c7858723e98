"""Leases of long jobs: renewed while the worker lives, lost with their effect when it stalls."""

from __future__ import annotations

import time
from datetime import timedelta

from engine.executors.renewal import renewing
from engine.jobs import Work, run, run_due
from engine.leases import LEASE, claim
from engine.store.database import Database
from tests.kit.jobs import HANDLERS, NOW, a_job, effects, left, noting
from tests.kit.patience import until

SOON = timedelta(milliseconds=10)


def test_the_lease_of_a_long_job_is_renewed_by_the_executors_clock(db: Database) -> None:
    a_job(db, "long")
    work = Work({"note": noting})
    jobs = claim(db, NOW, most=1)
    later = NOW + LEASE / 2
    with work.holding(jobs), renewing(db, work, lambda: later, every=SOON):
        until(lambda: left(db)["long"].lock_until == later + LEASE)
        assert run_due(db, NOW + LEASE, HANDLERS) == 0, "another finds nothing"
        assert run(db, jobs[0], later, work)
    assert effects(db) == ["long"]


def test_what_is_no_longer_held_is_no_longer_renewed(db: Database) -> None:
    a_job(db, "long")
    work = Work({"note": noting})
    with work.holding(claim(db, NOW, most=1)), renewing(db, work, lambda: NOW, every=SOON):
        time.sleep(0.1)
    given = left(db)["long"].lock_until
    time.sleep(0.1)
    assert left(db)["long"].lock_until == given == NOW + LEASE


def test_a_worker_that_stalls_loses_its_lease_and_its_effect(db: Database) -> None:
    a_job(db, "long")
    work = Work({"note": noting})
    with work.holding(stalled := claim(db, NOW, most=1)):
        assert run_due(db, NOW + LEASE, HANDLERS) == 1  # nobody renewed it: another has done the job
        with renewing(db, work, lambda: NOW + LEASE, every=SOON):
            time.sleep(0.05)  # it wakes up and renews what it no longer has
            assert not run(db, stalled[0], NOW + LEASE, work)
    assert (effects(db), left(db)) == (["long"], {})
