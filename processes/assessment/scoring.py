"""Scores and ranks from figures, by the county's formula (FEEL): pure. Who has too few cases is shown, not ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from engine.feel import FeelError
from processes.assessment.figures import Figure, UnitFigures
from processes.assessment.rules import Measure, Period, Rules

NO_SCORE = "按算式得不出分数"


@dataclass(frozen=True)
class Line:
    """One unit of the sheet: its figures, and its score and rank, or `why` it has none."""

    unit: str
    cases: tuple[str, ...]
    figures: Mapping[str, Figure]
    score: Decimal | None = None
    rank: int | None = None
    why: str = ""


def scored(found: Sequence[UnitFigures], rules: Rules, period: Period) -> list[Line]:
    """The lines of a sheet, the best first; units that are not ranked stand at the end, by their codes.

    Units with the same score have the same rank, and the next one counts on (1, 2, 2, 4).
    """
    lines = [_line(each, rules, period) for each in found]
    ranked = sorted((line for line in lines if line.score is not None), key=_best_first)
    scores = [line.score for line in ranked]
    return [
        *(replace(line, rank=scores.index(line.score) + 1) for line in ranked),
        *(line for line in lines if line.score is None),
    ]


def score_of(values: Mapping[str, Decimal | None], rules: Rules) -> Decimal | None:
    """What the formula makes of these values, rounded half up; None when that is no number."""
    try:
        score = rules.score.evaluate(values)
    except FeelError:
        return None
    if isinstance(score, bool) or not isinstance(score, int | Decimal):
        return None
    return Decimal(score).quantize(Decimal(1).scaleb(-rules.decimals), rounding=ROUND_HALF_UP)


def values_of(found: UnitFigures, rules: Rules) -> dict[str, Decimal | None]:
    """What the formula may know of a unit (`Rules.names`)."""
    values: dict[str, Decimal | None] = {"points": rules.points, "cases": Decimal(len(found.cases))}
    for key, measure in rules.measures.items():
        figure = found.figures[key]
        values[key] = measure.missing if figure.value is None else figure.value
        values[f"{key}_points"] = measure.points
        values[f"{key}_cases"] = Decimal(len(figure.cases))
    return values


def _line(found: UnitFigures, rules: Rules, period: Period) -> Line:
    line = Line(found.unit, found.cases, found.figures)
    lacking = _lacking(found, rules)
    if len(found.cases) < period.at_least:
        return replace(line, why=f"只有 {len(found.cases)} 件，不足 {period.at_least} 件")
    if lacking:
        return replace(line, why=f"没有可计的“{'”“'.join(each.name for each in lacking)}”")
    score = score_of(values_of(found, rules), rules)
    return replace(line, score=score, why=NO_SCORE if score is None else "")


def _lacking(found: UnitFigures, rules: Rules) -> list[Measure]:
    """What the formula asks for and this unit has not, unless the folder says how that is taken."""
    asked = (measure for key, measure in rules.measures.items() if key in rules.score.names)
    return [each for each in asked if found.figures[each.key].value is None and each.missing is None]


def _best_first(line: Line) -> tuple[Decimal, str]:
    return -(line.score or Decimal(0)), line.unit
