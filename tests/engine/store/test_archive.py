"""A closed case is packed without loss, whatever its rows say, and comes back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from engine.store.archive import TABLES, archive, pack, read_archives, rows_as, unarchive, unpack
from engine.store.database import Database
from engine.store.rows import Row
from engine.store.tables import JournalRow, OfferRow, TaskRow
from engine.store.tables_archive import ArchiveRow
from tests.engine.store.counties import County
from tests.engine.store.stories import COUNTY
from tests.kit.walks import MONDAY

OLD = Path(__file__).parent / "archives"

texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(["都昌县", "a\nb", '"@"', "\ud800"])
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
jsons = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
plains = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)),
    max_size=4,
)
instants = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    return {table.__tablename__: draw(st.lists(a_row(table), max_size=3)) for table in TABLES}


def a_row(table: type[Row]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({column.name: values_of(column) for column in table.__table__.columns})


def values_of(column: Any) -> st.SearchStrategy[Any]:
    kinds: Mapping[str, st.SearchStrategy[Any]] = {
        "Instant": instants,
        "PlainValues": plains,
        "LargeBinary": st.binary(max_size=40),
        "JSON": jsons,
        "Integer": st.integers(0, 2**31 - 1),
        "Boolean": st.booleans(),
    }
    values = kinds.get(type(column.type).__name__, texts)
    return st.none() | values if column.nullable else values


@given(rows())
def test_what_is_packed_comes_back_the_same(told: dict[str, list[dict[str, Any]]]) -> None:
    assert unpack(pack(told)) == told


@pytest.fixture
def county(db: Database, tmp_path: Path) -> County:
    return County(db, tmp_path).begin("t1", "t2").do("t1", "a", "b", "c", "d", "e")


def everything(county: County) -> dict[str, list[dict[str, Any]]]:
    """All rows of the packed tables, as values."""
    with county.db.read() as session:
        found = {table: session.execute(select(table.__table__)).mappings() for table in TABLES}
        return {table.__tablename__: sorted(map(dict, each), key=str) for table, each in found.items()}


def put_away(county: County, name: str = "t1") -> int:
    with county.db.write() as session:
        return archive(session, COUNTY, county.cases[name].id, county.now)


def test_a_packed_case_leaves_its_tables_and_comes_back_row_for_row(county: County) -> None:
    before, case_id = everything(county), county.cases["t1"].id
    assert put_away(county) > 0
    assert {row.case_id for row in county.rows(TaskRow)} == {county.cases["t2"].id}
    assert len(county.rows(OfferRow)) == 1
    with county.db.write() as session:
        assert unarchive(session, COUNTY, case_id)
        assert not unarchive(session, COUNTY, case_id)
    assert everything(county) == before
    assert county.rows(ArchiveRow) == []


def test_a_packed_case_is_read_as_the_rows_it_was(county: County) -> None:
    case_id = county.cases["t1"].id
    journal = [(row.told, row.link) for row in county.rows(JournalRow, JournalRow.case_id == case_id)]
    put_away(county)
    with county.db.read() as session:
        archived = read_archives(session, COUNTY, [case_id, county.cases["t2"].id])
    assert list(archived) == [case_id]
    tasks = rows_as(TaskRow, archived[case_id])
    assert sorted(task.step for task in tasks) == ["a", "b", "c", "d", "e"]
    assert {task.opened_at for task in tasks} == {MONDAY}
    assert [(row.told, row.link) for row in rows_as(JournalRow, archived[case_id])] == journal


def test_a_packed_case_is_still_proven_and_a_spoilt_archive_is_found(county: County) -> None:
    county.seal()
    put_away(county)
    assert county.faults() == []
    (row,) = county.rows(ArchiveRow)
    lines = unpack(row.content)
    lines["journal"][3]["by"] = "li"
    for content, kind in ((pack(lines), "link_differs"), (row.content[:-9], "unreadable"), (b"?", "unreadable")):
        with county.db.write() as session:
            session.get_one(ArchiveRow, (COUNTY, row.case_id)).content = content
        assert {(found, name) for found, name, _ in county.places()} == {(kind, "t1")}


def test_a_packed_case_is_smaller(county: County) -> None:
    rows = sum(len(repr(row)) for each in everything(county).values() for row in each)
    assert put_away(county) < rows / 3


@pytest.mark.parametrize("file", sorted(OLD.glob("*.bin")), ids=lambda file: file.stem)
def test_an_archive_of_every_past_format_can_be_read(file: Path) -> None:
    found = unpack(file.read_bytes())
    (task,) = rows_as(TaskRow, found)
    assert (task.step, task.name, task.opened_at) == ("plan", "制定方案", datetime(2026, 9, 9, 1, 12, tzinfo=UTC))
    assert task.process_values == {"round": 1, "township": "360428109"}
    (revision,) = rows_as(JournalRow, found)
    assert ([fact for fact, _ in revision.told], revision.link) == (["TaskOpened"], b"\x01" * 32)


def test_types_that_need_a_writer_of_their_own_are_known() -> None:
    """A new kind of column in a packed table needs a line in engine/store/archive.py."""
    kinds = {type(column.type) for table in TABLES for column in table.__table__.columns}
    assert {kind.__name__ for kind in kinds} == {
        "Instant", "PlainValues", "LargeBinary", "JSON", "Integer", "Boolean", "String", "Uuid"
    }  # fmt: skip
