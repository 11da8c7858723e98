"""What a test begins with is built once and copied: migrating and sealing take a second, copying a few milliseconds.

Each process of a test run builds its own: a SQLite file in a folder that goes when it ends, or a template database on
its PostgreSQL server.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from engine.store.database import Database
from tests.kit.memory import a_place_for_files

Build = Callable[[Database], object]
_templates: dict[tuple[str, str], str] = {}


def lay(url: str, name: str, build: Build) -> Database:
    """The empty database at `url`, brought to what `build` makes of one; `name` says which building this is."""
    address = make_url(url)
    (_lay_file if address.get_backend_name() == "sqlite" else _lay_template)(address, name, build)
    return Database(url)


def _lay_file(address: URL, name: str, build: Build) -> None:
    assert address.database is not None
    template = _folder() / f"{name}.sqlite"
    if not template.exists():
        growing = _folder() / f"{uuid4().hex}.sqlite"
        _build(address.set(database=str(growing)), build)
        growing.rename(template)  # whole or not at all
    assert not Path(address.database).exists(), f"{address} is not empty"
    shutil.copyfile(template, address.database)


def _lay_template(address: URL, name: str, build: Build) -> None:
    server = _engine(address)
    key = str(server.url), name
    with server.connect() as connection:
        if key not in _templates:
            growing = f"template_{uuid4().hex[:12]}"
            connection.execute(text(f"CREATE DATABASE {growing}"))
            _build(address.set(database=growing), build)
            _templates[key] = growing
        connection.execute(text(f"DROP DATABASE {address.database}"))
        connection.execute(text(f"CREATE DATABASE {address.database} TEMPLATE {_templates[key]}"))


def _build(address: URL, build: Build) -> None:
    db = Database(address.render_as_string(hide_password=False))
    build(db)
    db.close()  # its last connection gone, a SQLite file is whole without its log


def clear(server: str) -> None:
    """Drop the templates on a server that will outlive the tests."""
    engine = _engine(make_url(server))
    with engine.connect() as connection:
        for key in [key for key in _templates if key[0] == str(engine.url)]:
            connection.execute(text(f"DROP DATABASE {_templates.pop(key)}"))


def _engine(address: URL) -> Engine:
    return create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)


@cache
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="whistle-foundations-", dir=a_place_for_files()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
