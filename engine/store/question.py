"""A SELECT that is asked again and again: SQLAlchemy writes it once for each database, and then stands aside.

Building the text costs a page more than the database takes to answer; so does wrapping the rows. What is left is the
driver's own work, with values and columns of our types (moments in UTC, JSON) as SQLAlchemy would give them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.orm import Session

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Written:
    """The text for a database and for lists of certain lengths, and how its values are named and converted."""

    text: str
    names: tuple[str, ...]  # as the text wants them, in its order
    constants: Mapping[str, Any]  # values that stand in the SELECT itself
    lists: Mapping[str, Sequence[str]]  # the names that the members of a list go by
    converts: Mapping[str, Convert]
    positional: bool

    def values(self, asked: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        given = {**self.constants, **asked}
        for name, members in self.lists.items():
            given.update(zip(members, _flat(asked[name]), strict=True))
        for name, convert in self.converts.items():
            given[name] = convert(given[name])
        return tuple(given[name] for name in self.names) if self.positional else {n: given[n] for n in self.names}


class Question:
    """`ask` with the values of its bindparams; rows are named tuples of the columns."""

    def __init__(self, select: Select[*tuple[Any, ...]]) -> None:
        """A SELECT of columns, each under a name of its own."""
        self._select = select
        row: Any = namedtuple("Row", select.selected_columns.keys())  # type: ignore[misc]  # known when it runs
        self._row = row._make
        self._written: dict[tuple[Any, ...], _Written] = {}
        self._columns: dict[str, list[tuple[int, Convert]]] = {}

    def ask(self, session: Session, asked: Mapping[str, Any]) -> list[Any]:
        """The rows."""
        connection = session.connection()
        dialect = connection.dialect
        lengths = ((name, len(value)) for name, value in asked.items() if isinstance(value, list | tuple))
        shape = (dialect.name, *lengths)
        written = self._written.get(shape)
        if written is None:
            written = self._written[shape] = self._write(dialect, asked)
        rows = _fetch(connection, written.text, written.values(asked))
        converts = self._columns[dialect.name]
        return [self._row(_converted(row, converts) if converts else row) for row in rows]

    def _write(self, dialect: Dialect, asked: Mapping[str, Any]) -> _Written:
        types = enumerate(column.type.dialect_impl(dialect) for column in self._select.selected_columns)
        found = [(place, kind.result_processor(dialect, None)) for place, kind in types]
        self._columns[dialect.name] = [(place, convert) for place, convert in found if convert is not None]
        compiled = self._select.compile(dialect=dialect)
        state = compiled.construct_expanded_state(dict(asked))
        lists = {name: members for name, members in state.parameter_expansion.items() if name in asked}
        own = {name: value for name, value in state.parameters.items() if name not in asked}
        names = tuple(state.positiontup) if state.positiontup is not None else tuple(state.parameters)
        binds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        converts = {name: each for name, each in (binds | dict(state.processors)).items() if each and name in names}
        return _Written(state.statement, names, own, lists, converts, state.positiontup is not None)


def _fetch(connection: Connection, text: str, values: Any) -> Sequence[Sequence[Any]]:
    cursor = connection.connection.cursor()
    connection.dispatch.before_cursor_execute(connection, cursor, text, values, None, False)  # for those who count
    try:
        cursor.execute(text, values)
        return cursor.fetchall()
    finally:
        cursor.close()


def _converted(row: Sequence[Any], converts: list[tuple[int, Convert]]) -> list[Any]:
    changed = list(row)
    for place, convert in converts:
        changed[place] = convert(changed[place])
    return changed


def _flat(members: Sequence[Any]) -> list[Any]:
    """The values of a list, pairs one after the other."""
    return [value for member in members for value in (member if isinstance(member, tuple) else (member,))]
