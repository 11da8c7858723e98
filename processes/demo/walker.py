"""Made-up months played by the service itself: people do what is open to them, time passes, what is due happens.

Every act goes through the commands that pages use. Nothing here knows a step: what is open is filled in as the script
says, or as the stories do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import and_, bindparam, select

from engine.errors import Rejected
from engine.jobs import Job
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_messages import WaitRow
from processes.asks import form_world, instances_in, times_done
from processes.demo.agenda import Agenda
from processes.demo.answers import a_valid_form
from processes.demo.crew import Crew
from processes.demo.manners import Manners
from processes.demo.rhythm import Arrival, general_facts, in_office
from processes.demo.script import Script
from processes.demo.wishes import said
from processes.formers import told_of
from processes.forms import Cleaned, Form
from processes.installation import Installation
from processes.messages import Message, send
from processes.pack import Pack, first_values
from processes.people import Me
from processes.queries.counties import only_county
from processes.queries.formers import find_former
from processes.queries.waiting_cases import SeenCases
from processes.rehearsal import a_working_day_later
from processes.tables import MatterRow
from processes.whistles import blow, form_of
from processes.work import claim, complete

Progress = Callable[[datetime, Counter[str]], None]
"""Told of the time in the made-up months, and how often what was done by then."""
_Act = Callable[[datetime], None]


@dataclass
class _Case:
    """A case as the walker knows it: its name is the same whenever the same months are made up."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    start: str = ""
    unit: str = ""


class Walker:
    """People of a county at work between two moments."""

    def __init__(self, inst: Installation, script: Script, seed: str, last: datetime) -> None:
        """`last` is the moment at which the made-up months end."""
        self._inst, self._script, self._seed, self._last = inst, script, seed, last
        with inst.db.read() as session:
            self._pack = only_county(inst, session)
        self._manners = Manners(self._pack, script, seed)
        self._crew = Crew(inst, self._pack, script.papers)
        self._agenda = Agenda(inst, self._called)
        self._cases: dict[str | None, _Case] = {}
        self._planned: set[str] = set()
        self._coming: list[tuple[datetime, int, _Act]] = []
        self._order = count()
        self.told: Counter[str] = Counter()

    def walk(self, arrivals: Iterable[Arrival], mornings: Iterable[datetime], progress: Progress) -> None:
        """Have all of it happen in order; what recurs is done each morning."""
        for arrival in arrivals:
            self._plan(arrival.at, partial(self._begin, arrival))
        for morning in mornings:
            self._plan(morning, partial(self._morning, progress))
        while self._coming:
            at = self._coming[0][0]
            due = self._agenda.next_due()
            if due is not None and due <= at:
                self._struck(self._agenda.strike(due), due)
            else:
                heappop(self._coming)[2](at)
        while (due := self._agenda.next_due()) is not None and due <= self._last:
            self._struck(self._agenda.strike(due), due)
        self._struck(self._agenda.chores(self._last), self._last)

    def _plan(self, at: datetime, act: _Act) -> None:
        if at <= self._last:
            heappush(self._coming, (at, next(self._order), act))

    # -- what happens

    def _begin(self, arrival: Arrival, at: datetime) -> None:
        start = self._pack.starts[arrival.start]
        me = self._crew.holder(start.by, arrival.unit)
        form, rng = form_of(self._pack, start), self._rng(f"{arrival.start}/{arrival.unit}/{at.isoformat()}")
        outcome = self._manners.outcome(start.step, form, rng)
        with self._inst.db.read() as session:
            cases = SeenCases(session, me, self._pack)
            try:
                former = find_former(session, me, self._pack, start, arrival.about, now=at)
            except Rejected:  # too late by now, or somebody was faster
                return
            values = first_values(arrival.unit, told_of(self._pack, start, former) if former else None)
            world = form_world(self._pack, values, self._crew.papers, now=at, cases=cases)
            hints = self._manners.hints(start.step, outcome, arrival.facts)
            cleaned = a_valid_form(form, outcome, world, self._local(at), rng, hints)
        if cleaned is None:  # a meeting without anything to talk about: perhaps tomorrow
            self._plan(a_working_day_later(self._pack.calendar, at), partial(self._begin, arrival))
            return
        posted = self._crew.posted(me, form, cleaned, at)
        done = blow(self._inst, me, start.name, posted, now=at, unit=arrival.unit, about=arrival.about, outcome=outcome)
        name = f"{arrival.start}/{at.isoformat()}/{arrival.unit}"
        self._cases[done.case_id] = _Case(name, dict(arrival.facts), start=start.name, unit=arrival.unit)
        self.told["begun"] += 1
        self._look([done.case_id])

    def _do(self, task_id: str, at: datetime) -> None:
        with self._inst.db.read() as session:
            task, digest = session.execute(_ONE, {"county": self._pack.code, "task": task_id}).one()
            if task.state not in ("open", "optional"):
                return
            pack = self._inst.pack(session, self._pack.code, digest)
            case = self._cases[task.case_id]
            case.seen[task.step] += 1
            rng = self._rng(f"{case.name}/{task.step}/{_unit(task)}/{case.seen[task.step]}")
            me = self._crew.doer(session, task, rng)
            if me is None:
                return
            form = pack.forms[task.form]
            outcome = case.facts.get(f"by_{task.step}") or self._manners.outcome(task.step, form, rng)
            cleaned = self._filled(session, pack, me, task, form, str(outcome), at, rng)
        if cleaned is None:
            if task.state == "open":  # what nobody must do may be against a rule of its form by now
                self.told["given up"] += 1
            return
        posted = self._crew.posted(me, form, cleaned, at)
        try:
            done = complete(self._inst, me, task_id, posted, now=at, outcome=cleaned.outcome)
        except Rejected:
            self.told["refused"] += 1
            return
        self.told["done"] += 1
        self._look([task.case_id])
        if done.ended:
            self._perhaps_again(task.case_id, done.ended, at)

    def _perhaps_again(self, case_id: str, ended: str, at: datetime) -> None:
        """What a person may begin about a case that ended so is begun about some."""
        case = self._cases[case_id]
        for name, again in self._script.again.items():
            start, rng = self._pack.starts[name], self._rng(f"{case.name}/{name}")
            may = case.start in start.about and (not start.ends or ended in start.ends)
            unit = self._crew.unit_with(start.by, case.unit)
            if may and unit and rng.randrange(100) < again.share:
                when = in_office(self._pack, at + timedelta(days=rng.randint(*again.days)), rng)
                self._plan(when, partial(self._begin, Arrival(when, name, unit, case.facts, about=case_id)))

    def _claim(self, task_id: str, at: datetime) -> None:
        with self._inst.db.read() as session:
            task = session.execute(_ONE, {"county": self._pack.code, "task": task_id}).one()[0]
            me = self._crew.doer(session, task, self._rng(f"claim/{task.step}/{at.isoformat()}"))
        if task.state == "open" and task.claimed_by is None and me is not None:
            claim(self._inst, me, task_id, now=at)

    def _morning(self, progress: Progress, at: datetime) -> None:
        self._struck(self._agenda.chores(at), at)
        self._answer(at)
        progress(at, self.told)

    def _struck(self, jobs: list[Job], at: datetime) -> None:
        self.told["by itself"] += len(jobs)
        cases = {job.case_id for job in jobs if job.kind not in _OPENS_NOTHING}
        if None in cases:
            self._look(None)
        elif cases:
            self._look([case for case in cases if case])

    def _answer(self, at: datetime) -> None:
        """Messages from outside that cases wait for are on their way."""
        asked = select(WaitRow.case_id, WaitRow.name, WaitRow.key).where(WaitRow.name.in_(self._script.messages))
        with self._inst.db.read() as session:
            waiting = session.execute(asked.where(WaitRow.county == self._pack.code)).all()
        for case_id, name, key in waiting:
            case = self._cases.get(case_id)
            if case is None or f"{case_id}/{name}" in self._planned:
                continue
            self._planned.add(f"{case_id}/{name}")
            answered, rng = self._script.messages[name], self._rng(f"{case.name}/{name}")
            if rng.randrange(100) < answered.share:
                when = at + timedelta(days=rng.randint(*answered.days), minutes=rng.randrange(480))
                payload = {part: said(str(text), case.facts) for part, text in answered.payload.items()}
                self._plan(when, partial(self._send, case_id, name, key or case_id, payload))

    def _send(self, case_id: str, name: str, key: str, payload: dict[str, str], at: datetime) -> None:
        with self._inst.db.read() as session:
            here = (WaitRow.county == self._pack.code, WaitRow.case_id == case_id, WaitRow.name == name)
            waits = session.execute(select(WaitRow.case_id).where(*here)).first() is not None
        if waits:
            send(self._inst, self._pack.code, Message(f"demo-{case_id}-{at.isoformat()}", name, key, payload), now=at)
            self._look([case_id])

    # -- who does it, and what is filled in

    def _filled(
        self,
        session: Any,
        pack: Pack,
        me: Me,
        task: TaskRow,
        form: Form,
        outcome: str,
        at: datetime,
        rng: Random,
    ) -> Cleaned | None:
        """The form with this button, or with any other when it cannot be filled in with that one."""
        done, cases = times_done(session, me.county, task.case_id), SeenCases(session, me, pack)
        values = task.process_values
        instances = instances_in(session, pack, me.county, task.case_id, now=at)
        world = form_world(pack, values, self._crew.papers, now=at, done=done, cases=cases, instances=instances)
        facts = self._facts(pack, task)
        for key in dict.fromkeys((outcome, *(each.key for each in form.outcomes))):
            hints = self._manners.hints(task.step, key, facts)
            cleaned = form.find_outcome(key) and a_valid_form(form, key, world, self._local(at), rng, hints)
            if cleaned:
                return cleaned
        return None

    def _facts(self, pack: Pack, task: TaskRow) -> dict[str, Any]:
        values = {key: value for key, value in task.process_values.items() if isinstance(value, str | int)}
        unit = str(values.get("unit") or _unit(task))
        return {**values, **self._cases[task.case_id].facts, "unit_name": pack.unit_name(unit)}

    # -- what is open

    def _look(self, cases: list[str] | None) -> None:
        """Plan for what has opened in these cases, or anywhere, when it will be done."""
        asked = _OPEN if cases is None else _OPEN.where(TaskRow.case_id.in_(cases))
        with self._inst.db.read() as session:
            rows = session.execute(asked, {"county": self._pack.code}).all()
        for row in rows:
            if row.id not in self._planned:
                self._planned.add(row.id)
                self._expect(row)

    def _expect(self, row: Any) -> None:
        case = self._cases.get(row.case_id)
        if case is None:  # a message or signal has begun it
            case = self._cases[row.case_id] = self._new_case(row)
        unit = row.groups[0][1]
        case.seen[f"opened {row.step}/{unit}"] += 1
        rng = self._rng(f"{case.name}/{row.step}/{unit}/when {case.seen[f'opened {row.step}/{unit}']}")
        if row.state == "optional" and rng.randrange(100) >= self._manners.of(row.step).chance:
            return
        at = self._manners.when(row.step, unit, row.opened_at, row.due_at, rng)
        claimed = row.state == "open" and rng.randrange(100) < self._script.rhythm.claims
        if claimed:
            until = at or self._last
            when = row.opened_at + (until - row.opened_at) * rng.random()
            self._plan(when, partial(self._claim, row.id))
        if at is not None:
            self._plan(at, partial(self._do, row.id))

    def _new_case(self, row: Any) -> _Case:
        name = _name(row)
        return _Case(name, general_facts(self._script, self._rng(name), self._local(row.started_at)))

    def _called(self, case_id: str | None) -> str:
        if case_id is None or case_id in self._cases:
            return self._cases[case_id].name if case_id else ""
        with self._inst.db.read() as session:  # begun by itself a moment ago
            row = session.get(MatterRow, (self._pack.code, case_id))
        return _name(row) if row is not None else ""

    def _rng(self, what: str) -> Random:
        return Random(f"{self._seed}/{what}")  # noqa: S311  # made up, no secret

    def _local(self, at: datetime) -> datetime:
        return self._pack.calendar.local(at)


_OPENS_NOTHING = frozenset({"light", "send", "discard"})
_OF_CASE = and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id)
_ONE: Any = (
    select(TaskRow, CaseRow.digest)
    .join(CaseRow, _OF_CASE)
    .where(TaskRow.county == bindparam("county"), TaskRow.id == bindparam("task"))
)
_OPEN: Any = (
    select(TaskRow.id, TaskRow.case_id, TaskRow.step, TaskRow.groups, TaskRow.opened_at, TaskRow.due_at, TaskRow.state)
    .add_columns(MatterRow.title, MatterRow.started_at)
    .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
    .where(TaskRow.county == bindparam("county"), TaskRow.state.in_(("open", "optional")))
    .order_by(TaskRow.opened_at, TaskRow.id)
)


def _name(matter: Any) -> str:
    return f"{matter.title}/{matter.started_at.isoformat()}"


def _unit(task: TaskRow) -> str:
    return task.held_by[0].unit
