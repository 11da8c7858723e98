"""The database's schema: brought up to date by migrations, and compared with the tables by a test."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import engine.store.tables
import engine.store.tables_chain
import engine.store.tables_jobs
import engine.store.tables_messages  # noqa: F401  # every table must be known before the schema is looked at
import processes.tables
import processes.tables_upkeep
from engine.store.database import Database

METADATA = processes.tables.MatterRow.metadata
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(db: Database) -> None:
    """Bring the database to the newest schema; does nothing when it is there."""
    with db.writing.connect() as connection:
        command.upgrade(_config(connection), "head")
        connection.commit()


def differences(db: Database) -> list[object]:
    """What the tables in code have that the database has not, or the other way round."""
    with db.reading.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def draw_up(db: Database, message: str) -> None:
    """Write a new migration from the difference between code and database (for developers: `make migration`)."""
    with db.writing.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
