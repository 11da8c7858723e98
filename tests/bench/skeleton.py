"""The bare floor: Flask and SQLAlchemy writing the rows that one submit of ours writes, in one commit, nothing else.

Which rows those are is not set down here but seen: the rows of one case before and after a submit.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request
from sqlalchemy import ColumnElement, Table, and_, bindparam, create_engine, delete, insert, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.store.database import Database
from processes.schema import METADATA, upgrade
from tests.bench.site import Site

Row = dict[str, Any]
Rows = dict[str, list[Row]]
TABLES = ("case", "matter", "task", "offer", "job", "wait", "concern", "journal", "notice")
"""Those that hold rows of a case, the ones that others refer to first."""


@dataclass(frozen=True)
class Written:
    """What one submit did: the rows there before; those it inserted, changed (as they became) and deleted."""

    before: Rows
    inserted: Rows
    changed: Rows
    deleted: Rows


def rows_of(site: Site, case_id: str) -> Rows:
    """Every row of a case, by table."""
    tasks = select(METADATA.tables["task"].c.id).where(METADATA.tables["task"].c.case_id == case_id)

    def is_of_case(table: Table) -> ColumnElement[bool]:
        if table.name == "offer":
            return table.c.task_id.in_(tasks)
        found: ColumnElement[bool] = (table.c.id if table.name == "case" else table.c.case_id) == case_id
        return found

    with site.inst.db.read() as session:
        return {
            name: [dict(row) for row in session.execute(select(table).where(is_of_case(table))).mappings()]
            for name, table in _tables()
        }


def seen(before: Rows, after: Rows) -> Written:
    """What came, changed and went between two moments."""
    was = {name: {_key(name, row): row for row in rows} for name, rows in before.items()}
    now = {name: {_key(name, row): row for row in rows} for name, rows in after.items()}

    def those(rows: dict[str, dict[Any, Row]], wanted: Callable[[str, Any, Row], bool]) -> Rows:
        return {name: [row for key, row in of.items() if wanted(name, key, row)] for name, of in rows.items()}

    return Written(
        before,
        those(now, lambda name, key, row: key not in was[name]),
        those(now, lambda name, key, row: key in was[name] and was[name][key] != row),
        those(was, lambda name, key, row: key not in now[name]),
    )


def prepare(path: Path, url: str, written: Written, cases: int) -> None:
    """Put cases as they stood before the submit into an empty database, and into a file what each submit writes."""
    db = Database(url)
    upgrade(db)
    with db.write() as session:
        for name, rows in written.before.items():
            copies = [_renamed(row, number) for number in range(cases) for row in rows]
            if copies:
                session.execute(insert(METADATA.tables[name]), copies)
    db.close()
    path.write_bytes(pickle.dumps(written))


def build() -> Flask:
    """The application: POST /<number> writes what one submit writes, for the case of that number."""
    app, engine = Flask(__name__), create_engine(os.environ["SKELETON_DATABASE"], pool_size=20)
    written: Written = pickle.loads(Path(os.environ["SKELETON_ROWS"]).read_bytes())
    acts = list(_acts(written))

    @app.get("/healthz")
    def healthy() -> str:
        return "ok"

    @app.post("/<int:number>")
    def write(number: int) -> Response:
        dict(request.form)
        with Session(engine) as session, session.begin():
            for statement, rows in acts:
                session.execute(statement, [_renamed(row, number) for row in rows])
        return redirect("/")

    return app


def _acts(written: Written) -> Iterator[tuple[Any, list[Row]]]:
    for name, table in _tables():
        keys = [column.name for column in table.primary_key]
        here = and_(*(table.c[key] == bindparam(f"key_{key}") for key in keys))
        if rows := written.changed[name]:
            plain = {column.name: bindparam(column.name) for column in table.c if column.name not in keys}
            yield update(table).where(here).values(plain), [_keyed(row, keys) for row in rows]
        if rows := written.deleted[name]:
            yield delete(table).where(here), [_keyed(row, keys, only=True) for row in rows]
        if rows := written.inserted[name]:
            yield insert(table), rows


def _keyed(row: Row, keys: list[str], *, only: bool = False) -> Row:
    rest = {} if only else {name: value for name, value in row.items() if name not in keys}
    return {**rest, **{f"key_{key}": row[key] for key in keys}}


def _renamed(row: Row, number: int) -> Row:
    """The row as another case has it: its ids end in this number."""
    return {name: _another(name, value, number) for name, value in row.items()}


def _another(name: str, value: Any, number: int) -> Any:
    if not isinstance(value, str):
        return value
    if name.removeprefix("key_") in ("id", "case_id", "task_id"):
        return f"{number:08x}{value[8:]}"
    return f"{value}/{number}" if name in ("number", "key") else value


def _key(name: str, row: Row) -> Any:
    return tuple(row[column.name] for column in METADATA.tables[name].primary_key)


def _tables() -> Iterator[tuple[str, Table]]:
    return ((name, METADATA.tables[name]) for name in TABLES if name in METADATA.tables)
