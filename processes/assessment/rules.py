"""How a county assesses its units (assessment.toml): what counts, for how many points, and the formula of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.feel import Expression

FILE = "assessment.toml"
Counts = Literal["on_time", "again", "rating", "reopened"]


@dataclass(frozen=True)
class Measure:
    """One figure as the county wants it counted.

    `on_time`: the share of cases where each of these `steps` was done by its due time. `again`: how often a case had to
    go through these steps once more. `reopened`: how often, for each case, a matter came back in which these steps had
    been done, as a case of `starts` begun about it that counts. `rating`: the mean score of these `aspects`, as a share
    of `most`. Only answers with one of `outcomes` count, when there are any. `missing` is the value of a unit that has
    none; without it such a unit is not ranked.
    """

    key: str
    name: str
    counts: Counts
    points: Decimal
    steps: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    most: Decimal = Decimal(1)
    starts: tuple[str, ...] = ()
    missing: Decimal | None = None


@dataclass(frozen=True)
class Period:
    """Half a year, or a year: a unit with fewer cases than `at_least` is shown and not ranked."""

    key: str
    name: str
    at_least: int


@dataclass(frozen=True)
class Band:
    """How often a township should whistle: neither too seldom nor too often, matters for each `per_days` days."""

    name: str
    kinds: tuple[str, ...]
    starts: tuple[str, ...]
    per_days: int
    least: Decimal
    most: Decimal
    below: str
    within: str
    above: str


@dataclass(frozen=True)
class Rules:
    """A county's rules of assessment.

    Cases of `processes` count that ended at one of `ends` within the period, for the unit that the process variable
    `unit` names, if it is of one of `kinds`; ratings count that a unit of one of the kinds `raters` gave.
    """

    name: str
    points: Decimal
    decimals: int
    processes: tuple[str, ...]
    ends: tuple[str, ...]
    unit: str
    kinds: tuple[str, ...]
    raters: tuple[str, ...]
    draft_shows: Literal["own", "ranks", "all"]
    score: Expression
    periods: Mapping[str, Period]
    measures: Mapping[str, Measure]
    band: Band

    @property
    def steps(self) -> frozenset[str]:
        """Every step that some measure looks at."""
        return frozenset(step for measure in self.measures.values() for step in measure.steps)

    @property
    def reopenings(self) -> frozenset[str]:
        """Every start whose cases some measure counts as matters that came back."""
        return frozenset(start for measure in self.measures.values() for start in measure.starts)

    @property
    def aspects(self) -> frozenset[str]:
        """Every aspect of the ratings that some measure looks at."""
        return frozenset(aspect for measure in self.measures.values() for aspect in measure.aspects)

    @property
    def names(self) -> frozenset[str]:
        """What the formula may name: each figure, its points, how many cases it has, and the two totals."""
        return frozenset({"points", "cases", *(f"{key}{end}" for key in self.measures for end in ENDINGS)})


ENDINGS = ("", "_points", "_cases")
"""What the formula may know of each figure: its value, the points it is worth, the number of its cases."""
