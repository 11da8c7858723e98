"""The database behind two doors: `read` for questions, `write` for one command, which is one transaction.

SQLite (WAL) when nothing is configured, PostgreSQL by URL; the same code and the same tests run on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from engine.store import connecting

_LAST = "put last"


class Database:
    """Two engines on one database: the one that reads opens no transactions."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url` (sqlite:///… or postgresql+psycopg://…)."""
        self.url = url
        self.reading = connecting.reading(url)
        self.writing = connecting.writing(url)

    def read(self) -> Session:
        """A session for questions, to be closed (`with` does so); each of them sees what was committed before it."""
        return _Asking(self.reading)

    @contextmanager
    def still(self) -> Iterator[Session]:
        """A session that sees one and the same moment however long it asks; meant for checks, not for pages."""
        if self.reading.dialect.name != "sqlite":
            frozen = self.reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with Session(frozen, autoflush=False) as session:
                yield session
            return
        with self.read() as session:
            session.connection().exec_driver_sql("BEGIN")  # a reader of WAL sees one moment until it ends
            try:
                yield session
            finally:
                session.connection().exec_driver_sql("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One command: commits at the end, or nothing at all when anything is raised.

        What was kept for the end (`put_last`) is done right before the commit.
        """
        with Session(self.writing, expire_on_commit=False) as session, session.begin():
            yield session
            finish_up(session)

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Meanwhile no commit waits for the disk: for a new database that is filled, and lost as a whole if need be.

        What was written by the end is on the disk then.
        """
        connecting.hurry(self.writing)
        try:
            yield
        finally:
            connecting.rest(self.writing)

    def is_alive(self) -> bool:
        """Whether the database answers."""
        with self.reading.connect() as connection:
            return bool(connection.scalar(text("SELECT 1")) == 1)

    def close(self) -> None:
        """Let go of every connection."""
        self.reading.dispose()
        self.writing.dispose()


class _Asking(Session):
    """A session with a plain connection: a transaction is what makes a session dear, and questions need none."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False, autoflush=False)
        self._engine = engine
        self._line: Connection | None = None

    def connection(self, *_given: Any, **_more: Any) -> Connection:
        """The connection, borrowed with the first question."""
        if self._line is None:
            self._line = self._engine.connect()
        return self._line

    def get_bind(self, *_given: Any, **_more: Any) -> Connection:
        """What the ORM asks with."""
        return self.connection()

    def close(self) -> None:
        """Give the connection back."""
        if self.in_transaction():  # the ORM was asked
            super().close()
        self.info.clear()
        if self._line is not None:
            self._line.close()
            self._line = None


def put_last(session: Session, act: Callable[[Session], None]) -> None:
    """Keep a change of a row that every command changes for the end: others wait for it only while this one commits."""
    session.info.setdefault(_LAST, []).append(act)


def finish_up(session: Session) -> None:
    """Do what was kept for the end of this command, in the order in which it came; then nothing is kept any more."""
    for act in session.info.pop(_LAST, ()):
        act(session)


def take_turn(connection: Connection, table: str) -> None:
    """Let nobody else write to `table` until this transaction ends, for what several processes must not do at once.

    A table lock is core PostgreSQL, unlike advisory locks, which a pool between us and it may break; SQLite's BEGIN
    IMMEDIATE has seen to it already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
