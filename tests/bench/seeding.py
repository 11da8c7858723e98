"""Many open cases at once: the rows of one real case, copied inside the database under new ids, indexes built last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Table, text

from engine.store.rows import Uuid
from processes.schema import METADATA
from tests.bench.site import Site
from tests.bench.skeleton import TABLES

_HISTORY = ("journal",)
"""Not copied: nothing that is measured on a million open tasks reads it."""

_CONSTRAINTS = text(
    "SELECT conrelid::regclass AS on_table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f') ORDER BY contype = 'p'"
)
_INDEXES = text("SELECT quote_ident(indexname) AS name, indexdef FROM pg_indexes WHERE schemaname = 'public'")


def copy_case(site: Site, case_id: str, count: int, *, desks: int = 1) -> None:
    """Copy a case `count` times; the copies' tasks fall due hour by hour.

    They belong to the unit that holds the case's own; where there are several `desks`, to others called like it.
    """
    with site.inst.db.writing.connect() as connection:
        for setting in ("synchronous_commit = off", "maintenance_work_mem = '512MB'", "work_mem = '256MB'"):
            connection.execute(text(f"SET {setting}"))
        with _without_indexes(connection):
            for name in TABLES:
                if name in METADATA.tables and name not in _HISTORY:
                    copy = _copying(METADATA.tables[name])
                    connection.execute(copy, {"case": case_id, "count": count, "desks": desks})
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        connection.invalidate()


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Drops every key and index meanwhile: building them once is much faster than filling them row by row."""
    constraints = connection.execute(_CONSTRAINTS).all()
    for on_table, name, _ in constraints:
        connection.execute(text(f"ALTER TABLE {on_table} DROP CONSTRAINT {name}"))
    indexes = connection.execute(_INDEXES).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, definition in indexes:
        connection.execute(text(definition))
    for on_table, name, definition in reversed(constraints):
        unchecked = " NOT VALID" if definition.startswith("FOREIGN") else ""  # the copies refer as their model does
        connection.execute(text(f"ALTER TABLE {on_table} ADD CONSTRAINT {name} {definition}{unchecked}"))


def _copying(table: Table) -> object:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(_copied(table.name, column) for column in table.c)
    key = {"case": "id = :case"}
    where = key.get(table.name, "case_id = :case")
    return text(
        f'INSERT INTO "{table.name}" ({columns}) '
        f'SELECT {values} FROM (SELECT * FROM "{table.name}" WHERE {where}) AS model, generate_series(1, :count) AS n'
    )


def _copied(table: str, copied: Column[Any]) -> str:
    """The SQL of a copy's value."""
    column, own = copied.name, f'model."{copied.name}"'
    if column in ("id", "case_id", "task_id"):
        return f"md5(concat({own}, :desks, n))" + ("::uuid" if isinstance(copied.type, Uuid) else "")
    if column in ("due_at", "warn_at", "until"):
        return f"{own} + n % 2000 * interval '1 hour'"
    if column in ("number", "key"):
        return f"{own} || concat(:desks, n)"
    if column == "unit" and table in ("offer", "concern"):
        return f"{own} || CASE WHEN :desks = 1 THEN '' ELSE '_' || n % :desks END"
    return own
