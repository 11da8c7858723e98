"""Prepared statements: the same rows as SQLAlchemy gives, on both databases, with lists of any length."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Select, bindparam, insert, literal, select

from engine.store.database import Database
from engine.store.prepared import Prepared
from engine.store.rows import Row
from engine.store.tables_jobs import JobRow

NOON = datetime(2026, 9, 7, 4, tzinfo=UTC)
COLUMNS = (JobRow.id, JobRow.kind, JobRow.due_at, JobRow.lock_until, JobRow.payload)
QUESTIONS: list[tuple[Select[*tuple[object, ...]], dict[str, object]]] = [
    (select(*COLUMNS).where(JobRow.due_at <= bindparam("now")), {"now": NOON}),
    (select(*COLUMNS).limit(bindparam("most")), {"most": 2}),
    (select(JobRow.id, literal("said").label("what")).where(JobRow.id != bindparam("id")), {"id": "1"}),
    (select(*COLUMNS).where(JobRow.id.in_(bindparam("ids", expanding=True))), {"ids": ["1", "3"]}),
    (select(*COLUMNS).where(JobRow.id.in_(bindparam("ids", expanding=True))), {"ids": []}),
]


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    Row.metadata.create_all(database.writing)
    job = {
        "county": "1",
        "due_at": NOON,
        "state": "ready",
        "payload": {"步": [1, "二"]},
        "max_attempts": 3,
        "attempts": 0,
    }
    with database.write() as session:
        session.execute(insert(JobRow), [{**job, "id": str(n), "kind": "abc"[n - 1]} for n in (1, 2, 3)])
    yield database
    database.close()


@pytest.mark.parametrize(("written", "asked"), QUESTIONS)
def test_a_question_is_answered_as_sqlalchemy_answers_it(
    db: Database, written: Select[*tuple[object, ...]], asked: dict[str, object]
) -> None:
    question = Prepared(written.order_by(JobRow.id))
    with db.read() as session:
        for _ in range(7):  # a driver prepares a statement after some times
            got = question.rows(session, asked)
        assert got == [tuple(row) for row in session.execute(written.order_by(JobRow.id), asked)]


def test_a_list_may_be_of_another_length_each_time(db: Database) -> None:
    question = Prepared(select(JobRow.id).where(JobRow.id.in_(bindparam("ids", expanding=True))).order_by(JobRow.id))
    with db.read() as session:
        for ids in (["1"], ["3", "2"], [], ["1", "2", "3"], ["2"]):
            assert [row.id for row in question.rows(session, {"ids": ids})] == sorted(ids)


def test_a_question_in_a_command_sees_what_the_command_wrote(db: Database) -> None:
    question = Prepared(select(JobRow.due_at).where(JobRow.id == bindparam("id")))
    with db.write() as session:
        session.execute(JobRow.__table__.update().values(due_at=NOON.replace(hour=9)))
        assert question.rows(session, {"id": "1"})[0].due_at == NOON.replace(hour=9)
