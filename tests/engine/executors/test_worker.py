"""A worker process: told to stop, it finishes the job in hand, gives back the rest, and ends well."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.store.database import Database
from tests.kit.jobs import a_job, effects, left

ROOT = Path(__file__).parents[3]
WORKER = """
import sys, time
from engine.executors.inline import inline
from engine.executors.worker import work
from engine.jobs import Work
from engine.store.database import Database
from tests.kit.jobs import NOW, noting

def slow(session, job, now):
    print("here", flush=True)
    time.sleep(0.5)
    noting(session, job, now)

db = Database(sys.argv[1])
finished = work(inline(db, Work({"note": slow}), lambda: NOW))
db.close()
print("finished" if finished else "gave up", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_worker_told_to_stop_ends_well(db: Database, how: signal.Signals) -> None:
    for number in range(3):
        a_job(db, f"job{number}")
    command = [sys.executable, "-c", WORKER, db.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"here\n"
        worker.send_signal(how)
        assert worker.stdout.read() == b"finished\n"
    assert worker.returncode == 0
    assert effects(db) == ["job0"]
    assert {(row.lock_token, row.attempts) for row in left(db).values()} == {(None, 0)}
