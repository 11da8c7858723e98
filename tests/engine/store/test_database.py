"""The two doors of a database: what may go through which, and connections that died while they rested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from engine.store.database import Database, finish_up, put_last
from tests.kit.postgres import a_server_of_our_own


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def test_each_question_sees_what_was_committed_before_it(db: Database) -> None:
    counted(db)
    with db.read() as session:
        assert session.scalar(text("SELECT count(*) FROM thing")) == 0
        add(db)
        assert session.scalar(text("SELECT count(*) FROM thing")) == 1


def test_a_still_session_sees_one_moment(db: Database) -> None:
    counted(db)
    with db.still() as session:
        assert session.scalar(text("SELECT count(*) FROM thing")) == 0
        add(db)
        assert session.scalar(text("SELECT count(*) FROM thing")) == 0
    with db.read() as session:
        assert session.scalar(text("SELECT count(*) FROM thing")) == 1


def test_a_still_session_leaves_its_connection_as_it_was(db: Database) -> None:
    counted(db)
    with db.still() as session:
        session.scalar(text("SELECT count(*) FROM thing"))
    with db.read() as session:
        session.scalar(text("SELECT count(*) FROM thing"))
        add(db)
        assert session.scalar(text("SELECT count(*) FROM thing")) == 1


def test_nothing_is_written_through_the_door_for_questions(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'one.sqlite'}")
    counted(db)
    with db.read() as session, pytest.raises(OperationalError, match="readonly"):
        session.execute(text("INSERT INTO thing VALUES (1)"))
    db.close()


def test_what_is_put_last_is_done_right_before_the_commit(db: Database) -> None:
    counted(db)
    seen: list[int] = []
    with db.write() as session:
        put_last(session, lambda last: seen.append(last.execute(text("SELECT count(*) FROM thing")).scalar_one()))
        session.execute(text("INSERT INTO thing VALUES (1)"))
        assert seen == []
    assert seen == [1]


def test_what_is_put_last_may_be_done_sooner_and_is_not_done_twice(db: Database) -> None:
    seen: list[str] = []
    with db.write() as session:
        put_last(session, lambda _: seen.append("first"))
        put_last(session, lambda _: seen.append("second"))
        finish_up(session)
        assert seen == ["first", "second"]
    assert seen == ["first", "second"]


def test_a_command_that_is_refused_does_nothing_last(db: Database) -> None:
    with pytest.raises(ValueError, match="refused"), db.write() as session:
        put_last(session, lambda _: pytest.fail("done"))
        raise ValueError("refused")


@pytest.mark.postgres
def test_a_database_that_was_restarted_costs_nobody_an_error() -> None:
    with a_server_of_our_own() as postgres:
        db = Database(postgres.url)
        counted(db)
        with db.read() as one, db.read() as other:  # two connections that rest afterwards
            assert one.scalar(text("SELECT 1")) == other.scalar(text("SELECT 1"))
        for harm in (postgres.cut, postgres.crash):
            harm()
            for _ in range(3):
                with db.read() as session:
                    assert session.scalar(text("SELECT 1")) == 1
                add(db)
        db.close()


def counted(db: Database) -> None:
    with db.write() as session:
        session.execute(text("CREATE TABLE thing (number INTEGER)"))


def add(db: Database) -> None:
    with db.write() as session:
        session.execute(text("INSERT INTO thing VALUES (1)"))


HURRIED = {
    "sqlite": ("PRAGMA cache_size", -65536),
    "postgresql": ("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'", "session"),
}


def test_connections_hurry_only_meanwhile_and_what_was_written_is_there(db: Database) -> None:
    """Whether the disk is waited for is set for all tests alike; what else is said to a hurried connection tells."""
    asked, said = HURRIED[db.writing.dialect.name]
    counted(db)
    with db.hurrying():
        add(db)
        with db.write() as session:
            assert session.scalar(text(asked)) == said
    with db.write() as session:
        assert session.scalar(text(asked)) != said
    with db.read() as session:
        assert session.scalar(text("SELECT count(*) FROM thing")) == 1
