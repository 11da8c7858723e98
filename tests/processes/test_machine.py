"""Whatever people, the clock, messages and crashes do, in any order: rows say what the engine says, after each step.

A state machine drives several cases of three diagrams on a whole site: raising, doing, claiming, messages early and
late, cases that begin by them and by signals, a verb that fails and is tried again or skipped, verbs that add and
withdraw instances, timers, moves to another version, restarts, and commits that never happened.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, integers, sampled_from
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.spiff.instance import Instance
from engine.store.chain import BEGINNING, link
from engine.store.tables import CaseRow, JournalRow, TaskRow
from engine.store.tables_jobs import IncidentRow, JobRow
from engine.store.tables_messages import WaitRow
from processes.agenda import strike
from processes.incidents import retry, skip
from processes.installation import Installation
from processes.messages import Message, send
from processes.migration import Move, find_version, move_case
from processes.tables import MatterRow
from processes.work import NobodyHolds, claim, complete, release
from tests.kit.agenda import assert_lights_follow, assert_no_later
from tests.kit.crashes import Crash, crashing
from tests.kit.diagrams import about, after, boundary, catch, each_of, exclusive, inside, parallel, service
from tests.kit.errands import CLERK, COUNTY, an_errand_site, an_errand_version, run_errand, user
from tests.kit.offers import assert_offers_follow
from tests.kit.sites import SEALED, me
from tests.processes.arrivals import DIAGRAMS, STARTS, Arrivals

WATER, NOWHERE = '["water"]', '["nowhere"]'
BY_HAND = "<bpmn:messageEventDefinition/>"
TWO_OF_THREE = each_of('["a", "b", "c"]', "item", until="nrOfCompletedInstances = 2")
FLOW = (
    "start -> ask -> split; split -> tell -> told -> join; split -> body -> join; split -> answered -> join;"
    "split -> direct -> more -> less -> led -> join; twice -> less; gone -> led; missing -> led;"
    "join -> check;"
    'check -> which; which -> split if how = "other"; which -> done; late -> chase -> chased; add -> told_more;'
    "nobody -> mend -> told",
    *parallel("split", "join"),
    service(
        "tell",
        "notify_units",
        units=f'if subject = "坏" then {NOWHERE} else {WATER}',
        text='if subject = "错" then "no such text" else "dispatched"',
        retry="R1/PT5M",
    ),
    boundary("nobody", "tell", about("error", "unknown_unit")),
    user("mend"),
    inside("body", "begin -> each -> over", user("each", each=TWO_OF_THREE)),
    user("direct"),
    service("more", "add_instance", activity='"each"', item="subject", retry="R1/PT5M"),
    boundary("twice", "more", about("error", "already_running")),
    boundary("gone", "more", about("error", "not_running")),
    service("less", "withdraw_instance", activity='"each"', item='"a"', retry="R1/PT5M"),
    boundary("missing", "less", about("error", "not_running")),
    boundary("late", "body", after("P1D"), interrupting=False),
    boundary("add", "body", BY_HAND, interrupting=False, groups="clerk@{township}", form="errand", other_than="check"),
    user("chase"),
    catch("answered", about("message", "reply"), key="subject"),
    user("check", outputs={"how": "outcome"}),
    exclusive("which", "done"),
    exclusive("told"),
    exclusive("led"),
)
LONGER = (
    FLOW[0].replace("which -> done;", "which -> sign; sign -> done;"),
    *FLOW[1:-3],
    exclusive("which", "sign"),
    *FLOW[-2:],
)
"""Another version, with one step more at the end."""


LINKED = ("county", "case_id", "revision", "at", "by", "told")


class Service(Arrivals):
    """A site under random use. `site` is made once; every run has cases of its own."""

    versions: ClassVar[tuple[str, str]]
    moved: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.errands = 0
        self.clerk = me(self.inst, CLERK)

    # -- what happens

    @rule(subject=sampled_from(["好", "坏", "错"]))
    def somebody_raises_a_matter(self, subject: str) -> None:
        if self.errands < 3:
            self.errands += 1
            run_errand(self.inst, f"{subject}", now=self.now)

    @rule(which=integers(0, 30), outcome=sampled_from(["submit", "submit", "other"]))
    def somebody_does_a_task(self, which: int, outcome: str) -> None:
        if task := self._pick(which):
            complete(self.inst, self.clerk, task.id, {"subject": ["好"]}, now=self.now, outcome=outcome)

    @rule(which=integers(0, 30))
    def somebody_claims_or_releases_a_task(self, which: int) -> None:
        if (task := self._pick(which)) and task.state == "open":
            (release if task.claimed_by else claim)(self.inst, self.clerk, task.id, now=self.now)
        elif task:
            with pytest.raises(NobodyHolds):
                claim(self.inst, self.clerk, task.id, now=self.now)

    @rule(which=integers(0, 30), outcome=sampled_from(["submit", "other"]))
    def the_process_dies_before_the_commit(self, which: int, outcome: str) -> None:
        if task := self._pick(which):
            before = self._rows()
            with crashing(), pytest.raises(Crash):
                complete(self.inst, self.clerk, task.id, {"subject": ["好"]}, now=self.now, outcome=outcome)
            assert self._rows() == before

    @rule(which=integers(0, 30))
    def somebody_does_a_task_twice(self, which: int) -> None:
        if task := self._pick(which):
            complete(self.inst, self.clerk, task.id, {"subject": ["好"]}, now=self.now, outcome="submit")
            with pytest.raises(Rejected):
                complete(self.inst, self.clerk, task.id, {"subject": ["好"]}, now=self.now, outcome="submit")

    @rule(number=integers(0, 5), subject=sampled_from(["好", "坏", "错"]))
    def a_message_comes(self, number: int, subject: str) -> None:
        message = Message(f"{Arrivals.runs}-{number}-{subject}", "reply", subject)
        try:
            send(self.inst, COUNTY, message, now=self.now, keep_for=timedelta(days=2))
        except Rejected as refused:
            assert refused.code == "ambiguous_receiver"

    @rule(hours=sampled_from([0, 1, 5, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        strike(self.inst, self.now)

    @rule()
    def the_process_is_started_again(self) -> None:
        self.inst = Installation(self.inst.db, self.inst.papers, demo=True, _sealed=SEALED)

    @rule(skipped=sampled_from([True, False]))
    def somebody_looks_after_an_incident(self, skipped: bool) -> None:
        with self.inst.db.read() as session:
            of_mine = (IncidentRow.case_id.in_(self.cases), IncidentRow.closed_at.is_(None))
            found = session.scalars(select(IncidentRow.id).where(*of_mine)).first()
        if found and skipped:
            skip(self.inst, COUNTY, found, reason="已电话通知", me=None, now=self.now)
        elif found:
            retry(self.inst, COUNTY, found, me=None, now=self.now)

    @rule(number=integers(0, 5), longer=booleans())
    def a_matter_moves_to_another_version(self, number: int, longer: bool) -> None:
        if not (cases := self.cases):
            return
        move = Move(Service.versions[longer], "新版流程", None, self.now)
        try:
            move_case(self.inst, COUNTY, cases[number % len(cases)], move)
            Service.moved += 1
        except Rejected as refused:
            assert refused.code in ("cannot_migrate", "already_there", "case_ended")

    # -- what always holds

    @invariant()
    def rows_say_what_the_engine_says(self) -> None:
        with self.inst.db.read() as session:
            for row in session.scalars(select(CaseRow).where(CaseRow.id.in_(self.cases))):
                self._compare(session, row)
            assert_lights_follow(session)

    @invariant()
    def every_journal_is_one_chain(self) -> None:
        with self.inst.db.read() as session:
            for case in session.scalars(select(CaseRow).where(CaseRow.id.in_(self.cases))):
                assert_chained(session, case)

    @invariant()
    def nothing_is_stuck(self) -> None:
        """Alive means: somebody, a timer, a message, a verb or an incident can move it on."""
        with self.inst.db.read() as session:
            stuck = select(IncidentRow.id).where(IncidentRow.case_id.in_(self.cases), IncidentRow.kind == "stuck")
            assert session.scalars(stuck).first() is None

    def _compare(self, session: Session, row: CaseRow) -> None:
        pack = self.inst.pack(session, row.county, row.digest)
        engine = Instance.restore(pack.program, row.state, pack.world(self.now))
        tasks = session.scalars(
            select(TaskRow).where(TaskRow.case_id == row.id, TaskRow.state.in_(("open", "optional")))
        ).all()
        jobs = session.scalars(select(JobRow).where(JobRow.case_id == row.id)).all()
        waits = session.scalars(select(WaitRow).where(WaitRow.case_id == row.id)).all()
        assert {task.id for task in tasks} == set(engine.open_tasks())
        assert {wait.task_id for wait in waits} == {wait[4] for wait in engine.waits()}
        assert {job.key for job in jobs if job.kind == "verb"} == {f"verb:{key}" for key in engine.asking()}
        ticks = [job.due_at for job in jobs if job.kind == "tick"]
        assert len(ticks) <= 1
        assert_no_later(min(ticks, default=None), (due for *_, due in engine.timers()))
        assert (row.ended_at is not None) == (engine.ended() is not None)
        groups = session.scalars(select(TaskRow.groups).where(TaskRow.case_id == row.id))
        raised_for = session.get_one(MatterRow, (row.county, row.id)).unit
        assert set(row.units) == {raised_for, *(unit for of_task in groups for _, unit in of_task)}
        assert_offers_follow(session, TaskRow.case_id == row.id)

    # -- the pieces

    def _pick(self, which: int) -> TaskRow | None:
        with self.inst.db.read() as session:
            mine = (TaskRow.case_id.in_(self.cases), TaskRow.state.in_(("open", "optional")))
            found = list(session.scalars(select(TaskRow).where(*mine).order_by(TaskRow.step, TaskRow.opened_at)))
        return found[which % len(found)] if found else None


def assert_chained(session: Session, case: CaseRow) -> None:
    """Every link follows from the revision's lines and the link before; the last is the case's head."""
    head = BEGINNING
    for row in session.scalars(select(JournalRow).where(JournalRow.case_id == case.id).order_by(JournalRow.revision)):
        head = link(head, {name: getattr(row, name) for name in LINKED})
        assert row.told and row.link == head
    assert case.head == head


def test_in_any_order_of_anything_rows_say_what_the_engine_says(tmp_path: Path, database_url: str) -> None:
    more: dict[str, Any] = {"more": DIAGRAMS, "starts": STARTS}
    Service.site = an_errand_site(tmp_path, database_url, *FLOW, **more)
    shorter = current(Service.site)
    longer = an_errand_version(Service.site, *LONGER, user("sign"), **more)
    Service.versions = (shorter, longer)
    runs = 40 if database_url.startswith("sqlite") else 15
    run_state_machine_as_test(Service, settings=settings(max_examples=runs, stateful_step_count=30))  # type: ignore[no-untyped-call]  # hypothesis
    assert Service.moved > 0
    assert runs < 40 or Service.seen.keys() >= {"begun", "moved", "died", "spread to some who wait"}
    Service.site.db.close()


def current(inst: Installation) -> str:
    with inst.db.read() as session:
        return find_version(session, COUNTY, "current")
