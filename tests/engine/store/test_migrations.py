"""The database that migrations make is the one the tables describe, and what a county has written comes along."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, select

from engine.step import Group
from engine.store.database import Database
from engine.store.evidence.verify import verify
from engine.store.journal import lines_in
from engine.store.rows import Instant
from engine.store.tables import FOREVER, CaseRow, JournalRow, OfferRow, TaskRow
from processes.answers import answers_of
from processes.schema import differences, downgrade, upgrade
from processes.tables import ConcernRow
from tests.kit.journals import what_is_told
from tests.kit.offers import assert_offers_follow
from tests.kit.walks import MONDAY

COUNTY = "360428"
HOUR = timedelta(hours=1)
C1, C2, C3 = (f"c{number}" * 16 for number in (1, 2, 3))
T1, T2, T3, T4 = (f"a{number}" * 16 for number in (1, 2, 3, 4))
ANSWERS = {"title": '自来水管破裂\n"急"', "rows": [{"n": 1, "none": None}], "lone": "\ud800"}


def test_migrations_make_what_the_tables_say(database_url: str) -> None:
    db = Database(database_url)
    assert differences(db) != []  # an empty database lacks every table
    upgrade(db)
    assert differences(db) == []
    upgrade(db)  # once more changes nothing
    assert differences(db) == []
    db.close()


# -- a county of the first release


def put(connection: Connection, table: str, **values: Any) -> None:
    """Write a row as the first release did."""
    values["county"] = COUNTY
    columns = [sa.column(name, _type_of(value)) for name, value in values.items()]
    connection.execute(sa.insert(sa.table(table, *columns)).values(values))


def _type_of(value: Any) -> Any:
    if isinstance(value, datetime):
        return Instant()
    return sa.JSON() if isinstance(value, list | dict) else None


def put_case(connection: Connection, id: str, revision: int, *units: str, ended: datetime | None = None) -> None:
    told = {"process": "main", "digest": "d", "state": b"\x00\xff", "started_at": MONDAY}
    put(connection, "case", id=id, revision=revision, ended_at=ended, ended_by="done" if ended else None, **told)
    for unit in units:
        put(connection, "concern", case_id=id, unit=unit)


def put_task(connection: Connection, id: str, case_id: str, *groups: tuple[str, str], **more: Any) -> None:
    told = {"step": "collect", "name": "收集事项", "process": "main", "branch": "", "form": "collect"}
    told |= {"process_values": '{"round":1}', "opened_at": MONDAY, "state": "open", "other_than": ["propose"]}
    put(connection, "task", id=id, case_id=case_id, **(told | {"due_explained": [], "due_provisional": False} | more))
    for post, unit in groups:
        put(connection, "task_group", task_id=id, post=post, unit=unit)


def put_line(connection: Connection, case_id: str, revision: int, line: int, fact: str, **more: Any) -> None:
    told = {"at": MONDAY + revision * HOUR, "by": "wang", "facts": {"task": T1, "name": "收集事项"}, "digest": "d"}
    put(connection, "journal", case_id=case_id, revision=revision, line=line, fact=fact, **(told | more))


def fill(connection: Connection) -> None:
    """Two running cases and one that has ended; tasks open, claimed, without a limit, completed and withdrawn."""
    put_case(connection, C1, 3, "x", "y")
    put_case(connection, C2, 1, "x")
    put_case(connection, C3, 2, "z", ended=MONDAY + 2 * HOUR)
    done = {"state": "completed", "closed_at": MONDAY + HOUR, "closed_by": "wang", "outcome": "forward"}
    put_task(connection, T1, C1, ("clerk", "x"), **done)
    given = {"step": "collect", "form": "collect", "outcome": "forward", "answers": ANSWERS}
    put(connection, "answer", task_id=T1, case_id=C1, at=MONDAY + HOUR, by="wang", **given)
    put_task(connection, T2, C1, ("vetter", "y"), ("deputy", "y"), due_at=MONDAY + 9 * HOUR, claimed_by="li")
    put_task(connection, T3, C2, ("clerk", "x"), opened_at=MONDAY + HOUR)
    put_task(connection, T4, C3, ("clerk", "z"), state="withdrawn", closed_at=MONDAY + HOUR)
    for revision, facts in (
        (1, ["CaseStarted", "TaskOpened"]),
        (2, ["TaskCompleted", "TaskOpened"]),
        (3, ["TaskClaimed"]),
    ):
        for line, fact in enumerate(facts):
            put_line(connection, C1, revision, line, fact)
    put_line(connection, C2, 1, 0, "CaseStarted", by=None)
    put_line(connection, C2, 1, 1, "TaskOpened", by=None)
    put_line(connection, C3, 1, 0, "CaseStarted")
    put_line(connection, C3, 1, 1, "TaskOpened")
    put_line(connection, C3, 2, 0, "TaskWithdrawn", facts={"task": T4, "count": 3})
    put_line(connection, C3, 2, 1, "CaseEnded", facts={})


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """A database as the first release left it."""
    db = Database(database_url)
    upgrade(db, "0001")
    with db.writing.begin() as connection:
        fill(connection)
    yield db
    db.close()


def everything(db: Database) -> dict[str, list[str]]:
    """All rows of all tables that there are, whatever the order of their columns."""
    with db.reading.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        tables = [sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False) for name in names]
        found = {table.name: connection.execute(select(table)).mappings().all() for table in tables}
    return {name: sorted(str(sorted(row.items())) for row in rows) for name, rows in found.items()}


def test_where_a_row_names_a_case_that_is_not_there_nothing_is_changed(tmp_path: Path) -> None:
    """PostgreSQL would not even let it be written."""
    db = Database(f"sqlite:///{tmp_path / 'whistle.sqlite'}")
    upgrade(db, "0001")
    with db.writing.begin() as connection:
        fill(connection)
    with closing(sqlite3.connect(tmp_path / "whistle.sqlite")) as file:
        file.execute('DELETE FROM "case" WHERE id = \'' + C1 + "'")
        file.commit()
    before = everything(db)
    with pytest.raises(RuntimeError, match="not there"):
        upgrade(db)
    assert everything(db) == before
    db.close()


def test_an_old_database_is_brought_up_to_date_and_every_journal_is_proven(old: Database) -> None:
    upgrade(old)
    assert differences(old) == []
    assert_it_tells_the_same(old)


def test_it_goes_back_to_the_first_release_and_up_again(old: Database) -> None:
    before = everything(old)
    for _ in range(2):
        upgrade(old)
        downgrade(old, "0001")
        assert everything(old) == before
    upgrade(old)
    assert differences(old) == []
    assert_it_tells_the_same(old)


def assert_it_tells_the_same(db: Database) -> None:
    assert list(verify(db, COUNTY, anchors=None)) == []
    with db.read() as session:
        tasks = {task.id: task for task in session.scalars(select(TaskRow))}
        assert {id: task.held_by for id, task in tasks.items()} == {
            T1: [Group("clerk", "x")],
            T2: [Group("deputy", "y"), Group("vetter", "y")],
            T3: [Group("clerk", "x")],
            T4: [Group("clerk", "z")],
        }
        assert_offers_follow(session)
        offers = session.execute(select(OfferRow.task_id, OfferRow.until, OfferRow.claimed_by))
        assert {tuple(offer) for offer in offers} == {(T2, MONDAY + 9 * HOUR, "li"), (T3, FOREVER, None)}
        (answer,) = answers_of(session, COUNTY, C1)
        told = (answer.task_id, answer.form, answer.outcome, answer.by, answer.at, answer.answers)
        assert told == (T1, "collect", "forward", "wang", MONDAY + HOUR, ANSWERS)
        assert [task.answers for id, task in tasks.items() if id != T1] == [None] * 3
        concerned = session.execute(select(ConcernRow.case_id, ConcernRow.unit))
        assert {tuple(row) for row in concerned} == {(C1, "x"), (C1, "y"), (C2, "x"), (C3, "z")}
        revisions = session.scalars(select(JournalRow).order_by(JournalRow.case_id, JournalRow.revision)).all()
        cases = {case.id: case for case in session.scalars(select(CaseRow))}
    told_lines = [(line.case_id, line.revision, line.line, line.by, line.fact) for line in lines_in(revisions)]
    assert told_lines == [
        (C1, 1, 0, "wang", "CaseStarted"),
        (C1, 1, 1, "wang", "TaskOpened"),
        (C1, 2, 0, "wang", "TaskCompleted"),
        (C1, 2, 1, "wang", "TaskOpened"),
        (C1, 3, 0, "wang", "TaskClaimed"),
        (C2, 1, 0, None, "CaseStarted"),
        (C2, 1, 1, None, "TaskOpened"),
        (C3, 1, 0, "wang", "CaseStarted"),
        (C3, 1, 1, "wang", "TaskOpened"),
        (C3, 2, 0, "wang", "TaskWithdrawn"),
        (C3, 2, 1, "wang", "CaseEnded"),
    ]
    assert {told["digest"] for told in what_is_told(db, "CaseStarted")} == {"d"}
    assert revisions[-1].told == [["TaskWithdrawn", {"task": T4, "count": 3}], ["CaseEnded", {}]]
    assert {row.case_id: row.link for row in revisions} == {id: case.head for id, case in cases.items()}
    moved_at = {id: (case.changed_at, case.units) for id, case in cases.items()}
    assert moved_at[C1] == (MONDAY + 3 * HOUR, ["x", "y"]) and moved_at[C3][0] == MONDAY + 2 * HOUR
