"""The figures of units, and how often townships whistled: pure, the same rows give the same figures.

Excluding a case (剔除) takes its rows away before anything is counted: it is as though it had never been.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from processes.assessment.rules import Band, Measure, Rules


@dataclass(frozen=True)
class DoneStep:
    """A step that was done for a unit in a case that counts; `due_at` is None where it had no limit."""

    case_id: str
    unit: str
    step: str
    outcome: str
    due_at: datetime | None
    closed_at: datetime


@dataclass(frozen=True)
class Rated:
    """A score that a unit got in a case that counts; `by_rule` when nobody rated in time."""

    case_id: str
    unit: str
    aspect: str
    score: Decimal
    by_rule: bool = False


@dataclass(frozen=True)
class CameBack:
    """A case that counts and was begun, as a `start`, about an ended one, in which this unit had done this step."""

    case_id: str
    unit: str
    step: str
    start: str


@dataclass(frozen=True)
class Raised:
    """A matter that a township raised within the period."""

    case_id: str
    unit: str


@dataclass(frozen=True)
class Facts:
    """All rows of a county's period that somebody might want counted."""

    steps: tuple[DoneStep, ...] = ()
    ratings: tuple[Rated, ...] = ()
    raised: tuple[Raised, ...] = ()
    came_back: tuple[CameBack, ...] = ()

    def without(self, excluded: Collection[str]) -> Facts:
        """The same without these cases."""
        left = (_but(self.steps, excluded), _but(self.ratings, excluded), _but(self.raised, excluded))
        return Facts(*left, _but(self.came_back, excluded))


Row = TypeVar("Row", DoneStep, Rated, Raised, CameBack)


def _but(rows: Iterable[Row], excluded: Collection[str]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.case_id not in excluded)


@dataclass(frozen=True)
class Figure:
    """A number of one unit and where it comes from: `hits` of `of`, counted from `cases`; `missed` did not do it, and
    `by_rule` were rated by the county's rule because nobody did.
    """

    value: Decimal | None = None
    hits: Decimal = Decimal(0)
    of: int = 0
    cases: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    by_rule: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitFigures:
    """What was counted for a unit: `cases` are all it took part in."""

    unit: str
    cases: tuple[str, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Rate:
    """How often a township whistled, for each so many days as the band says; `place` is below, within or above."""

    unit: str
    cases: tuple[str, ...]
    value: Decimal
    place: str


def unit_figures(facts: Facts, rules: Rules) -> list[UnitFigures]:
    """The figures of every unit that took part in a case, by its code."""
    steps, ratings, came_back = _by_unit(facts.steps), _by_unit(facts.ratings), _by_unit(facts.came_back)
    found = []
    for unit in sorted({*steps, *ratings, *came_back}):
        of_unit = Facts(
            steps=tuple(steps.get(unit, ())),
            ratings=tuple(ratings.get(unit, ())),
            came_back=tuple(came_back.get(unit, ())),
        )
        figures = {key: _COUNTED[measure.counts](measure, of_unit) for key, measure in rules.measures.items()}
        cases = {case for figure in figures.values() for case in figure.cases}
        if cases:
            found.append(UnitFigures(unit, tuple(sorted(cases)), figures))
    return found


def rates(facts: Facts, band: Band, townships: Iterable[str], days: int) -> list[Rate]:
    """How often each of these townships whistled in a period of so many days, also those that never did."""
    raised = _by_unit(facts.raised)
    return [_rate(unit, [row.case_id for row in raised.get(unit, [])], band, days) for unit in townships]


def _rate(unit: str, cases: list[str], band: Band, days: int) -> Rate:
    value = Decimal(len(cases) * band.per_days) / days
    place = "below" if value < band.least else "above" if value > band.most else "within"
    return Rate(unit, tuple(sorted(cases)), value, place)


def _by_unit(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    return found


def _done(measure: Measure, steps: Iterable[DoneStep]) -> dict[str, list[DoneStep]]:
    """By case, what this measure looks at."""
    found: dict[str, list[DoneStep]] = {}
    for row in steps:
        if row.step in measure.steps and (not measure.outcomes or row.outcome in measure.outcomes):
            found.setdefault(row.case_id, []).append(row)
    return found


def _on_time(measure: Measure, of_unit: Facts) -> Figure:
    done = _done(measure, of_unit.steps)
    late = {case for case, rows in done.items() if any(row.due_at and row.closed_at > row.due_at for row in rows)}
    return _share(Decimal(len(done) - len(late)), done, late)


def _again(measure: Measure, of_unit: Facts) -> Figure:
    done = _done(measure, of_unit.steps)
    again = {case: len(rows) - len({row.step for row in rows}) for case, rows in done.items()}
    return _share(Decimal(sum(again.values())), done, {case for case, times in again.items() if times})


def _reopened(measure: Measure, of_unit: Facts) -> Figure:
    """What came back counts where the new case does, against whoever had done the former."""
    wanted = (row for row in of_unit.came_back if row.start in measure.starts and row.step in measure.steps)
    back = {row.case_id for row in wanted}
    return _share(Decimal(len(back)), {*_done(measure, of_unit.steps), *back}, back)


def _rating(measure: Measure, of_unit: Facts) -> Figure:
    scores = [row for row in of_unit.ratings if row.aspect in measure.aspects]
    if not scores:
        return Figure()
    total = sum((row.score for row in scores), Decimal(0))
    cases = tuple(sorted({row.case_id for row in scores}))
    by_rule = tuple(sorted({row.case_id for row in scores if row.by_rule}))
    return Figure(total / len(scores) / measure.most, total, len(scores), cases, by_rule=by_rule)


def _share(hits: Decimal, cases: Collection[str], missed: Collection[str]) -> Figure:
    value = hits / len(cases) if cases else None
    return Figure(value, hits, len(cases), tuple(sorted(cases)), tuple(sorted(missed)))


_COUNTED: Mapping[str, Callable[[Measure, Facts], Figure]] = {
    "reopened": _reopened,
    "on_time": _on_time,
    "again": _again,
    "rating": _rating,
}
