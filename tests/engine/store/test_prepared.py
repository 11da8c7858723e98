"""What is sent past SQLAlchemy arrives as SQLAlchemy would have sent it, and fails as it would have failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, event, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from engine.store.database import Database
from engine.store.prepared import MOST_ROWS, Prepared, overheard
from engine.store.rows import add_rows
from engine.store.tables import CaseRow, JournalRow, OfferRow, TaskRow
from engine.store.tables_jobs import JobRow
from tests.kit.walks import MONDAY

COUNTY, CASE_ID, TASK_ID, OTHER_ID = "360428", "c" * 32, "a" * 32, "b" * 32
CASE = {
    "county": COUNTY,
    "id": CASE_ID,
    "process": "main",
    "digest": "d",
    "revision": 1,
    "state": bytes(range(256)),
    "started_at": MONDAY,
    "changed_at": MONDAY,
    "ended_at": None,
    "ended_by": None,
    "head": b"",
    "units": ["x", "住建局"],
}
TASK = {
    "county": COUNTY,
    "id": TASK_ID,
    "case_id": CASE_ID,
    "step": "a",
    "name": "制定方案",
    "process": "main",
    "branch": "",
    "form": "a",
    "groups": [["clerk", "x"]],
    "other_than": [],
    "process_values": {"exact": Decimal("1.10"), "day": MONDAY.date(), "at": MONDAY, "none": None},
    "opened_at": MONDAY,
    "due_at": None,
    "due_explained": [],
    "due_provisional": True,
    "warn_at": None,
    "warned_at": None,
    "clock": None,
    "late_at": None,
    "claimed_by": None,
    "claimed_at": None,
    "state": "open",
    "closed_at": None,
    "closed_by": None,
    "outcome": None,
    "answers": None,
}
OFFER = {"county": COUNTY, "post": "clerk", "unit": "x", "case_id": CASE_ID, "until": MONDAY, "opened_at": MONDAY}

OF_CASE = (CaseRow.county == bindparam("in_county"), CaseRow.id == bindparam("its_id"))
FIND_CASE = Prepared(select(CaseRow.__table__).where(*OF_CASE))
FIND_TASK = Prepared(select(TaskRow.__table__).where(TaskRow.id == bindparam("its_id")))
CLOSE_TASK = Prepared(
    update(TaskRow)
    .where(TaskRow.id == bindparam("its_id"))
    .values(answers=bindparam("answers"), closed_at=bindparam("closed_at"))
)
MOVE_CASE = Prepared(update(CaseRow).where(*OF_CASE).values(revision=CaseRow.revision + 1).returning(CaseRow.revision))
HERE = {"in_county": COUNTY, "its_id": CASE_ID}


@pytest.fixture
def filled(db: Database) -> Database:
    """One case with one task."""
    with db.write() as session:
        add_rows(session, CaseRow, [CASE])
        add_rows(session, TaskRow, [TASK])
    return db


def as_a_row(found: Any) -> dict[str, Any]:
    values: dict[str, Any] = found._asdict()
    return values


# -- values


def test_what_is_inserted_is_read_the_same_by_sqlalchemy_and_by_a_prepared_statement(filled: Database) -> None:
    for table, prepared, wanted in ((CaseRow, FIND_CASE, CASE), (TaskRow, FIND_TASK, TASK)):
        asked = {**HERE, "its_id": wanted["id"]}
        with filled.read() as session:
            (by_sqlalchemy,) = session.execute(select(table.__table__)).mappings()
            assert dict(by_sqlalchemy) == wanted
            assert as_a_row(prepared.one(session, asked)) == wanted


@pytest.mark.parametrize(
    "answers",
    [
        {"text": "都昌县\n\"'\\", "rows": [{"n": 1, "f": 1.5, "yes": True, "none": None}], "": []},
        {"lone": "\ud800", "pair": "\U0001f4a7"},
        {"large": 2**70, "small": -(2**63)},
        {},
    ],
)
def test_json_comes_back_as_it_was_lone_surrogates_and_large_numbers_too(filled: Database, answers: Any) -> None:
    with filled.write() as session:
        assert CLOSE_TASK.send(session, {"its_id": TASK_ID, "answers": answers, "closed_at": MONDAY}) == 1
    with filled.read() as session:
        assert session.scalars(select(TaskRow.answers)).one() == answers
        assert FIND_TASK.one(session, {"its_id": TASK_ID}).answers == answers


def test_no_answers_are_null_and_not_the_word_null(filled: Database) -> None:
    with filled.write() as session:
        CLOSE_TASK.send(session, {"its_id": TASK_ID, "answers": None, "closed_at": None})
    with filled.read() as session:
        nulls = select(func.count()).where(TaskRow.answers.is_(None), TaskRow.closed_at.is_(None))
        assert session.scalar(nulls) == 1


def test_an_instant_of_any_zone_is_kept_as_utc_to_the_microsecond(filled: Database) -> None:
    at = datetime(2026, 9, 7, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8)))
    with filled.write() as session:
        CLOSE_TASK.send(session, {"its_id": TASK_ID, "answers": {}, "closed_at": at})
    with filled.read() as session:
        found = FIND_TASK.one(session, {"its_id": TASK_ID}).closed_at
        assert session.scalars(select(TaskRow.id).where(TaskRow.closed_at == at)).one() == TASK_ID
    assert (found, found.tzinfo) == (at, UTC)


def test_a_naive_instant_is_refused(filled: Database) -> None:
    naive = datetime(2026, 9, 7)  # noqa: DTZ001  # naive on purpose
    with pytest.raises(ValueError, match="time zone"), filled.write() as session:
        CLOSE_TASK.send(session, {"its_id": TASK_ID, "answers": {}, "closed_at": naive})


# -- statements


def test_a_statement_says_how_many_rows_it_changed_and_what_it_returns(filled: Database) -> None:
    with filled.write() as session:
        assert MOVE_CASE.one(session, HERE).revision == 2
        assert MOVE_CASE.one(session, {**HERE, "its_id": OTHER_ID}) is None
        assert CLOSE_TASK.send(session, {"its_id": OTHER_ID, "answers": None, "closed_at": None}) == 0
        assert FIND_CASE.rows(session, {**HERE, "its_id": OTHER_ID}) == []
    with filled.read() as session:
        assert session.scalars(select(CaseRow.revision)).one() == 2


def test_it_belongs_to_the_transaction_of_its_session(filled: Database) -> None:
    with pytest.raises(ZeroDivisionError), filled.write() as session:
        MOVE_CASE.send(session, HERE)
        add_rows(session, TaskRow, [TASK | {"id": OTHER_ID}])
        assert session.scalars(select(func.count()).select_from(TaskRow)).one() == 2
        _ = 1 / 0
    with filled.read() as session:
        assert (FIND_CASE.one(session, HERE).revision, FIND_TASK.one(session, {"its_id": OTHER_ID})) == (1, None)


def test_many_rows_go_in_few_inserts(filled: Database) -> None:
    count = 2 * MOST_ROWS + 7
    heard: list[str] = []
    rows = ({**OFFER, "task_id": f"{n:032}", "other_than": [f"s{n}"]} for n in range(count))
    with overheard(heard.append), filled.write() as session:
        add_rows(session, OfferRow, rows)
        add_rows(session, OfferRow, [])
    assert len(heard) == 3 and all(each.startswith("INSERT INTO offer ") for each in heard)
    with filled.read() as session:
        found = session.execute(select(OfferRow.task_id, OfferRow.other_than, OfferRow.claimed_by))
        assert {tuple(map(str, row)) for row in found} == {(f"{n:032}", f"['s{n}']", "None") for n in range(count)}


def test_a_row_that_leaves_a_default_to_be_filled_in_is_refused(db: Database) -> None:
    whole = {"county": COUNTY, "id": "j", "case_id": CASE_ID, "kind": "k", "due_at": MONDAY}
    with pytest.raises(TypeError, match=r"job: a row must name .*attempts"), db.write() as session:
        add_rows(session, JobRow, [whole])
    with db.read() as session:
        assert session.scalars(select(JobRow)).all() == []


def test_rows_that_name_different_columns_are_refused(filled: Database) -> None:
    short = {name: value for name, value in TASK.items() if name != "answers"}
    with pytest.raises(KeyError), filled.write() as session:
        add_rows(session, TaskRow, [TASK | {"id": TASK_ID}, short | {"id": OTHER_ID}])


# -- what fails


def test_a_row_twice_is_sqlalchemys_integrity_error_with_the_drivers_as_its_cause(filled: Database) -> None:
    with pytest.raises(IntegrityError, match="INSERT INTO") as raised, filled.write() as session:
        add_rows(session, CaseRow, [CASE])
    assert raised.value.orig is raised.value.__cause__ is not None
    assert not raised.value.connection_invalidated
    with filled.write() as session:  # the connection is as good as before
        assert MOVE_CASE.one(session, HERE).revision == 2


def test_a_statement_the_database_does_not_understand_is_sqlalchemys_error_too(filled: Database) -> None:
    with filled.write() as session:
        session.execute(text("ALTER TABLE offer RENAME TO offered"))
    gone = Prepared(delete(OfferRow).where(OfferRow.task_id == bindparam("its_id")))
    with pytest.raises(DBAPIError), filled.write() as session:
        gone.send(session, {"its_id": TASK_ID})


@pytest.mark.postgres
def test_a_connection_that_died_is_given_up_and_the_next_is_a_new_one(postgres_url: str) -> None:
    db = Database(postgres_url)
    CaseRow.metadata.create_all(db.writing)
    with pytest.raises(OperationalError) as raised, db.write() as session:
        add_rows(session, CaseRow, [CASE])
        died = session.scalar(text("SELECT pg_backend_pid()"))
        with db.read() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": died})
        FIND_CASE.one(session, HERE)
    assert raised.value.connection_invalidated
    with db.write() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != died
        assert FIND_CASE.one(session, HERE) is None
        add_rows(session, CaseRow, [CASE])
    db.close()


# -- who listens


def test_sqlalchemy_does_not_see_it_but_whoever_listens_here_does(filled: Database) -> None:
    seen: list[str] = []
    heard: list[str] = []
    event.listen(filled.reading, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with filled.read() as session:
        with overheard(heard.append):
            FIND_CASE.one(session, HERE)
        FIND_CASE.one(session, HERE)
    assert len(heard) == 1 and heard[0].startswith("SELECT")
    assert [each for each in seen if each.startswith("SELECT")] == []


def test_a_revision_of_many_lines_is_one_row(db: Database) -> None:
    told = [["TaskOpened", {"task": f"{n}", "name": "报到"}] for n in range(300)]
    row = {
        "county": COUNTY,
        "case_id": CASE_ID,
        "revision": 1,
        "at": MONDAY,
        "by": None,
        "link": b"\x00\xff",
    }
    with db.write() as session:
        add_rows(session, JournalRow, [row | {"told": told}])
    with db.read() as session:
        (found,) = session.scalars(select(JournalRow))
    assert (found.told, found.link) == (told, b"\x00\xff")
