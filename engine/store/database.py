"""The database behind two doors: `read` for questions, `write` for one command, which is one transaction.

SQLite (WAL) when nothing is configured, PostgreSQL by URL; the same code and the same tests run on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

_GONE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30000,
}
"""After how long a database that says nothing more counts as gone (libpq's words; what the URL says goes before).

A machine that lost its power closes no connection, and whoever waits for its answer would wait for two hours.
"""


class Database:
    """Two engines on one database: on SQLite a writer must say BEGIN IMMEDIATE before it reads."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url` (sqlite:///… or postgresql+psycopg://…)."""
        self.url = url
        self.reading = _engine(url, "BEGIN")
        self.writing = _engine(url, "BEGIN IMMEDIATE")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions; nothing it does is kept."""
        with Session(self.reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def still(self) -> Iterator[Session]:
        """A session that sees one and the same moment however long it asks; meant for checks, not for pages."""
        with self.read() as session:
            if self.reading.dialect.name != "sqlite":  # a reader of WAL sees one moment anyway
                session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One command: commits at the end, or nothing at all when anything is raised."""
        with Session(self.writing, expire_on_commit=False) as session, session.begin():
            yield session

    def is_alive(self) -> bool:
        """Whether the database answers."""
        with self.read() as session:
            return bool(session.scalar(text("SELECT 1")) == 1)

    def close(self) -> None:
        """Let go of every connection."""
        self.reading.dispose()
        self.writing.dispose()


def take_turn(connection: Connection, table: str) -> None:
    """Let nobody else write to `table` until this transaction ends, for what several processes must not do at once.

    A table lock is core PostgreSQL, unlike advisory locks, which a pool between us and it may break; SQLite's BEGIN
    IMMEDIATE has seen to it already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))


def _engine(url: str, begin: str) -> Engine:
    if not url.startswith("sqlite"):
        gone = {name: value for name, value in _GONE.items() if name not in make_url(url).query}
        return create_engine(url, pool_size=10, max_overflow=60, pool_pre_ping=True, connect_args=gone)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=20, max_overflow=60)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
