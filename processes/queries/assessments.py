"""Assessments as a list and as a whole: what of a draft one may see says the county, a published one everybody sees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.ids import is_id
from engine.store.tables import CaseRow
from processes.assessment.figures import Rate
from processes.assessment.rules import Rules
from processes.assessment.scoring import Line
from processes.assessment.sheet import TOWNSHIP, UNIT, line_in, rate_in
from processes.people import Me, may_see
from processes.tables import MatterRow
from processes.tables_assessment import AssessedRow, AssessmentRow, ExclusionRow, SheetRow


class NoSuchAssessment(Rejected):
    """There is no such assessment, or its draft is not shown to this person."""

    code = "no_such_assessment"
    message = "没有这次考核，或者它还没有公布，也没有送您的单位公示。"
    advice = "请从“考核”列表进入；结果公布后人人可看。"


@dataclass(frozen=True)
class Listed:
    """An assessment in the list, and how many sheets have been drawn."""

    row: AssessmentRow
    sheets: int


@dataclass(frozen=True)
class WholeAssessment:
    """Everything one page says about an assessment, as far as this person may see it.

    `hidden` is how many lines are not shown; `case_shown` whether its own case may be opened.
    """

    row: AssessmentRow
    sheet: SheetRow
    lines: Sequence[Line]
    rates: Sequence[Rate]
    exclusions: Sequence[ExclusionRow]
    hidden: int
    case_shown: bool

    @property
    def is_final(self) -> bool:
        """Whether it was published."""
        return self.row.published_at is not None

    def line(self, unit: str) -> Line | None:
        """A unit's line, if it is shown."""
        return next((line for line in self.lines if line.unit == unit), None)


@dataclass(frozen=True)
class CountedCases:
    """The cases a figure was counted from that one may open, and how many others there are."""

    matters: Sequence[MatterRow]
    others: int


def list_assessments(session: Session, me: Me) -> list[Listed]:
    """The assessments this person may see, the newest period first."""
    sheets = (
        select(func.count())
        .select_from(SheetRow)
        .where(SheetRow.county == AssessmentRow.county, SheetRow.case_id == AssessmentRow.case_id)
        .scalar_subquery()
    )
    found = select(AssessmentRow, sheets).where(_shown(me))
    newest = found.order_by(AssessmentRow.last_day.desc(), AssessmentRow.case_id.desc())
    return [Listed(row, count) for row, count in session.execute(newest)]


def find_assessment(session: Session, me: Me, case_id: str) -> AssessmentRow:
    """An assessment by its case's id; raises NoSuchAssessment."""
    mine = select(AssessmentRow).where(_shown(me), AssessmentRow.case_id == case_id) if is_id(case_id) else None
    found = session.scalar(mine) if mine is not None else None
    if found is None:
        raise NoSuchAssessment
    return found


def has_assessment(session: Session, me: Me, case_id: str) -> bool:
    """Whether there is an assessment of this case that this person may see."""
    return session.scalar(select(AssessmentRow.case_id).where(_shown(me), AssessmentRow.case_id == case_id)) is not None


def last_sheet(session: Session, row: AssessmentRow) -> SheetRow:
    """The sheet that was drawn last."""
    sheets = select(SheetRow).filter_by(county=row.county, case_id=row.case_id)
    return session.scalars(sheets.order_by(SheetRow.version.desc()).limit(1)).one()


def get_assessment(session: Session, me: Me, row: AssessmentRow, sheet: SheetRow, rules: Rules) -> WholeAssessment:
    """An assessment that `find_assessment` found; of a draft, units see as much as the county says."""
    here = {"county": row.county, "case_id": row.case_id}
    query = select(AssessedRow).filter_by(**here, version=sheet.version)
    rows = session.scalars(query.order_by(AssessedRow.position)).all()
    lines = [line_in(each) for each in rows if each.part == UNIT]
    shown = lines if shows_all(me, row, rules) else list(_own(lines, me, rules))
    exclusions = session.scalars(select(ExclusionRow).filter_by(**here).order_by(ExclusionRow.at)).all()
    case = exists().where(CaseRow.county == row.county, CaseRow.id == row.case_id, may_see(me))
    rates = [rate_in(each) for each in rows if each.part == TOWNSHIP]
    hidden, case_shown = len(lines) - len(shown), bool(session.scalar(select(case)))
    return WholeAssessment(row, sheet, shown, rates, exclusions, hidden, case_shown)


def shows_all(me: Me, row: AssessmentRow, rules: Rules) -> bool:
    """Whether this person sees every unit's line: of what is published everybody does."""
    return row.published_at is not None or me.sees_county or rules.draft_shows == "all"


def _own(lines: Sequence[Line], me: Me, rules: Rules) -> Iterator[Line]:
    """One's own lines; with `ranks` also the others', without what they were counted from."""
    for line in lines:
        if line.unit in me.units:
            yield line
        elif rules.draft_shows == "ranks":
            yield replace(line, cases=(), figures={})


def counted_cases(session: Session, me: Me, cases: Collection[str]) -> CountedCases:
    """What a figure was counted from: matters one may open, by number, and the number of the others."""
    on = and_(CaseRow.county == MatterRow.county, CaseRow.id == MatterRow.case_id)
    mine = select(MatterRow).join(CaseRow, on).where(may_see(me), MatterRow.case_id.in_(cases))
    matters = session.scalars(mine.order_by(MatterRow.number, MatterRow.case_id)).all()
    return CountedCases(matters, len(set(cases)) - len(matters))


def _shown(me: Me) -> ColumnElement[bool]:
    """The published ones, and those whose case one may see: that of every unit that was asked to look at the draft."""
    of_case = and_(CaseRow.county == AssessmentRow.county, CaseRow.id == AssessmentRow.case_id)
    drafted = exists().where(of_case, may_see(me))
    return and_(AssessmentRow.county == me.county, or_(AssessmentRow.published_at.is_not(None), drafted))
