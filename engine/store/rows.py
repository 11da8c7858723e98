"""What every table is made of: aware instants, plain values as tagged JSON, and the names of keys and indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, MetaData, String, Table, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import JSON, TypeEngine

from engine.errors import Rejected
from engine.ids import is_id
from engine.store.prepared import insert_rows
from engine.values import from_bytes, to_bytes

COUNTY = String(12)
ID = String(32)


class NotAnId(Rejected, DontWrapMixin):
    """Nothing has this id: it is no id at all."""

    code = "not_an_id"
    message = "没有找到您要的内容，网址可能不完整。"
    advice = "请从列表里重新进入。"


class _Native(postgresql.UUID[str]):
    """PostgreSQL's own; `engine.store.connecting` has it read as digits, so that nothing is left to do here."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """As it comes."""


class Uuid(TypeDecorator[str]):
    """An id that `engine.ids` makes: 32 hex digits, in PostgreSQL the 16 bytes that they stand for.

    Raises NotAnId for any other text, in a question as in a row.
    """

    impl = ID
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL's type, or text."""
        return dialect.type_descriptor(_Native(as_uuid=False) if dialect.name == "postgresql" else ID)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it is; refuses what is no id."""
        if value is not None and not is_id(value):
            raise NotAnId
        return value


UUID = Uuid()


class Instant(TypeDecorator[datetime]):
    """An aware instant; kept as UTC, because SQLite knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; refuses a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware again, in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class PlainValues(TypeDecorator[Mapping[str, object]]):
    """Process variables: JSON that keeps dates and exact numbers apart from text (engine.values)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, object] | None, dialect: Dialect) -> str | None:
        """To tagged JSON."""
        return None if value is None else to_bytes(dict(value)).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, object] | None:
        """Back to what was kept."""
        return None if value is None else from_bytes(value)


class Row(DeclarativeBase):
    """A table of this service."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads this class attribute
        datetime: Instant,
        str: String(200),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


def add_rows(session: Session, table: type[Row], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in one statement; every row names the same columns, none is filled in. Nothing is sent for none."""
    values = list(rows)
    if values:
        insert_rows(session, cast(Table, table.__table__), values)
