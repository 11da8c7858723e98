"""What `keep` writes is what the engine said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from engine.run import start, tick
from engine.step import Group
from engine.store.cases import take_up
from engine.store.database import Database
from engine.store.keep import Act, Fact, keep, note
from engine.store.rows import add_rows
from engine.store.tables import FOREVER, CaseRow, JournalRow, OfferRow, TaskRow
from engine.store.tables_jobs import JobRow
from tests.engine.store.stories import COUNTY, FLOW, Story, a_case
from tests.kit.diagrams import after, boundary, drawn, inside, user
from tests.kit.journals import journal_lines
from tests.kit.walks import MONDAY, a_world


def to_the_end(story: Story) -> None:
    story.do("propose").do("work").wait(hours=30).do("work").do("check", "rework")
    story.do("work").do("work").wait(days=3).do("check", "accept").deliver("payment")


def test_after_every_step_of_a_story_the_rows_say_what_the_engine_says(db: Database) -> None:
    story = Story(db, town="t", units=["x", "y"])
    to_the_end(story)
    (case,) = story.rows(CaseRow)
    assert (case.ended_by, case.started_at, case.ended_at) == ("done", MONDAY, story.now)
    assert story.rows(JobRow) == story.rows(OfferRow) == []


def test_a_task_row_is_what_the_diagram_said(db: Database) -> None:
    values = {"town": "t", "units": [], "exact": Decimal("1.10"), "day": date(2026, 9, 30), "yes": True}
    (row,) = Story(db, **values).open()
    assert (row.step, row.name, row.process, row.branch, row.form) == ("propose", "propose", "main", "", "propose")
    assert (row.other_than, row.process_values) == (["check"], values)
    assert (row.opened_at, row.state, row.closed_at, row.late_at) == (MONDAY, "open", None, None)
    assert (row.due_at, row.warn_at) == (
        datetime(2026, 9, 9, 9, 30, tzinfo=UTC),
        datetime(2026, 9, 9, 3, 0, tzinfo=UTC),
    )
    assert row.due_explained
    assert row.due_provisional is False


def test_a_group_named_twice_is_one_group_and_one_offer(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    assert story.open()[0].groups == [["clerk", "t"]]
    assert [(row.post, row.unit) for row in story.rows(OfferRow)] == [("clerk", "t")]
    work = story.do("propose").open("work")[0]
    assert work.held_by == [Group("head", "x"), Group("deputy", "x")]
    offers = story.rows(OfferRow, OfferRow.task_id == work.id)
    assert sorted((row.post, row.unit) for row in offers) == [("deputy", "x"), ("head", "x")]


def test_an_offer_says_of_its_task_what_an_inbox_asks(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    (task,), (offer,) = story.open(), story.rows(OfferRow)
    assert (offer.task_id, offer.case_id, offer.opened_at) == (task.id, story.kept.case_id, MONDAY)
    assert (offer.until, offer.other_than, offer.claimed_by) == (task.due_at, ["check"], None)


def test_an_offer_without_a_limit_stands_last(db: Database) -> None:
    program = drawn("start -> a -> done", user("a", groups="clerk@t"))
    assert [row.until for row in Story(db, program).rows(OfferRow)] == [FOREVER]


def test_a_closed_task_says_who_closed_it_and_how(db: Database) -> None:
    program = drawn(
        "start -> body -> done; late -> mend -> mended",
        inside("body", "b -> a -> c -> o"),
        boundary("late", "body", after("P1D")),
    )
    story = Story(db, program)
    story.do("a", "fine").wait(days=1)
    closed = {row.step: row for row in story.rows(TaskRow, TaskRow.state != "open")}
    assert [(closed["a"].state, closed["a"].closed_by, closed["a"].outcome)] == [("completed", "wang", "fine")]
    assert [(closed["c"].state, closed["c"].closed_by, closed["c"].outcome)] == [("withdrawn", None, None)]
    assert closed["c"].closed_at == story.now


# -- jobs


def jobs(story: Story) -> list[tuple[str, str]]:
    return sorted((row.kind, f"{row.due_at - MONDAY}") for row in story.rows(JobRow))


def test_a_case_has_one_light_and_one_tick_by_the_earliest_moment_however_many_tasks_there_are(db: Database) -> None:
    story = Story(db, town="t", units=["x", "y"])
    assert jobs(story) == [("light", "2 days, 2:00:00")]
    both = [("light", "2 days, 2:00:00"), ("tick", "1 day, 0:00:00")]
    assert jobs(story.do("propose")) == both
    assert jobs(story.do("work")) == both
    assert jobs(story.do("work")) == both  # nothing is to come any more: they will come for nothing


def test_an_ended_case_has_nothing_on_its_agenda(db: Database) -> None:
    program = drawn("start -> a -> done; late -> gone", user("a", due="respond"), boundary("late", "a", after("P3D")))
    story = Story(db, program)
    assert [kind for kind, _ in jobs(story)] == ["light", "tick"]
    assert jobs(story.do("a")) == []


def test_only_the_earliest_timer_is_a_job(db: Database) -> None:
    program = drawn(
        "start -> a -> done; one -> e1; two -> e2",
        boundary("one", "a", after("P3D"), interrupting=False),
        boundary("two", "a", after("P1D"), interrupting=False),
    )
    story = Story(db, program)
    assert jobs(story) == [("tick", "1 day, 0:00:00")]
    assert jobs(story.wait(days=1)) == [("tick", "1 day, 0:00:00")]  # who did the job puts it back (processes.clock)
    assert jobs(story.do("a")) == []


def test_a_warning_that_falls_together_with_what_is_due_is_none(db: Database) -> None:
    program = drawn("start -> a -> done", user("a", due="respond", warn="respond"))
    assert [row.kind for row in Story(db, program).rows(JobRow)] == ["light"]


def test_another_cases_jobs_are_left_alone(db: Database) -> None:
    one = Story(db, town="t", units=["x"])
    with db.write() as session:
        step = start(FLOW, "main", {"town": "u", "units": []}, a_world())
        other = a_case(session, step, Act(MONDAY))
    with db.write() as session:
        before, state = take_up(session, COUNTY, one.kept.case_id)
        keep(session, before, tick(FLOW, state, a_world()), Act(MONDAY))
    assert {row.case_id for row in one.rows(JobRow)} == {one.kept.case_id, other.case_id}


# -- the journal


def journal(story: Story) -> list[tuple[int, int, str]]:
    return [(line.revision, line.line, line.fact) for line in journal_lines(story.db)]


def test_the_journal_is_complete_and_in_order(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    story.do("propose", "submit", Fact("WhistleBlown", {"number": 7})).wait(days=1).do("work").do(
        "check", "accept"
    ).deliver("payment")
    assert journal(story) == [
        (1, 0, "TaskOpened"),
        (2, 0, "TaskCompleted"),
        (2, 1, "VerbAsked"),
        (2, 2, "TaskOpened"),
        (2, 3, "WhistleBlown"),
        (3, 0, "VerbAsked"),
        (3, 1, "EventCaught"),
        (4, 0, "TaskCompleted"),
        (4, 1, "TaskOpened"),
        (5, 0, "TaskCompleted"),
        (6, 0, "EventCaught"),
        (6, 1, "CaseEnded"),
    ]


def test_a_line_says_who_when_and_what(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    task = story.open()[0].id
    story.now += timedelta(hours=1)
    story.do(
        "propose", "submit", Fact("Weighed", {"tons": Decimal("1.10"), "on": date(2026, 9, 7), "rows": [None, True]})
    )
    lines = {line.fact: line for line in journal_lines(db, JournalRow.revision == 2)}
    assert {(line.at, line.by) for line in lines.values()} == {(story.now, "wang")}
    assert lines["TaskCompleted"].facts == {"task": task, "outcome": "submit"}
    assert lines["Weighed"].facts == {"tons": "1.10", "on": "2026-09-07", "rows": [None, True]}
    opened = lines["TaskOpened"].facts
    assert (opened["step"], opened["groups"]) == ("work", ["head@x", "deputy@x"])


def test_a_note_moves_the_revision_and_writes_only_its_lines(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    with db.write() as session:
        kept = note(session, story.kept, Act(MONDAY, "li", facts=(Fact("TaskClaimed", {"task": "x"}),)))
    assert kept == replace(story.kept, revision=2, head=kept.head)
    assert kept.head != story.kept.head
    assert journal(story)[-1] == (2, 0, "TaskClaimed")
    with db.write() as session:
        assert take_up(session, COUNTY, kept.case_id)[0] == kept


# -- instants


def test_instants_come_back_aware_and_in_utc(db: Database) -> None:
    shanghai = datetime.fromisoformat("2026-09-07T09:30:15.123456+08:00")
    job = {"county": COUNTY, "id": "j", "case_id": "c" * 32, "kind": "k", "due_at": shanghai}
    with db.write() as session:
        session.execute(insert(JobRow).values(job))
    with db.read() as session:
        read = session.scalars(select(JobRow.due_at).where(JobRow.due_at <= shanghai)).one()
    assert (read, read.tzinfo) == (shanghai, UTC)


def test_a_naive_instant_is_refused(db: Database) -> None:
    job = {"county": COUNTY, "id": "j", "case_id": "c" * 32, "kind": "k", "due_at": datetime(2026, 9, 7)}  # noqa: DTZ001  # naive on purpose
    with pytest.raises(StatementError, match="time zone"), db.write() as session:
        session.execute(insert(JobRow).values(job))


def test_a_task_needs_its_case(db: Database) -> None:
    (task,) = Story(db, town="t", units=[]).open()
    alone = {column.key: getattr(task, column.key) for column in TaskRow.__table__.columns}
    with pytest.raises(IntegrityError), db.write() as session:
        add_rows(session, TaskRow, [alone | {"id": "a" * 32, "case_id": "0" * 32}])


def test_the_database_answers(db: Database) -> None:
    assert db.is_alive()
