"""Drawing a sheet, excluding a case from the next, publishing the last: a sheet once drawn is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.rows import add_rows
from processes.assessment.gather import Span, gather_facts
from processes.assessment.rules import Rules
from processes.assessment.sheet import UNIT, lines_of, rates_of, rows_of
from processes.pack import Pack
from processes.tables import MatterRow
from processes.tables_assessment import AssessedRow, AssessmentRow, ExclusionRow, SheetRow


@dataclass(frozen=True)
class Drawing:
    """What is to be drawn: by which case, at whose asking (`key`), over which days, for these units (none: for all)."""

    case_id: str
    key: str
    period: str
    span: Span
    appeals_until: date
    units: tuple[str, ...]
    at: datetime


def draw_sheet(session: Session, pack: Pack, rules: Rules, drawing: Drawing) -> list[str]:
    """Draw the next sheet of an assessment, without the cases that were excluded; the units that stand on it.

    Asked again with the same key it draws nothing and says what it said.
    """
    here = {"county": pack.code, "case_id": drawing.case_id}
    sheets = session.scalars(select(SheetRow).filter_by(**here).order_by(SheetRow.version)).all()
    drawn = next((sheet for sheet in sheets if sheet.key == drawing.key), None)
    if drawn is not None:
        return _units(session, here, drawn.version)
    if not sheets:
        _begin(session, here, drawing)
    facts = gather_facts(session, pack, rules, drawing.span).without(excluded_from(session, **here))
    lines = lines_of(facts, rules, drawing.period, drawing.units)
    key = {**here, "version": len(sheets) + 1}
    add_rows(session, SheetRow, [{**key, "key": drawing.key, "digest": pack.digest, "drawn_at": drawing.at}])
    add_rows(session, AssessedRow, rows_of(key, lines, rates_of(facts, pack, rules, drawing.span)))
    return [line.unit for line in lines]


def excluded_from(session: Session, county: str, case_id: str) -> set[str]:
    """The cases that an assessment does not count."""
    return set(session.scalars(select(ExclusionRow.excluded).filter_by(county=county, case_id=case_id)))


def find_counted(session: Session, county: str, case_id: str, unit: str, number: str) -> str | None:
    """The case of this number, if the last sheet of an assessment counted it for this unit."""
    matter = session.scalar(select(MatterRow.case_id).filter_by(county=county, number=number))
    here = {"county": county, "case_id": case_id, "part": UNIT, "unit": unit}
    lines = select(AssessedRow.figures).filter_by(**here).order_by(AssessedRow.version.desc()).limit(1)
    figures = session.scalar(lines)
    return matter if matter and figures and matter in figures["cases"] else None


def exclude(session: Session, county: str, case_id: str, **told: Any) -> None:
    """Have the next sheet leave a case out; `told` are the other columns. Said twice, the first reason stands."""
    if session.get(ExclusionRow, (county, case_id, told["excluded"])) is None:
        add_rows(session, ExclusionRow, [{"county": county, "case_id": case_id, **told}])


def publish(session: Session, county: str, case_id: str, signed: Sequence[dict[str, Any]], at: datetime) -> None:
    """Publish the last sheet, signed by these; what is published stays as it is."""
    row = session.get(AssessmentRow, (county, case_id), with_for_update=True)
    if row is not None and row.published_at is None:
        row.published_at, row.signed = at, list(signed)
        session.flush()


def _begin(session: Session, here: dict[str, Any], drawing: Drawing) -> None:
    title = session.get_one(MatterRow, (here["county"], drawing.case_id)).title
    days = {"first_day": drawing.span.first, "last_day": drawing.span.last, "appeals_until": drawing.appeals_until}
    row = {**here, **days, "title": title, "period": drawing.period, "published_at": None, "signed": []}
    add_rows(session, AssessmentRow, [row])


def _units(session: Session, here: dict[str, Any], version: int) -> list[str]:
    query = select(AssessedRow.unit).filter_by(**here, version=version, part=UNIT).order_by(AssessedRow.position)
    return list(session.scalars(query))
