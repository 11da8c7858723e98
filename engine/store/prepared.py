"""Statements on every act's way: built and compiled once, then sent past SQLAlchemy's execution.

Building, caching and wrapping a statement costs several times what the database needs to carry it out (measured in
docs/performance.md). A `Prepared` keeps the compiled text and how each value is bound and read, and hands both to the
driver; many rows go in one INSERT. What fails is raised as SQLAlchemy would raise it.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, NoReturn

import orjson
from sqlalchemy import JSON, ClauseElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Values = Mapping[str, Any]
_Bind = Callable[[Any], Any] | None

MOST_ROWS = 100
"""Rows of one INSERT: a database takes some thousand values at a time."""

_heard: list[Callable[[str], None]] = []


@contextmanager
def overheard(by: Callable[[str], None]) -> Iterator[None]:
    """Tell `by` every text that is sent from here: SQLAlchemy's events do not see them."""
    _heard.append(by)
    try:
        yield
    finally:
        _heard.remove(by)


class Prepared:
    """A statement whose values are all named `bindparam`s; a list (expanding) may be of any length."""

    def __init__(self, statement: ClauseElement | Callable[[str], ClauseElement]) -> None:
        """Remember it, or what gives it for a kind of database; it is compiled when it is first sent."""
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def send(self, session: Session, values: Values) -> int:
        """Carry it out once; returns how many rows it changed."""
        way, compiled = self._in(session)
        return int(way.execute(*compiled.bound(values)).rowcount)

    def rows(self, session: Session, values: Values) -> list[Any]:
        """What it finds, as tuples with names."""
        way, compiled = self._in(session)
        return [compiled.read(row) for row in way.execute(*compiled.bound(values)).fetchall()]

    def one(self, session: Session, values: Values) -> Any:
        """The first row that it finds, or None."""
        found = self.rows(session, values)
        return found[0] if found else None

    def _in(self, session: Session) -> tuple[_Way, _Compiled]:
        way = _way(session)
        known = self._compiled.get(way.kind)
        if known is None:
            given = self._statement
            statement = given if isinstance(given, ClauseElement) else given(way.kind)
            known = self._compiled[way.kind] = _Compiled(statement, way.dialect)
        return way, known


class _Compiled:
    """A statement as one kind of database takes it, its values in their places."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        binds, self._compiled = compiled.binds, compiled
        self._lists = [name for name, bind in binds.items() if bind.expanding]
        self._binders = {name: _binder(bind.type, dialect) for name, bind in binds.items()}
        self._fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        self._texts: dict[tuple[int, ...], _Text] = {}
        columns = list(getattr(statement, "exported_columns", ()))  # of a SELECT, or what an UPDATE returns
        self._readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._reads = any(self._readers)
        found = namedtuple("Found", [column.key for column in columns], rename=True)  # type: ignore[misc]  # known here only
        self._row: Any = found

    def bound(self, values: Values) -> tuple[str, list[Any]]:
        """The text, and the values as the driver takes them."""
        given = {**self._fixed, **values} if self._fixed else values
        lengths = tuple(len(given[name]) for name in self._lists)
        text = self._texts.get(lengths)
        if text is None:
            text = self._texts[lengths] = self._written(given)
        return text.text, text.values(given)

    def _written(self, given: Values) -> _Text:
        if not self._lists:
            places = [_Place(name, None, self._binders[name]) for name in self._compiled.positiontup]
            return _Text(str(self._compiled), places)
        state = self._compiled.construct_expanded_state(dict(given))
        members = {
            member: _Place(name, place, self._binders[name])
            for name, expanded in state.parameter_expansion.items()
            for place, member in enumerate(expanded)
        }
        plain = (members.get(name) or _Place(name, None, self._binders[name]) for name in state.positiontup)
        return _Text(state.statement, list(plain))

    def read(self, row: Sequence[Any]) -> Any:
        """A row as SQLAlchemy would read it."""
        if self._reads:
            row = [value if of is None else of(value) for value, of in zip(row, self._readers, strict=True)]
        return self._row._make(row)


class _Place(NamedTuple):
    """Where a value comes from: a name, for a list also which member; and how it is bound."""

    name: str
    member: int | None
    to: _Bind


class _Text:
    """The text of a statement for lists of certain lengths."""

    def __init__(self, text: str, places: list[_Place]) -> None:
        self.text = text
        self._places = places

    def values(self, given: Values) -> list[Any]:
        """The values in their places."""
        return [
            value if to is None else to(value)
            for name, member, to in self._places
            for value in (given[name] if member is None else given[name][member],)
        ]


def insert_rows(session: Session, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows, many in one statement; every row names the same columns."""
    way = _way(session)
    insert = _insert(table, tuple(rows[0]), way.kind, way.dialect)
    for first in range(0, len(rows), MOST_ROWS):
        some = rows[first : first + MOST_ROWS]
        way.execute(insert.text(len(some)), insert.bound(some))


class _Insert:
    """Rows of one table with certain columns, as one kind of database takes them."""

    def __init__(self, table: Table, columns: tuple[str, ...], dialect: Dialect) -> None:
        left_out = [column.name for column in table.c if column.default is not None and column.name not in columns]
        if left_out:
            raise TypeError(f"{table.name}: a row must name {', '.join(left_out)}: no default is filled in here")
        quote = dialect.identifier_preparer
        named = ", ".join(quote.quote(name) for name in columns)
        self._head = f"INSERT INTO {quote.format_table(table)} ({named}) VALUES "  # noqa: S608  # names of our own tables
        self._numbered = dialect.paramstyle != "qmark"
        self._binds = [(name, _binder(table.c[name].type, dialect)) for name in columns]
        self._texts: dict[int, str] = {}

    def text(self, count: int) -> str:
        """The statement for so many rows."""
        if count not in self._texts:
            width = len(self._binds)
            rows = (", ".join(self._place(row * width + place) for place in range(width)) for row in range(count))
            self._texts[count] = self._head + ", ".join(f"({row})" for row in rows)
        return self._texts[count]

    def _place(self, number: int) -> str:
        return f"${number + 1}" if self._numbered else "?"

    def bound(self, rows: Sequence[Values]) -> list[Any]:
        """The rows' values in one list."""
        return [row[name] if to is None else to(row[name]) for row in rows for name, to in self._binds]


@cache
def _insert(table: Table, columns: tuple[str, ...], _kind: str, dialect: Dialect) -> _Insert:
    return _Insert(table, columns, dialect)


def _binder(type_: Any, dialect: Dialect) -> _Bind:
    if isinstance(type_, JSON):
        return _json
    to: _Bind = type_.dialect_impl(dialect).bind_processor(dialect)
    return to


def _json(value: Any) -> str | None:
    """JSON as text; orjson knows no lone surrogates, which a form refuses but a process variable may hold."""
    if value is None:
        return None
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)


class _Way:
    """The way past SQLAlchemy to the connection of one transaction: a cursor of the driver, kept while it lasts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.kind = connection.dialect.name
        self.dialect = _dialect(self.kind)
        self._cursor = _cursor(connection)

    def execute(self, text: str, values: list[Any]) -> Any:
        """Send a text with its values; the cursor then has what was found."""
        for hear in _heard:
            hear(text)
        try:
            return self._cursor.execute(text, values)
        except self._connection.dialect.loaded_dbapi.Error as error:
            self._raise(text, values, error)

    def _raise(self, text: str, values: Any, error: Any) -> NoReturn:
        """As SQLAlchemy would: wrapped in its own class, and a connection that is gone is not used again."""
        dialect = self._connection.dialect
        gone = dialect.is_disconnect(error, self._connection.connection.dbapi_connection, None)
        if gone:
            self._connection.invalidate(error)
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(text, values, error, base, connection_invalidated=gone, dialect=dialect) from error


def _way(session: Session) -> _Way:
    """A session's way."""
    known: _Way | None = session.info.get(_Way)
    if known is None:  # a session has one transaction (engine.store.database)
        known = session.info[_Way] = _Way(session.connection())
    return known


def _cursor(connection: Connection) -> Any:
    if connection.dialect.name != "postgresql":
        return connection.connection.cursor()
    from psycopg import RawCursor  # noqa: PLC0415  # an extra: only who has PostgreSQL has it

    driven: Any = connection.connection.driver_connection
    return RawCursor(driven)


@cache
def _dialect(kind: str) -> Dialect:
    """How texts are written for a kind of database: values by place, as its driver's plainest cursor takes them."""
    if kind == "postgresql":
        numbered: Dialect = postgresql.psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
        return numbered
    return sqlite.dialect()
