"""A sheet: what was drawn at one time, as rows and back, so that it reads as it was whatever changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from processes.assessment.figures import Facts, Figure, Rate, UnitFigures, rates, unit_figures
from processes.assessment.gather import Span
from processes.assessment.rules import Rules
from processes.assessment.scoring import Line, scored
from processes.pack import Pack
from processes.tables_assessment import AssessedRow

UNIT, TOWNSHIP = "unit", "township"


def lines_of(facts: Facts, rules: Rules, period: str, units: Iterable[str]) -> list[Line]:
    """The lines of these units, or of all that took part when none is named; who was named has a line in any case."""
    wanted = list(units)
    found = {each.unit: each for each in unit_figures(facts, rules)}
    nothing = {key: Figure() for key in rules.measures}
    chosen = [found.get(unit) or UnitFigures(unit, (), nothing) for unit in sorted(wanted or found)]
    return scored(chosen, rules, rules.periods[period])


def rates_of(facts: Facts, pack: Pack, rules: Rules, span: Span) -> list[Rate]:
    """How often each township of the county whistled, in the order of its list."""
    townships = [unit.code for kind in rules.band.kinds for unit in pack.units_of_kind.get(kind, ())]
    return rates(facts, rules.band, townships, span.days)


def rows_of(key: Mapping[str, Any], lines: Iterable[Line], townships: Iterable[Rate]) -> Iterator[dict[str, Any]]:
    """The rows of a sheet; `key` are its county, case and version."""
    for position, line in enumerate(lines):
        figures = {"cases": list(line.cases), **{name: _written(each) for name, each in line.figures.items()}}
        score = None if line.score is None else str(line.score)
        told = {"figures": figures, "score": score, "rank": line.rank, "why": line.why}
        yield {**key, "part": UNIT, "unit": line.unit, "position": position, **told}
    for position, rate in enumerate(townships):
        told = {"figures": {"cases": list(rate.cases), "value": str(rate.value)}, "score": None, "rank": None}
        yield {**key, "part": TOWNSHIP, "unit": rate.unit, "position": position, "why": rate.place, **told}


def line_in(row: AssessedRow) -> Line:
    """The line that a row holds."""
    figures = {name: _read(each) for name, each in row.figures.items() if name != "cases"}
    score = None if row.score is None else Decimal(row.score)
    return Line(row.unit, tuple(row.figures["cases"]), figures, score, row.rank, row.why)


def rate_in(row: AssessedRow) -> Rate:
    """The township's rate that a row holds."""
    return Rate(row.unit, tuple(row.figures["cases"]), Decimal(row.figures["value"]), row.why)


def _written(figure: Figure) -> dict[str, Any]:
    value = None if figure.value is None else str(figure.value)
    cases = {"cases": list(figure.cases), "missed": list(figure.missed), "by_rule": list(figure.by_rule)}
    return {"value": value, "hits": str(figure.hits), "of": figure.of, **cases}


def _read(written: Mapping[str, Any]) -> Figure:
    value = None if written["value"] is None else Decimal(written["value"])
    cases = (tuple(written["cases"]), tuple(written["missed"]), tuple(written.get("by_rule", ())))
    return Figure(value, Decimal(written["hits"]), written["of"], *cases)
