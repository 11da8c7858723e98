"""One Step, one transaction: of two who move a case at once one waits or is refused, and nothing is written half."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine.run import complete, start
from engine.step import Step
from engine.store.cases import NoSuchCase, take_up
from engine.store.database import Database
from engine.store.keep import Act, Fact, Kept, Stale, keep, note
from engine.store.tables import CaseRow, JournalRow, TaskRow
from tests.engine.store.stories import COUNTY, FLOW, Story, a_case, everything
from tests.kit.journals import journal_lines
from tests.kit.walks import MONDAY, a_world, answered


@pytest.mark.parametrize("behind", [keep, note])
def test_a_step_from_an_older_revision_is_refused(db: Database, behind: object) -> None:
    story = Story(db, town="t", units=["x"])
    old, task = story.kept, story.open()[0].id
    step = answered(FLOW, complete(FLOW, story.rows(CaseRow)[0].state, task, {}, "submit", a_world()), a_world())
    story.do("propose")
    before = everything(db)
    with pytest.raises(Stale), db.write() as session:
        if behind is keep:
            keep(session, old, step, Act(MONDAY, "li", task, "submit"))
        else:
            note(session, old, Act(MONDAY, "li", facts=(Fact("TaskClaimed"),)))
    assert everything(db) == before


def test_two_who_finish_the_same_task_at_once_one_wins(db: Database) -> None:
    for _ in range(5):
        with db.write() as session:
            step = start(FLOW, "main", {"town": "t", "units": ["x", "y"]}, a_world())
            kept = a_case(session, step, Act(MONDAY))
        task = step.opened[0].id
        results = race(db, [partial(finish, kept, step, task, by) for by in ("wang", "li")])
        assert sorted(results) == ["Stale", "won"]
        with db.read() as session:
            row = session.get_one(TaskRow, (COUNTY, task))
            works = session.scalars(
                select(TaskRow).where(TaskRow.case_id == kept.case_id, TaskRow.step == "work")
            ).all()
        completed = journal_lines(db, JournalRow.case_id == kept.case_id, fact="TaskCompleted")
        assert (len(completed), row.closed_by in ("wang", "li"), len(works)) == (1, True, 2)


def finish(kept: Kept, step: Step, task: str, by: str, db: Database) -> None:
    """Complete a task from a page that was opened at `kept`."""
    done = answered(FLOW, complete(FLOW, step.state, task, {}, "submit", a_world()), a_world())
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
                keep(
                    session,
                    before,
                    complete(FLOW, state, task, {}, "submit", a_world()),
                    Act(MONDAY, "li", task, "submit"),
                )

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
    with pytest.raises(DBAPIError), db.read() as session:
        session.get_one(CaseRow, (COUNTY, story.kept.case_id)).revision = 99
        session.flush()
    assert everything(db) == before


def test_there_is_no_such_case(db: Database) -> None:
    story = Story(db, town="t", units=["x"])
    for county, case in ((COUNTY, "0" * 32), ("360429", story.kept.case_id)):
        with pytest.raises(NoSuchCase), db.write() as session:
            take_up(session, county, case)
