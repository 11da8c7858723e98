"""A case in a database, moved one transaction a step, its rows compared with what the engine said after each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.run import complete, deliver, start, tick
from engine.spiff.program import Program
from engine.step import Step
from engine.store.cases import take_up
from engine.store.database import Database
from engine.store.keep import Act, Fact, Kept, found, keep, keep_first
from engine.store.tables import CaseRow, JournalRow, OfferRow, TaskRow
from engine.store.tables_jobs import JobRow
from engine.store.tables_messages import WaitRow
from tests.kit.agenda import assert_lights_follow, assert_no_later
from tests.kit.diagrams import (
    a_diagram,
    a_program,
    about,
    after,
    boundary,
    call,
    catch,
    each_of,
    exclusive,
    inside,
    service,
    user,
)
from tests.kit.offers import assert_offers_follow
from tests.kit.walks import MONDAY, a_world, answered

COUNTY = "360428"
FLOW = a_program(
    a_diagram(
        "start -> propose -> tell -> body -> check -> ok; ok -> paid -> done if fine; ok -> tell;"
        "late -> remind -> reminded",
        user("propose", groups="clerk@{town}, clerk@{town}", due="respond", warn="soon", other_than="check"),
        service("tell", "notify"),
        inside(
            "body", "begin -> each -> over", call("each", "one", ins={"unit": "unit"}, each=each_of("units", "unit"))
        ),
        boundary("late", "body", after("P1D"), interrupting=False),
        service("remind", "notify"),
        user("check", outputs={"fine": 'outcome = "accept"'}),
        exclusive("ok", "tell"),
        catch("paid", about("message", "payment")),
    ),
    a_diagram("start -> work -> done", user("work", groups="{[\"head\", \"deputy\"]}@{unit}", due="respond"), id="one"),
)  # fmt: skip


def a_case(session: Session, step: Step, act: Act) -> Kept:
    """A new case with its first step."""
    return keep_first(session, found(session, COUNTY, uuid4().hex, "main", "digest", act), step, act)


class Story:
    """A case in a database, one transaction a step; after each, rows and engine must say the same."""

    def __init__(self, db: Database, program: Program = FLOW, **values: object) -> None:
        self.db, self.program, self.now = db, program, MONDAY
        step = answered(program, start(program, "main", values, a_world(self.now)), a_world(self.now))
        with db.write() as session:
            self.kept = a_case(session, step, Act(self.now, "clerk"))
        self._after(step)

    def do(self, step: str, outcome: str = "submit", *facts: Fact, **answers: object) -> Story:
        """Complete the first open task of a step."""
        with self.db.write() as session:
            before, state = take_up(session, COUNTY, self.kept.case_id)
            row = self.open(step)[0]
            taken = complete(self.program, state, row.id, answers, outcome, a_world(self.now))
            taken = answered(self.program, taken, a_world(self.now))
            self.kept = keep(session, before, taken, Act(self.now, "wang", row.id, outcome, facts=facts))
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
            step = answered(self.program, move(state), a_world(self.now))
            self.kept = keep(session, before, step, Act(self.now))
        return self._after(step)

    def _after(self, step: Step) -> Story:
        assert {row.id for row in self.open()} == step.open_ids
        ticks = [row.due_at for row in self.rows(JobRow, JobRow.kind == "tick")]
        assert len(ticks) <= (not step.ended)
        assert_no_later(min(ticks, default=None), (timer.due_at for timer in step.timers))
        with self.db.read() as session:
            assert_lights_follow(session)
            assert_offers_follow(session, TaskRow.case_id == self.kept.case_id)
        assert sorted(row.name for row in self.rows(WaitRow)) == sorted(wait.name for wait in step.awaited)
        (case,) = self.rows(CaseRow)
        assert (case.revision, case.state, case.ended_by) == (self.kept.revision, step.state, step.ended)
        assert (case.ended_at is not None) == (step.ended is not None)
        return self


def everything(db: Database) -> list[object]:
    """All rows of all tables, as values."""
    with db.read() as session:
        return [
            sorted(map(str, session.execute(select(table.__table__)).all()))
            for table in (CaseRow, TaskRow, OfferRow, JobRow, WaitRow, JournalRow)
        ]
