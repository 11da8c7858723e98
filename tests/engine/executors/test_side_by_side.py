"""Several executors on one table: one case is never in two hands, and clocks that jump cost nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.executors.inline import inline
from engine.jobs import Job, Work
from engine.store.database import Database
from engine.store.tables import CaseRow
from tests.kit.jobs import CASE, NOW, a_job, effects, left, noting
from tests.kit.patience import until

SOON = timedelta(milliseconds=50)
JUMPS = [timedelta(), timedelta(hours=1), -timedelta(hours=1), timedelta(days=1), -timedelta(days=1)]


@contextmanager
def executors(url: str, many: int, work: Work, clock: Callable[[], datetime]) -> Iterator[None]:
    """So many, each with connections of its own."""
    databases = [Database(url) for _ in range(many)]
    running = [inline(db, Work(work.inside), clock, ceiling=SOON) for db in databases]
    for executor in running:
        executor.start()
    yield
    for executor in running:
        assert executor.stop(timedelta(seconds=60))
    for db in databases:
        db.close()


def test_workers_on_one_case_come_one_after_the_other(db: Database) -> None:
    def count(session: Session, job: Job, now: datetime) -> None:
        """What would be lost if two read before either wrote."""
        before = session.scalar(select(CaseRow.revision).where(CaseRow.id == CASE))
        time.sleep(0.005)
        session.execute(update(CaseRow).where(CaseRow.id == CASE).values(revision=(before or 0) + 1))

    for number in range(40):
        a_job(db, f"job{number:02}")
    with executors(db.url, 4, Work({"note": count}), lambda: NOW):
        until(lambda: not left(db))
    with db.read() as session:
        assert session.scalar(select(CaseRow.revision)) == 1 + 40


def test_a_clock_that_jumps_forth_and_back_does_nothing_twice(db: Database) -> None:
    def slow(session: Session, job: Job, now: datetime) -> None:
        time.sleep(0.01)
        noting(session, job, now)

    names = [f"job{number:02}" for number in range(40)]
    for name in names:
        a_job(db, name, due=NOW - timedelta(days=2), most=1000)
    dice = random.Random(4)
    with executors(db.url, 3, Work({"note": slow}), lambda: NOW + dice.choice(JUMPS)):
        until(lambda: not left(db))
    assert effects(db) == names
