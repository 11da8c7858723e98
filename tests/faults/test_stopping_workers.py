"""`whistle work` told to stop, whatever it is at: idle, starting, held up by a lock, without a database. It ends."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update

from engine.store.tables_jobs import JobRow
from processes.installation import Installation
from processes.schema import differences
from tests.faults.county import found, opened
from tests.faults.servers import Worker
from tests.kit.patience import until
from tests.kit.postgres import a_database, a_server_of_our_own

SOON = 20.0
"""Seconds: more than it takes on a busy machine, far less than anything it could wait for."""
MOMENTS = 20


@pytest.fixture
def worker(tmp_path: Path, database_url: str) -> Iterator[Worker]:
    """At work on an installation without anything to do."""
    found(tmp_path / "data", database_url)
    with Worker(tmp_path / "data", {"WHISTLE_DATABASE": database_url}) as made:
        yield made


def stopped(worker: Worker) -> tuple[int, float]:
    """The exit code, and how long it took to end."""
    begun = time.monotonic()
    return worker.stop(), time.monotonic() - begun


def test_idle_it_ends_at_once_and_well(worker: Worker) -> None:
    worker.start().wait()
    code, seconds = stopped(worker)
    assert code == 0 and seconds < SOON
    assert "Traceback" not in worker.said


def test_it_ends_at_any_moment_of_its_start(tmp_path: Path) -> None:
    """Before it says that it is at work it ends as any program does; nothing is half-written either way."""
    data, dice = tmp_path / "data", random.Random(MOMENTS)
    workers = [Worker(data, name=f"worker{number}") for number in range(4)]
    for _ in range(MOMENTS // len(workers)):
        for worker in workers:
            worker.start()
        for worker in dice.sample(workers, k=len(workers)):
            time.sleep(dice.uniform(0, 1.5))
            code, seconds = stopped(worker)
            assert code in (0, -signal.SIGTERM) and seconds < SOON, worker.said
            assert code == 0 or not worker.says.endswith("(Ctrl-C to stop).\n"), "it was at work"
    with Worker(data) as last:
        last.start().wait()
        assert stopped(last)[0] == 0
    with opened(data, "") as inst:
        assert differences(inst.db) == []


def test_held_up_by_a_lock_it_ends_when_its_patience_does(worker: Worker) -> None:
    worker.environment = {**worker.environment, "WHISTLE_PATIENCE_SECONDS": "1"}
    worker.start().wait()
    with opened(worker.data, worker.environment["WHISTLE_DATABASE"]) as inst, nobody_else_may_write(inst):
        time.sleep(0.5)  # it comes to ask for the job
        code, seconds = stopped(worker)
    assert (code, "did not end in time" in worker.said) == (1, True)
    assert seconds < SOON


@pytest.mark.postgres
def test_without_a_database_it_ends_well(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with a_server_of_our_own() as postgres, a_database(postgres.url) as url:
        found(data, url)
        with Worker(data, {"WHISTLE_DATABASE": url}) as worker:
            worker.start().wait()
            postgres.go_down()
            until(lambda: "the clock stumbled" in worker.said)
            code, seconds = stopped(worker)
            assert code == 0 and seconds < SOON
            postgres.come_back()


@contextmanager
def nobody_else_may_write(inst: Installation) -> Iterator[None]:
    """A job is due, and its row is ours for as long as we like."""
    now = datetime.now(UTC)
    row = {"county": "990001", "id": "held", "kind": "look", "due_at": now - timedelta(seconds=1), "payload": {}}
    with inst.db.write() as session:
        session.execute(insert(JobRow).values(row))
        session.execute(update(JobRow).values(due_at=now - timedelta(seconds=1)))
    with inst.db.writing.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE job IN EXCLUSIVE MODE"))
        else:
            connection.execute(text("SELECT 1"))
        yield
        connection.rollback()
