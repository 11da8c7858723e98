"""Jobs that leave a mark in the journal, on a database with one case and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.jobs import Job, Work
from engine.store.database import Database
from engine.store.rows import Row
from engine.store.tables import CaseRow, JournalRow
from engine.store.tables_jobs import IncidentRow, JobRow
from tests.kit.foundations import lay
from tests.kit.journals import journal_lines

NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
COUNTY, CASE = "360428", "c" * 32


@contextmanager
def a_table(url: str) -> Iterator[Database]:
    """An empty job table."""
    db = lay(url, "jobs", _make_tables)
    yield db
    db.close()


def _make_tables(db: Database) -> None:
    Row.metadata.create_all(db.writing)
    with db.write() as session:
        started = {"process": "main", "digest": "d", "revision": 1, "state": b"", "started_at": NOW, "changed_at": NOW}
        session.execute(insert(CaseRow).values(county=COUNTY, id=CASE, **started))


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
    row = {"county": COUNTY, "case_id": CASE, "revision": uuid4().int % 2**31, "at": now, "told": [[job.id, {}]]}
    session.execute(insert(JournalRow).values(**row, link=b""))


def failing(session: Session, job: Job, now: datetime) -> None:
    """Does its work, then stumbles."""
    noting(session, job, now)
    raise RuntimeError("stumbled")


HANDLERS = Work({"note": noting, "fail": failing})


def effects(db: Database) -> list[str]:
    """What the jobs did."""
    return sorted(line.fact for line in journal_lines(db))


def left(db: Database) -> dict[str, JobRow]:
    """The jobs still in the table."""
    with db.read() as session:
        return {row.id: row for row in session.scalars(select(JobRow))}


def incidents(db: Database) -> list[IncidentRow]:
    """All of them."""
    with db.read() as session:
        return list(session.scalars(select(IncidentRow)))
