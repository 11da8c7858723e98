"""The two engines of a database: one that only reads, one that writes.

Questions are asked without a transaction: no BEGIN before them and no ROLLBACK after them, two round trips less for
each page. On SQLite a writer says BEGIN IMMEDIATE, because it may not begin as a reader.
"""

from __future__ import annotations

from select import POLLIN, poll
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
_SQLITE: dict[str, Any] = {"connect_args": {"timeout": 30, "check_same_thread": False}, "pool_size": 20}
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
_QUIET: dict[str, Any] = {"pool_reset_on_return": None, "skip_autocommit_rollback": True}


def reading(url: str) -> Engine:
    """For questions; whatever tries to write through it is refused by the database."""
    if not url.startswith("sqlite"):
        given = str(make_url(url).query.get("options", ""))
        only = {"options": f"{given} -c default_transaction_read_only=on".strip()}
        return _postgres(_engine(url, isolation_level="AUTOCOMMIT", connect_args=_patience(url) | only, **_QUIET))
    return _prepared(_engine(url, **_SQLITE, **_QUIET), (*_PRAGMAS, "query_only=ON"))


def writing(url: str) -> Engine:
    """For commands, each in one transaction."""
    if not url.startswith("sqlite"):
        return _postgres(_engine(url, connect_args=_patience(url)))
    engine = _prepared(_engine(url, **_SQLITE), _PRAGMAS)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


_HURRIED = ("synchronous=OFF", "cache_size=-65536", "wal_autocheckpoint=20000")
"""Nothing waits for the disk; most pages stay in memory, and go into the file seldom."""


def hurry(engine: Engine) -> None:
    """Have commits on all connections made from now on not wait for the disk."""
    engine.dispose()
    event.listen(engine, "connect", _WITHOUT_WAITING[engine.dialect.name])


def rest(engine: Engine) -> None:
    """Have them wait again; on SQLite, what has been committed is on the disk afterwards."""
    event.remove(engine, "connect", _WITHOUT_WAITING[engine.dialect.name])
    engine.dispose()
    if engine.dialect.name == "sqlite":
        line = engine.raw_connection()
        line.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        line.close()


def _hurry_sqlite(connection: Any, _record: Any) -> None:
    for pragma in _HURRIED:
        connection.execute(f"PRAGMA {pragma}")


def _hurry_postgres(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # what is set in a transaction is gone with one that is undone
    connection.execute("SET synchronous_commit TO off")
    connection.autocommit = False


_WITHOUT_WAITING = {"sqlite": _hurry_sqlite, "postgresql": _hurry_postgres}


def _patience(url: str) -> dict[str, int]:
    return {name: value for name, value in _GONE.items() if name not in make_url(url).query}


def _postgres(engine: Engine) -> Engine:
    return _checked(_reading_digits(engine))


def _reading_digits(engine: Engine) -> Engine:
    """A UUID is read as its 32 digits, as it is written everywhere else (engine.store.rows.Uuid)."""
    from psycopg.adapt import Loader  # noqa: PLC0415  # an extra: only who has PostgreSQL has it

    class Digits(Loader):
        def load(self, data: Any) -> str:
            return bytes(data).decode().replace("-", "")

    @event.listens_for(engine, "connect")
    def _register(connection: Any, _record: Any) -> None:
        connection.adapters.register_loader("uuid", Digits)

    return engine


def _checked(engine: Engine) -> Engine:
    """Leave aside connections that died while they rested, without a ping, which would be a round trip each time."""

    @event.listens_for(engine, "checkout")
    def _refuse_dead(connection: Any, record: Any, _proxy: Any) -> None:
        resting = record.info.get("poll")
        if resting is None:
            record.info["poll"] = resting = poll()
            resting.register(connection.pgconn.socket, POLLIN)
        if connection.closed or resting.poll(0):  # PostgreSQL tells a resting connection nothing but that it is over
            raise DisconnectionError

    return engine


def _engine(url: str, **options: Any) -> Engine:
    """The connection used last is used first: it knows the statements, and its end of the database is warm."""
    return create_engine(url, **({"pool_size": 10, "max_overflow": 60, "pool_use_lifo": True} | options))


def _prepared(engine: Engine, pragmas: tuple[str, ...]) -> Engine:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine
