"""Leases: one of many claims a job, a dead worker's job is found, a carrier may bring it, a lost one stays lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Event, Thread

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.jobs import Job, Work, run, run_due
from engine.leases import LEASE, claim, claim_alone, is_any_leased, next_due, release, renew, still_leased, take_over
from engine.store.database import Database
from engine.store.tables import CaseRow
from engine.store.tables_jobs import JobRow
from tests.kit.jobs import CASE, COUNTY, HANDLERS, NOW, a_job, effects, left, noting


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


# -- renewal, carriers, and a clock that went back


def test_a_renewed_lease_holds_longer(db: Database) -> None:
    a_job(db, "one")
    jobs = claim(db, NOW, most=1)
    renew(db, jobs, NOW + LEASE / 2)
    assert claim(db, NOW + LEASE, most=1) == []
    assert len(claim(db, NOW + LEASE * 1.5, most=1)) == 1


def test_a_lost_lease_is_not_renewed(db: Database) -> None:
    a_job(db, "one")
    slow = claim(db, NOW, most=1)
    fast = claim(db, NOW + LEASE, most=1)
    renew(db, slow, NOW + 9 * LEASE)
    assert still_leased(db, slow + fast, NOW + LEASE) == fast
    assert still_leased(db, slow + fast, NOW + 2 * LEASE) == []


def test_what_was_not_begun_is_given_back_and_not_counted(db: Database) -> None:
    a_job(db, "one")
    a_job(db, "two")
    jobs = claim(db, NOW, most=2)
    (taken,) = claim(db, NOW + LEASE, most=1)
    release(db, jobs)
    assert (left(db)["one"].lock_token, left(db)["one"].attempts) == (taken.token, 2)
    assert (left(db)["two"].lock_token, left(db)["two"].attempts) == (None, 0)


def test_what_somebody_holds_is_not_what_comes_next(db: Database) -> None:
    a_job(db, "one")
    a_job(db, "two", due=NOW + timedelta(minutes=9))
    claim(db, NOW, most=1)
    assert next_due(db) == NOW + timedelta(minutes=9)


def test_a_carried_job_is_begun_by_the_worker_it_is_brought_to(db: Database) -> None:
    a_job(db, "one")
    (sent,) = claim(db, NOW, most=1, begun=False)
    assert left(db)["one"].attempts == 0
    begun = take_over(db, COUNTY, "one", sent.token, NOW + LEASE)
    assert begun is not None and (begun.id, begun.attempts) == ("one", 1)
    assert claim(db, NOW + LEASE, most=1) == [], "its lease began anew"


def test_a_carried_job_that_another_has_taken_is_dropped(db: Database) -> None:
    a_job(db, "one")
    (slow,) = claim(db, NOW, most=1, begun=False)
    (fast,) = claim(db, NOW + LEASE, most=1, begun=False)
    assert take_over(db, COUNTY, "one", slow.token, NOW + LEASE) is None
    assert take_over(db, COUNTY, "one", fast.token, NOW + LEASE) is not None
    assert take_over(db, COUNTY, "gone", fast.token, NOW + LEASE) is None


def test_a_carried_job_that_has_spent_its_tries_is_dropped(db: Database) -> None:
    a_job(db, "one", most=1)
    (sent,) = claim(db, NOW, most=1, begun=False)
    assert take_over(db, COUNTY, "one", sent.token, NOW) is not None
    assert take_over(db, COUNTY, "one", sent.token, NOW) is None, "its message came twice"


def test_a_worker_knows_which_leases_it_holds(db: Database) -> None:
    a_job(db, "one")
    a_job(db, "two")
    seen: list[int] = []
    work = Work({"note": lambda session, job, now: seen.append(len(work.held))})
    run_due(db, NOW, work)
    assert (seen, work.held) == ([2, 2], {})


def test_a_lease_that_no_clock_could_have_set_binds_nobody(db: Database) -> None:
    a_job(db, "one", due=NOW - timedelta(days=2))
    assert len(claim(db, NOW, most=1)) == 1
    yesterday = NOW - timedelta(days=1)  # the machine's clock was wrong, and was put right
    assert len(claim(db, yesterday, most=1)) == 1


def test_kinds_can_be_left_alone(db: Database) -> None:
    a_job(db, "chore", kind="chore")
    a_job(db, "other", due=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert next_due(db, without=["chore"]) == NOW + timedelta(minutes=1)
    assert [job.id for job in claim(db, later, most=2, without=["chore"])] == ["other"]
    assert [job.id for job in claim(db, later, most=2)] == ["chore"]


def test_one_can_see_that_somebody_is_at_a_job(db: Database) -> None:
    a_job(db, "long")
    assert not is_any_leased(db, NOW)
    claim(db, NOW, most=1)
    assert is_any_leased(db, NOW) and not is_any_leased(db, NOW + LEASE)


def test_who_is_alone_takes_all_that_is_due_at_once(db: Database) -> None:
    for id in ("one", "two"):
        a_job(db, id)
    a_job(db, "chore", kind="chore")
    a_job(db, "later", due=NOW + timedelta(minutes=1))
    taken = claim_alone(db, NOW, most=9, without=["chore"])
    assert sorted(job.id for job in taken) == ["one", "two"] and {job.attempts for job in taken} == {1}
    assert claim_alone(db, NOW, most=9, without=["chore"]) == []
    assert all(run(db, job, NOW, HANDLERS) for job in taken)
    assert sorted(effects(db)) == ["one", "two"]
