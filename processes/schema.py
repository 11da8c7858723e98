"""The database's schema: brought up to date by migrations, and compared with the tables by a test."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table
from sqlalchemy.exc import DBAPIError

import engine.store.tables
import engine.store.tables_archive
import engine.store.tables_chain
import engine.store.tables_jobs
import engine.store.tables_messages  # noqa: F401  # every table must be known before the schema is looked at
import processes.tables
import processes.tables_upkeep
from engine.store.database import Database, take_turn

METADATA = processes.tables.MatterRow.metadata
_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(db: Database) -> None:
    """Bring the database to the newest schema; does nothing when it is there.

    Of several processes that start at once one does so, and the others wait for it.
    """
    with db.writing.connect() as connection:
        _make_version_table(connection)
        take_turn(connection, _VERSION.name)
        command.upgrade(_config(connection), "head")
        connection.commit()


def _make_version_table(connection: Connection) -> None:
    """The table that Alembic would make itself: it must be there to be waited for."""
    try:
        _VERSION.create(connection, checkfirst=True)
        connection.commit()
    except DBAPIError:  # another process made it at the same moment
        connection.rollback()


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
