"""An engine's database of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store.database import Database
from engine.store.rows import Row
from tests.kit.foundations import lay


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """The engine's tables, empty."""
    db = lay(database_url, "engine", lambda new: Row.metadata.create_all(new.writing))
    yield db
    db.close()
