"""Packs the rows of a closed case into one compressed row and back, without loss; names and values, not positions.

Rows that were written since stand beside the archive: whoever reads a case reads both.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, delete, insert, select
from sqlalchemy.orm import Session

from engine.store.rows import Instant, PlainValues, Row
from engine.store.tables import JournalRow, TaskRow
from engine.store.tables_archive import ArchiveRow
from engine.values import from_bytes, to_bytes

TABLES: tuple[type[Row], ...] = (TaskRow, JournalRow)
"""What the engine keeps of a case and nobody changes once it is closed."""
FORMAT = b"1"
Rows = Mapping[str, list[dict[str, Any]]]
T = TypeVar("T", bound=Row)


def archive(session: Session, county: str, case_id: str, now: datetime, *more: type[Row]) -> int:
    """Pack a closed case that the caller has locked, rows of the tables `more` with it; returns the bytes of it."""
    tables = [_table(each) for each in (*TABLES, *more)]
    content = pack({table.name: _rows(session, table, county, case_id) for table in tables})
    for table in reversed(tables):
        session.execute(delete(table).where(*_of_case(table, county, case_id)))
    row = {"county": county, "case_id": case_id, "content": content, "archived_at": now}
    session.execute(insert(ArchiveRow).values(row))
    return len(content)


def unarchive(session: Session, county: str, case_id: str) -> bool:
    """Put the rows of an archived case back; False when it is not archived."""
    row = session.get(ArchiveRow, (county, case_id), with_for_update=True)
    if row is None:
        return False
    for name, rows in unpack(row.content).items():
        if rows:
            session.execute(insert(Row.metadata.tables[name]), rows)
    session.delete(row)
    session.flush()
    return True


def read_archives(session: Session, county: str, cases: Sequence[str]) -> dict[str, Rows]:
    """What is archived of these cases: by case the rows by table name. Raises ValueError for one that is damaged."""
    query = select(ArchiveRow.case_id, ArchiveRow.content)
    found = session.execute(query.where(ArchiveRow.county == county, ArchiveRow.case_id.in_(cases)))
    return {case_id: unpack(content) for case_id, content in found}


def rows_as(table: type[T], rows: Rows) -> list[T]:
    """The rows of one table as its objects, outside any session."""
    return [table(**row) for row in rows.get(table.__tablename__, ())]


def pack(rows: Rows) -> bytes:
    """Rows by table name as compressed bytes: column names once, then values."""
    plain = {name: _plain(Row.metadata.tables[name], each) for name, each in rows.items()}
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return FORMAT + zlib.compress(text.encode("utf-8", "surrogatepass"), 9)


def unpack(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """What `pack` made; columns that a table no longer has are left out. Raises ValueError."""
    if content[:1] != FORMAT:
        raise ValueError("an archive of an unknown format")
    try:
        plain = json.loads(zlib.decompress(content[1:]).decode("utf-8", "surrogatepass"))
    except zlib.error as error:
        raise ValueError("an archive that is damaged") from error
    return {name: list(_read(Row.metadata.tables[name], **each)) for name, each in plain.items()}


def _rows(session: Session, table: Table, county: str, case_id: str) -> list[dict[str, Any]]:
    query = select(table).where(*_of_case(table, county, case_id)).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(query).mappings()]


def _of_case(table: Table, county: str, case_id: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.county == county, table.c.case_id == case_id


def _plain(table: Table, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = [column.name for column in table.columns]
    write = [_writer(column) for column in table.columns]
    values = [[to(row[name]) for name, to in zip(columns, write, strict=True)] for row in rows]
    return {"columns": columns, "rows": values}


def _read(table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterable[dict[str, Any]]:
    known = [(place, name, _reader(table.c[name])) for place, name in enumerate(columns) if name in table.c]
    return ({name: read(row[place]) for place, name, read in known} for row in rows)


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    match column.type:
        case Instant():
            return lambda at: at and at.isoformat()
        case PlainValues():
            return lambda values: None if values is None else to_bytes(values).decode()
        case LargeBinary():
            return lambda raw: None if raw is None else raw.hex()
    return lambda value: value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    match column.type:
        case Instant():
            return lambda text: text and datetime.fromisoformat(text)
        case PlainValues():
            return lambda text: None if text is None else from_bytes(text)
        case LargeBinary():
            return lambda text: None if text is None else bytes.fromhex(text)
    return lambda value: value


def _table(row: type[Row]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)  # noqa: S101  # for mypy: a mapped class may also stand on a join
    return table
