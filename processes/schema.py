"""The database's schema: brought up to date by migrations, and compared with the tables by a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
import processes.tables_assessment
import processes.tables_former
import processes.tables_knowledge
import processes.tables_merging
import processes.tables_supervision
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


def upgrade(db: Database, to: str = "head") -> None:
    """Bring the database to the newest schema; does nothing when it is there.

    Of several processes that start at once one does so, and the others wait for it.
    """
    with db.writing.connect() as connection:
        _make_version_table(connection)
    with _changing(db) as connection:
        take_turn(connection, _VERSION.name)
        command.upgrade(_config(connection), to)


def downgrade(db: Database, to: str) -> None:
    """Bring the database back to an older schema (for developers): what that had no place for is lost."""
    with _changing(db) as connection:
        command.downgrade(_config(connection), to)


@contextmanager
def _changing(db: Database) -> Iterator[Connection]:
    """A connection in one transaction: all that it changes is kept, or nothing.

    SQLite changes a table by making it anew, which it refuses while other rows name it: there what rows name is
    checked at the end only.
    """
    with db.writing.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        sqlite: Any = connection.connection.driver_connection
        sqlite.execute("PRAGMA foreign_keys = OFF")  # before the transaction: within one it does nothing
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise RuntimeError("a row names another that is not there: the schema was left as it is")
        finally:
            sqlite.execute("PRAGMA foreign_keys = ON")


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
