"""What every test may ask for: a database of its own on SQLite and on PostgreSQL, a site, its pages."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from sqlalchemy import event
from sqlalchemy.pool import Pool

from processes.installation import Installation
from tests.browser.chrome import CHROMIUM, a_browser
from tests.kit.actors import Actors, Browsers
from tests.kit.memory import a_place_for_files
from tests.kit.passwords import hash_quickly
from tests.kit.postgres import a_database, a_server
from tests.kit.sites import a_site, an_app
from tests.kit.statements import compile_once

settings.register_profile(
    "house", deadline=None, suppress_health_check=list(HealthCheck), derandomize=bool(os.getenv("CI"))
)
settings.load_profile("house")
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", a_place_for_files())
hash_quickly()
compile_once()


@event.listens_for(Pool, "checkout")
def _never_wait_for_the_disk(connection: Any, _record: Any, _proxy: Any) -> None:
    """Nobody pulls this machine's plug to see what a SQLite file says; servers of the fault tests do sync theirs."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server: the one TEST_PG_URL names, else one from a wheel."""
    with a_server(hurried=True) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with a_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'whistle.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole session: Playwright cannot be started twice in a process."""
    if CHROMIUM is None and os.getenv("CI") != "true":
        pytest.skip("no Chromium on this machine")
    assert CHROMIUM is not None, "CI must have a Chromium"
    with a_browser() as browser:
        yield browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    """A whole installation on SQLite with the model county and somebody in every post."""
    inst = a_site(tmp_path)
    yield inst
    inst.db.close()


@pytest.fixture
def site_on_both(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """The same on SQLite and on PostgreSQL."""
    inst = a_site(tmp_path, database_url)
    yield inst
    inst.db.close()


@pytest.fixture
def app(site: Installation) -> Flask:
    """The pages of the site."""
    return an_app(site)


@pytest.fixture
def actors(site: Installation) -> Actors:
    """Everybody, acting by command."""
    return Actors(site)


@pytest.fixture
def browsers(site: Installation, app: Flask) -> Browsers:
    """Everybody, acting through pages."""
    return Browsers(site, app)
