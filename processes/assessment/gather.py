"""Reads the rows that a period's figures are counted from: a few statements for a whole county, however large it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from engine.store.archive import rows_as, unpack
from engine.store.tables import CaseRow, TaskRow
from engine.store.tables_archive import ArchiveRow
from processes.assessment.figures import CameBack, DoneStep, Facts, Raised, Rated
from processes.assessment.rules import Rules
from processes.pack import Pack
from processes.tables import MatterRow, RatingRow
from processes.tables_former import FormerRow


@dataclass(frozen=True)
class Span:
    """The days that an assessment looks at, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def instants(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From the beginning of the first day until the end of the last, which is the beginning of the next."""
        begins = datetime.combine(self.first, time(), zone)
        return begins, datetime.combine(self.last + timedelta(days=1), time(), zone)


def gather_facts(session: Session, pack: Pack, rules: Rules, span: Span) -> Facts:
    """All rows of cases that ended within the span in a way that counts, and the matters raised within it.

    Cases that were packed away in the meantime count like the others.
    """
    begins, until = span.instants(pack.calendar.zone)
    counts = counting(pack, rules, span)
    assessed = {unit for kind in rules.kinds for unit in _units(pack, kind)}
    tasks = done_steps(session, rules.steps, counts)
    steps = [row for task in tasks if (row := _done(task, rules)) and row.unit in assessed]
    ratings = [row for row in _ratings(session, pack, rules, counts) if row.unit in assessed]
    came_back = [row for row in _came_back(session, pack, rules, counts) if row.unit in assessed]
    raised = tuple(_raised(session, pack, rules, begins, until))
    return Facts(tuple(steps), tuple(ratings), raised, tuple(came_back))


def counting(pack: Pack, rules: Rules, span: Span) -> ColumnElement[bool]:
    """SQL: the cases that ended within the span in a way that counts."""
    begins, until = span.instants(pack.calendar.zone)
    return and_(
        CaseRow.county == pack.code,
        CaseRow.ended_at >= begins,
        CaseRow.ended_at < until,
        CaseRow.process.in_(rules.processes),
        CaseRow.ended_by.in_(rules.ends),
    )


def _units(pack: Pack, kind: str) -> list[str]:
    return [unit.code for unit in pack.units_of_kind.get(kind, ())]


def done_steps(session: Session, steps: Collection[str], counts: ColumnElement[bool]) -> Iterator[Any]:
    """The tasks of these steps, of the cases that count; those packed away come after the others."""
    of_case = and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id)
    wanted = TaskRow.step.in_(sorted(steps))
    yield from session.execute(select(*_COLUMNS).join(CaseRow, of_case).where(counts, wanted))
    packed = and_(CaseRow.county == ArchiveRow.county, CaseRow.id == ArchiveRow.case_id)
    for content in session.scalars(select(ArchiveRow.content).join(CaseRow, packed).where(counts)):
        yield from (task for task in rows_as(TaskRow, unpack(content)) if task.step in steps)


_COLUMNS = (
    *(TaskRow.case_id, TaskRow.step, TaskRow.outcome, TaskRow.state, TaskRow.due_at, TaskRow.closed_at),
    *(TaskRow.groups, TaskRow.process_values, TaskRow.closed_by),
)


def _done(task: Any, rules: Rules) -> DoneStep | None:
    """A step that a person did; whose it was says the process variable, for a substitute of another unit may do it."""
    if task.state != "completed" or task.closed_at is None:
        return None
    unit = task.process_values.get(rules.unit) or task.groups[0][1]
    return DoneStep(task.case_id, str(unit), task.step, task.outcome or "", task.due_at, task.closed_at)


def _ratings(session: Session, pack: Pack, rules: Rules, counts: ColumnElement[bool]) -> Iterator[Rated]:
    of_case = and_(CaseRow.county == RatingRow.county, CaseRow.id == RatingRow.case_id)
    columns = (RatingRow.case_id, RatingRow.unit, RatingRow.aspect, RatingRow.score, RatingRow.by_rule, RatingRow.rater)
    wanted = RatingRow.aspect.in_(sorted(rules.aspects))
    raters = {unit for kind in rules.raters for unit in _units(pack, kind)}
    for case_id, unit, aspect, score, by_rule, rater in session.execute(
        select(*columns).join(CaseRow, of_case).where(counts, wanted)
    ):
        if rater in raters:
            yield Rated(case_id, unit, aspect, Decimal(score), by_rule)


def _came_back(session: Session, pack: Pack, rules: Rules, counts: ColumnElement[bool]) -> Iterator[CameBack]:
    """The cases that count and were begun about another, with each unit that had done that; none where nothing asks."""
    if not rules.reopenings:
        return
    of_case = and_(CaseRow.county == FormerRow.county, CaseRow.id == FormerRow.case_id)
    of_matter = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    asked = select(FormerRow.former_id, FormerRow.case_id, MatterRow.start).join(CaseRow, of_case)
    wanted = MatterRow.start.in_(sorted(rules.reopenings))
    back: dict[str, list[tuple[str, str]]] = {}
    for former, case_id, start in session.execute(asked.join(MatterRow, of_matter).where(counts, wanted)):
        back.setdefault(former, []).append((case_id, start))
    formers = and_(CaseRow.county == pack.code, CaseRow.id.in_(sorted(back)))
    for task in done_steps(session, rules.steps, formers) if back else ():
        if done := _done(task, rules):
            yield from (CameBack(case_id, done.unit, done.step, start) for case_id, start in back[done.case_id])


def _raised(session: Session, pack: Pack, rules: Rules, begins: datetime, until: datetime) -> Iterator[Raised]:
    query = select(MatterRow.case_id, MatterRow.unit).where(
        MatterRow.county == pack.code,
        MatterRow.start.in_(rules.band.starts),
        MatterRow.started_at >= begins,
        MatterRow.started_at < until,
    )
    for case_id, unit in session.execute(query):
        yield Raised(case_id, unit)
