"""What every test of the job table may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store.database import Database
from tests.kit.jobs import a_table


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A job table, on SQLite and on PostgreSQL."""
    with a_table(database_url) as db:
        yield db
