"""An executor: does what is due when it is due, sleeps in between, stumbles and goes on, and stops when told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from engine.executors.executor import Executor
from engine.executors.inline import Inline, inline
from engine.jobs import Job, Work
from engine.store.database import Database
from tests.kit.jobs import HANDLERS, NOW, a_job, effects, left, noting
from tests.kit.patience import until

LONG = timedelta(hours=1)
PATIENCE = timedelta(seconds=60)


def present() -> datetime:
    return datetime.now(UTC)


@contextmanager
def running(executor: Executor) -> Iterator[Executor]:
    executor.start()
    try:
        yield executor
    finally:
        assert executor.stop(PATIENCE)


def test_what_is_due_is_done_and_then_it_waits_for_what_comes(db: Database) -> None:
    a_job(db, "now")
    a_job(db, "soon", due=present() + timedelta(seconds=0.5))
    with running(inline(db, HANDLERS, present, ceiling=LONG)):
        until(lambda: effects(db) == ["now", "soon"])
    assert left(db) == {}


def test_it_looks_at_once_when_it_is_woken(db: Database) -> None:
    with running(inline(db, HANDLERS, present, ceiling=LONG)) as executor:
        time.sleep(0.2)  # it sleeps now
        a_job(db, "new")
        executor.wake()
        until(lambda: effects(db) == ["new"])


def test_while_it_rests_it_leaves_the_jobs_to_others(db: Database) -> None:
    resting, asked = Event(), Event()
    resting.set()

    def rests() -> bool:
        asked.set()
        return resting.is_set()

    a_job(db, "now")
    with running(inline(db, HANDLERS, present, ceiling=timedelta(seconds=0.1), rests=rests)):
        assert asked.wait(60)
        assert effects(db) == []
        resting.clear()
        until(lambda: effects(db) == ["now"])


def test_it_finds_by_itself_what_others_put_there(db: Database) -> None:
    with running(inline(db, HANDLERS, present, ceiling=timedelta(seconds=0.1))):
        time.sleep(0.2)
        a_job(db, "new")
        until(lambda: effects(db) == ["new"])


def test_an_idle_executor_asks_the_database_seldom(db: Database) -> None:
    a_job(db, "much later", due=present() + LONG)
    asked = listen(db.reading, db.writing)
    with running(inline(db, HANDLERS, present, ceiling=LONG)):
        until(lambda: questions(asked) == 2)
        time.sleep(0.5)
    assert questions(asked) == 2, "two questions a turn, and no turn before something is due"
    assert [text for text in asked if text.startswith(("UPDATE", "INSERT", "DELETE"))] == []


def listen(*engines: Engine) -> list[str]:
    """What is asked of the database from now on."""
    asked: list[str] = []
    for engine in engines:
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


def questions(asked: list[str]) -> int:
    return len([text for text in asked if text.startswith("SELECT")])


def test_what_another_holds_does_not_keep_it_awake(db: Database) -> None:
    a_job(db, "held")
    begun, done = Event(), Event()

    def slow(session: Session, job: Job, now: datetime) -> None:
        begun.set()
        done.wait(60)
        noting(session, job, now)

    with running(inline(db, Work({"note": slow}), present, ceiling=LONG)):
        begun.wait(60)
        other = Database(db.url)
        asked = listen(other.reading)
        with running(inline(other, HANDLERS, present, ceiling=LONG)):
            until(lambda: questions(asked) == 2)
            time.sleep(0.5)
            done.set()
        other.close()
    assert questions(asked) == 2
    assert effects(db) == ["held"]


class Stumbling:
    """A turn that fails the first time."""

    def __init__(self, turn: Inline) -> None:
        self.turn, self.taken = turn, 0

    def take(self, stopping: Callable[[], bool]) -> int:
        self.taken += 1
        if self.taken == 1:
            raise OSError("the database is gone")
        return self.turn.take(stopping)


def test_a_fault_is_logged_and_it_goes_on(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    a_job(db, "one")
    turn = Stumbling(Inline(db, HANDLERS, present))
    with running(Executor("clock", db, turn, present, ceiling=LONG)):
        until(lambda: effects(db) == ["one"])
    assert "the database is gone" in caplog.text


def test_told_to_stop_it_finishes_the_job_in_hand_and_gives_back_the_rest(db: Database) -> None:
    for number in range(5):
        a_job(db, f"job{number}")
    begun, told = Event(), Event()

    def slow(session: Session, job: Job, now: datetime) -> None:
        begun.set()
        told.wait(60)
        noting(session, job, now)

    executor = inline(db, Work({"note": slow}), present, ceiling=LONG)
    executor.start()
    begun.wait(60)
    assert not executor.stop(timedelta(0)), "it has a job in hand"
    told.set()
    assert executor.stop(PATIENCE)
    assert effects(db) == ["job0"]
    assert {(row.lock_token, row.attempts) for row in left(db).values()} == {(None, 0)}
    assert present() > NOW
