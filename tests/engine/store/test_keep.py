"""One Step, one transaction: what `keep` writes is what the engine said, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from engine.run import Step, complete, deliver, start, tick
from engine.spiff.program import Program
from engine.store.cases import HotCases, NoSuchCase, take_up
from engine.store.database import Database
from engine.store.keep import Act, Fact, Kept, Stale, keep, keep_first, note
from engine.store.tables import CaseRow, JobRow, JournalRow, TaskGroupRow, TaskRow, WaitRow
from tests.kit.diagrams import a_diagram, a_program, about, after, boundary, call, catch, drawn, each_of, exclusive, inside, service, user
from tests.kit.walks import MONDAY, a_world

COUNTY = "360428"
FLOW = a_program(
    a_diagram(
        "start -> propose -> tell -> body -> check -> ok; ok -> paid -> done if fine; ok -> tell; late -> remind -> reminded",
        user("propose", groups="clerk@{town}, clerk@{town}", due="respond", warn="soon", other_than="check"),
        service("tell", "notify"),
        inside("body", "begin -> each -> over", call("each", "one", ins={"unit": "unit"}, each=each_of("units", "unit"))),
        boundary("late", "body", after("P1D"), interrupting=False),
        service("remind", "notify"),
        user("check", outputs={"fine": 'outcome = "accept"'}),
        exclusive("ok", "tell"),
        catch("paid", about("message", "payment")),
    ),
    a_diagram("start -> work -> done", user("work", groups="{[\"head\", \"deputy\"]}@{unit}", due="respond"), id="one"),
)  # fmt: skip


class Story:
    """A case in a database, one transaction a step; after each, rows and engine must say the same."""

    def __init__(self, db: Database, program: Program = FLOW, **values: object) -> None:
        self.db, self.program, self.now = db, program, MONDAY
        step = start(program, "main", values, a_world(self.now))
        with db.write() as session:
            self.kept = keep_first(session, COUNTY, "main", "digest", step, Act(self.now, "clerk"))
        self._after(step)

    def do(self, step: str, outcome: str = "submit", *facts: Fact, **answers: object) -> Story:
        """Complete the first open task of a step."""
        with self.db.write() as session:
            before, state = take_up(session, COUNTY, self.kept.case_id)
            row = self.open(step)[0]
            taken = complete(self.program, state, row.id, answers, outcome, a_world(self.now))
            self.kept = keep(session, before, taken, Act(self.now, "wang", row.id, outcome, facts))
        return self._after(taken)

    def wait(self, **length: float) -> Story:
        """Let time pass and tick."""
        self.now += timedelta(**length)
        return self._move(lambda state: tick(self.program, state, a_world(self.now)))

    def deliver(self, message: str) -> Story:
        """Deliver a message."""
        return self._move(lambda state: deliver(self.program, state, message, {}, a_world(self.now)))

    def open(self, step: str | None = None) -> list[TaskRow]:
        """The open tasks, by rows."""
        rows = self.rows(TaskRow, TaskRow.state == "open")
        return [row for row in rows if step in (None, row.step)]

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """The rows of this case."""
        with self.db.read() as session:
            return list(session.scalars(select(table).where(*where)))

    def _move(self, move: Callable[[Any], Step]) -> Story:
        with self.db.write() as session:
            before, state = take_up(session, COUNTY, self.kept.case_id)
            step = move(state)
            self.kept = keep(session, before, step, Act(self.now))
        return self._after(step)

    def _after(self, step: Step) -> Story:
        assert {row.id for row in self.open()} == step.open_ids
        ticks = [row.due_at for row in self.rows(JobRow, JobRow.kind == "tick")]
        assert ticks == [min(timer.due_at for timer in step.timers)] * bool(step.timers)
        clocks = {row.task_id for row in self.rows(JobRow, JobRow.kind != "tick")}
        assert clocks == {row.id for row in self.open() if row.due_at}
        assert tuple(sorted(row.message for row in self.rows(WaitRow))) == step.awaited
        (case,) = self.rows(CaseRow)
        assert (case.revision, case.state, case.ended_by) == (self.kept.revision, step.state, step.ended)
        assert (case.ended_at is not None) == (step.ended is not None)
        return self


def to_the_end(story: Story) -> None:
    story.do("propose").do("work").wait(hours=30).do("work").do("check", "rework")
    story.do("work").do("work").wait(days=3).do("check", "accept").deliver("payment")


def test_after_every_step_of_a_story_the_rows_say_what_the_engine_says(db: Database) -> None:
    story = Story(db, town="t", units=["x", "y"])
    to_the_end(story)
    (case,) = story.rows(CaseRow)
    assert (case.ended_by, case.started_at, case.ended_at) == ("done", MONDAY, story.now)
    assert story.rows(JobRow) == []


def test_a_task_row_is_what_the_diagram_said(db: Database) -> None:
    values = {"town": "t", "units": [], "exact": Decimal("1.10"), "day": date(2026, 9, 30), "yes": True}
    (row,) = Story(db, **values).open()
    assert (row.step, row.name, row.process, row.branch, row.form) == ("propose", "propose", "main", "", "propose")
    assert (row.other_than, row.process_values) == (["check"], values)
    assert (row.opened_at, row.state, row.closed_at, row.late_at) == (MONDAY, "open", None, None)
    assert (row.due_at, row.warn_at) == (datetime(2026, 9, 9, 9, 30, tzinfo=UTC), datetime(2026, 9, 9, 3, 0, tzinfo=UTC))
    assert row.due_explained
    assert row.due_provisional is False


def test_a_group_named_twice_is_one_row(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    assert [(row.post, row.unit) for row in story.rows(TaskGroupRow)] == [("clerk", "t")]
    work = story.do("propose").open("work")[0]
    groups = story.rows(TaskGroupRow, TaskGroupRow.task_id == work.id)
    assert sorted((row.post, row.unit) for row in groups) == [("deputy", "x"), ("head", "x")]


def test_a_closed_task_says_who_closed_it_and_how(db: Database) -> None:
    program = drawn("start -> body -> done; late -> mend -> mended", inside("body", "b -> a -> c -> o"), boundary("late", "body", after("P1D")))
    story = Story(db, program)
    story.do("a", "fine").wait(days=1)
    closed = {row.step: row for row in story.rows(TaskRow, TaskRow.state != "open")}
    assert [(closed["a"].state, closed["a"].closed_by, closed["a"].outcome)] == [("completed", "wang", "fine")]
    assert [(closed["c"].state, closed["c"].closed_by, closed["c"].outcome)] == [("withdrawn", None, None)]
    assert closed["c"].closed_at == story.now


# -- jobs


def jobs(story: Story) -> list[tuple[str, str]]:
    return sorted((row.kind, f"{row.due_at - MONDAY}") for row in story.rows(JobRow))


def test_each_open_task_has_its_warning_and_its_lateness_and_the_case_one_tick(db: Database) -> None:
    story = Story(db, town="t", units=["x", "y"])
    assert jobs(story) == [("late", "2 days, 8:30:00"), ("warn", "2 days, 2:00:00")]
    story.do("propose")
    assert jobs(story) == [("late", "2 days, 8:30:00"), ("late", "2 days, 8:30:00"), ("tick", "1 day, 0:00:00")]
    assert jobs(story.do("work")) == [("late", "2 days, 8:30:00"), ("tick", "1 day, 0:00:00")]
    assert jobs(story.do("work")) == []


def test_only_the_earliest_timer_is_a_job(db: Database) -> None:
    program = drawn(
        "start -> a -> done; one -> e1; two -> e2",
        boundary("one", "a", after("P3D"), interrupting=False),
        boundary("two", "a", after("P1D"), interrupting=False),
    )
    story = Story(db, program)
    assert jobs(story) == [("tick", "1 day, 0:00:00")]
    assert jobs(story.wait(days=1)) == [("tick", "3 days, 0:00:00")]
    assert jobs(story.do("a")) == []


def test_a_warning_that_falls_together_with_what_is_due_is_none(db: Database) -> None:
    program = drawn("start -> a -> done", user("a", due="respond", warn="respond"))
    assert [row.kind for row in Story(db, program).rows(JobRow)] == ["late"]


def test_another_cases_jobs_are_left_alone(db: Database) -> None:
    one = Story(db, town="t", units=["x"])
    with db.write() as session:
        step = start(FLOW, "main", {"town": "u", "units": []}, a_world())
        other = keep_first(session, COUNTY, "main", "digest", step, Act(MONDAY))
    with db.write() as session:
        before, state = take_up(session, COUNTY, one.kept.case_id)
        step = complete(FLOW, state, next(iter(one.open("propose"))).id, {}, "submit", a_world()) if False else tick(FLOW, state, a_world())
        keep(session, before, step, Act(MONDAY))
    assert {row.case_id for row in one.rows(JobRow)} == {one.kept.case_id, other.case_id}


# -- the journal


def journal(story: Story) -> list[tuple[int, int, str]]:
    lines = sorted(story.rows(JournalRow), key=lambda row: (row.revision, row.line))
    return [(row.revision, row.line, row.fact) for row in lines]


def test_the_journal_is_complete_and_in_order(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    story.do("propose", "submit", Fact("WhistleBlown", {"number": 7})).wait(days=1).do("work").do("check", "accept").deliver("payment")
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
    story.do("propose", "submit", Fact("Weighed", {"tons": Decimal("1.10"), "on": date(2026, 9, 7), "rows": [None, True]}))
    lines = {row.fact: row for row in story.rows(JournalRow, JournalRow.revision == 2)}
    assert {(row.at, row.by, row.digest) for row in lines.values()} == {(story.now, "wang", "digest")}
    assert lines["TaskCompleted"].facts == {"task": task, "outcome": "submit"}
    assert lines["Weighed"].facts == {"tons": "1.10", "on": "2026-09-07", "rows": [None, True]}
    opened = lines["TaskOpened"].facts
    assert (opened["step"], opened["groups"]) == ("work", ["head@x", "deputy@x"])


def test_a_note_moves_the_revision_and_writes_only_its_lines(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    with db.write() as session:
        kept = note(session, story.kept, Act(MONDAY, "li", facts=(Fact("TaskClaimed", {"task": "x"}),)))
    assert kept == replace(story.kept, revision=2)
    assert journal(story)[-1] == (2, 0, "TaskClaimed")
    with db.write() as session:
        assert take_up(session, COUNTY, kept.case_id)[0] == kept


# -- nothing is written twice, nothing half


@pytest.mark.parametrize("behind", [keep, note])
def test_a_step_from_an_older_revision_is_refused(db: Database, behind: object) -> None:
    story = Story(db, town="t", units=["x"])
    old, task = story.kept, story.open()[0].id
    step = complete(FLOW, story.rows(CaseRow)[0].state, task, {}, "submit", a_world())
    story.do("propose")
    before = everything(db)
    with pytest.raises(Stale), db.write() as session:
        if behind is keep:
            keep(session, old, step, Act(MONDAY, "li", task, "submit"))
        else:
            note(session, old, Act(MONDAY, "li", facts=(Fact("TaskClaimed"),)))
    assert everything(db) == before


def everything(db: Database) -> list[object]:
    """All rows of all tables, as values."""
    with db.read() as session:
        return [
            sorted(map(str, session.execute(select(table.__table__)).all()))
            for table in (CaseRow, TaskRow, TaskGroupRow, JobRow, WaitRow, JournalRow)
        ]


def test_two_who_finish_the_same_task_at_once_one_wins(db: Database) -> None:
    for _ in range(5):
        story = Story.__new__(Story)
        with db.write() as session:
            step = start(FLOW, "main", {"town": "t", "units": ["x", "y"]}, a_world())
            kept = keep_first(session, COUNTY, "main", "digest", step, Act(MONDAY))
        task = step.opened[0].id
        results = race(db, [lambda d: finish(d, kept, step, task, "wang"), lambda d: finish(d, kept, step, task, "li")])
        assert sorted(results) == ["Stale", "won"]
        with db.read() as session:
            lines = session.scalars(select(JournalRow.fact).where(JournalRow.case_id == kept.case_id)).all()
            row = session.get_one(TaskRow, (COUNTY, task))
            works = session.scalars(select(TaskRow).where(TaskRow.case_id == kept.case_id, TaskRow.step == "work")).all()
        assert (lines.count("TaskCompleted"), row.closed_by in ("wang", "li"), len(works)) == (1, True, 2)
        del story


def finish(db: Database, kept: Kept, step: Step, task: str, by: str) -> None:
    """Complete a task from a page that was opened at `kept`."""
    done = complete(FLOW, step.state, task, {}, "submit", a_world())
    with db.write() as session:
        keep(session, kept, done, Act(MONDAY, by, task, "submit"))


def race(db: Database, acts: list[Callable[[Database], None]]) -> list[str]:
    """Do these at the same time, each with its own connections; how each went."""
    results, line = [""] * len(acts), Barrier(len(acts))

    def run(number: int) -> None:
        own = Database(db.url)
        line.wait()
        try:
            acts[number](own)
            results[number] = "won"
        except Exception as error:
            results[number] = type(error).__name__
        own.close()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_take_the_case_up_under_its_lock_both_win_one_after_the_other(db: Database) -> None:
    story = Story(db, town="t", units=["x", "y"]).do("propose")

    def work(unit: int) -> Callable[[Database], None]:
        task = story.open("work")[unit].id

        def act(own: Database) -> None:
            with own.write() as session:
                before, state = take_up(session, COUNTY, story.kept.case_id)
                keep(session, before, complete(FLOW, state, task, {}, "submit", a_world()), Act(MONDAY, "li", task, "submit"))

        return act

    assert race(db, [work(0), work(1)]) == ["won", "won"]
    assert [row.step for row in story.open()] == ["check"]


def test_an_error_after_keep_leaves_nothing(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    before, task = everything(db), story.open()[0].id
    with pytest.raises(ZeroDivisionError), db.write() as session:
        kept, state = take_up(session, COUNTY, story.kept.case_id)
        keep(session, kept, complete(FLOW, state, task, {}, "submit", a_world()), Act(MONDAY, "li", task, "submit"))
        _ = 1 / 0
    assert everything(db) == before
    story.do("propose")


def test_what_is_read_is_not_written(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    before = everything(db)
    with db.read() as session:
        session.get_one(CaseRow, (COUNTY, story.kept.case_id)).revision = 99
        session.flush()
    assert everything(db) == before


def test_there_is_no_such_case(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    for county, case in ((COUNTY, "nothing"), ("360429", story.kept.case_id)):
        with pytest.raises(NoSuchCase), db.write() as session:
            take_up(session, county, case)


# -- instants


def test_instants_come_back_aware_and_in_utc(db: Database) -> None:
    shanghai = datetime.fromisoformat("2026-09-07T09:30:15.123456+08:00")
    job = {"county": COUNTY, "id": "j", "case_id": "c", "kind": "k", "due_at": shanghai}
    with db.write() as session:
        session.execute(insert(JobRow).values(job))
    with db.read() as session:
        read = session.scalars(select(JobRow.due_at).where(JobRow.due_at <= shanghai)).one()
    assert (read, read.tzinfo) == (shanghai, UTC)


def test_a_naive_instant_is_refused(db: Database) -> None:
    job = {"county": COUNTY, "id": "j", "case_id": "c", "kind": "k", "due_at": datetime(2026, 9, 7)}  # noqa: DTZ001  # naive on purpose
    with pytest.raises(StatementError, match="time zone"), db.write() as session:
        session.execute(insert(JobRow).values(job))


def test_a_task_needs_its_case(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write() as session:
        session.execute(insert(TaskGroupRow).values(county=COUNTY, task_id="nothing", post="p", unit="u"))


def test_the_database_answers(db: Database) -> None:
    assert db.is_alive()


# -- live cases


def test_a_hot_case_is_handed_out_once_and_only_at_its_revision() -> None:
    step = start(FLOW, "main", {"town": "t", "units": []}, a_world())
    at = Kept(COUNTY, "c", 3, "d")
    hot = HotCases()
    hot.put(at, step)
    assert hot.take(at) is step.live
    assert hot.take(at) is None
    hot.put(at, step)
    assert hot.take(replace(at, revision=4)) is None
    assert hot.take(at) is None
    assert hot.take(replace(at, county="360429")) is None


def test_an_ended_case_and_the_oldest_of_too_many_are_let_go() -> None:
    hot, ended = HotCases(capacity=2), start(drawn("start -> done"), "main", {}, a_world())
    hot.put(Kept(COUNTY, "ended", 1, "d"), ended)
    assert hot.take(Kept(COUNTY, "ended", 1, "d")) is None
    cases = [Kept(COUNTY, name, 1, "d") for name in "abc"]
    for at in cases:
        hot.put(at, start(FLOW, "main", {"town": "t", "units": []}, a_world()))
    assert [hot.take(at) is None for at in cases] == [True, False, False]


def test_a_faulted_step_loses_the_live_case_and_the_next_goes_on_from_the_bytes(db: Database) -> None:
    hot = HotCases()
    program = drawn("start -> a -> b -> done", user("a", outputs={"n": "amount"}), user("b", groups="clerk@{n}"))
    first = start(program, "main", {}, a_world())
    with db.write() as session:
        kept = keep_first(session, COUNTY, "main", "d", first, Act(MONDAY))
    hot.put(kept, first)
    task = first.opened[0].id
    for answers in ({}, {"amount": None}):  # the second fails only when the next task is to open
        with pytest.raises(Exception, match="a|b"), db.write() as session:
            _, state = take_up(session, COUNTY, kept.case_id, hot)
            complete(program, state, task, answers, "submit", a_world())
    with db.write() as session:
        before, state = take_up(session, COUNTY, kept.case_id, hot)
        assert isinstance(state, bytes)
        step = complete(program, state, task, {"amount": "x"}, "submit", a_world())
        after_it = keep(session, before, step, Act(MONDAY, "li", task, "submit"))
    assert [task.step for task in step.opened] == ["b"]
    hot.put(after_it, step)
    with db.write() as session:
        assert take_up(session, COUNTY, kept.case_id, hot)[1] is step.live
