"""Reads what candidates are drawn up from: a published assessment, who did which step in its cases, who is barred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.assessment.drawing import excluded_from
from processes.assessment.gather import Span, counting, done_steps, gather_facts
from processes.assessment.rules import Rules
from processes.assessment.sheet import UNIT, line_in
from processes.commendation.candidates import Candidate, Work, person_candidates, unit_candidates
from processes.commendation.rules import Commending
from processes.pack import Pack
from processes.tables import PostingRow
from processes.tables_assessment import AssessedRow, AssessmentRow, SheetRow
from processes.tables_supervision import ChainedRow


def published(session: Session, county: str, case_id: object, rules: Commending) -> AssessmentRow | None:
    """The assessment of this case, if it was published and is of a period that people are commended for."""
    row = session.get(AssessmentRow, (county, case_id)) if isinstance(case_id, str) else None
    fits = row is not None and row.published_at is not None and row.period in rules.periods
    return row if fits else None


def units_of(session: Session, row: AssessmentRow) -> list[Candidate]:
    """The units that its published sheet ranked, the best first."""
    here = {"county": row.county, "case_id": row.case_id}
    last = select(SheetRow.version).filter_by(**here).order_by(SheetRow.version.desc()).limit(1).scalar_subquery()
    lines = select(AssessedRow).filter_by(**here, part=UNIT).where(AssessedRow.version == last)
    return unit_candidates(line_in(each) for each in session.scalars(lines.order_by(AssessedRow.position)))


def persons_of(
    session: Session, pack: Pack, row: AssessmentRow, assessing: Rules, rules: Commending
) -> list[Candidate]:
    """The persons who did the steps that count in the cases that the assessment counted, the best first."""
    span, left_out = Span(row.first_day, row.last_day), excluded_from(session, row.county, row.case_id)
    facts = gather_facts(session, pack, assessing, span).without(left_out)
    postings = session.execute(select(PostingRow.person, PostingRow.unit).filter_by(county=row.county))
    held = {(person, unit) for person, unit in postings}
    works = [work for work in _works(session, pack, assessing, rules, span) if (work.person, work.unit) in held]
    return person_candidates([work for work in works if work.case_id not in left_out], facts.ratings, rules)


def barred_units(session: Session, pack: Pack, row: AssessmentRow, rules: Commending) -> Mapping[str, str]:
    """The units that an order of the assessment's days brought to a rung that bars, and which rung that was."""
    begins, until = Span(row.first_day, row.last_day).instants(pack.calendar.zone)
    within = (ChainedRow.county == row.county, ChainedRow.at >= begins, ChainedRow.at < until)
    orders = select(ChainedRow.unit, ChainedRow.rung).where(*within, ChainedRow.rung.in_(rules.barred_rungs))
    return {unit: f"其间被{pack.word('rungs', rung, default=rung)}" for unit, rung in session.execute(orders)}


def _works(session: Session, pack: Pack, assessing: Rules, rules: Commending, span: Span) -> Iterator[Work]:
    """What was done by whom; as in an assessment the process variable says for which unit."""
    counts = counting(pack, assessing, span)
    for task in done_steps(session, rules.steps, counts):
        if task.state == "completed" and task.closed_at is not None and task.closed_by:
            unit = str(task.process_values.get(assessing.unit) or task.groups[0][1])
            if pack.units.get(unit) and pack.units[unit].kind in assessing.kinds:
                yield Work(task.case_id, unit, task.closed_by, task.due_at, task.closed_at)
