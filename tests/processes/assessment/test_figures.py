"""Figures are counted from rows and from nothing else; an excluded case is a case that never was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from processes.assessment.figures import CameBack, DoneStep, Facts, Raised, Rated, rates, unit_figures
from processes.assessment.read import rules_in
from processes.assessment.rules import Measure, Period, Rules
from processes.assessment.scoring import scored
from processes.assessment.sheet import line_in, rows_of
from processes.tables_assessment import AssessedRow
from tests.kit.sites import the_folder
from tests.processes.assessment.rows import CASES, DUE, did, rated, the_rules

UNITS, TOWNSHIPS = ["housing", "water", "health"], ["360428100", "360428109", "360428200"]


RULES = the_rules()
steps = some.builds(
    DoneStep,
    some.sampled_from(CASES),
    some.sampled_from(UNITS),
    some.sampled_from(["accept", "confirm", "submit_result", "plan"]),
    some.sampled_from(["submit", "refuse"]),
    some.sampled_from([None, DUE]),
    some.sampled_from([DUE - timedelta(hours=1), DUE, DUE + timedelta(seconds=1)]),
)
ratings = some.builds(
    Rated,
    some.sampled_from(CASES),
    some.sampled_from(UNITS),
    some.sampled_from(["arrival", "handling", "satisfaction", "diligence", "cooperation"]),
    some.integers(0, 25).map(Decimal),
)
matters = some.builds(Raised, some.sampled_from(CASES), some.sampled_from(TOWNSHIPS))
backs = some.builds(
    CameBack,
    some.sampled_from(CASES),
    some.sampled_from(UNITS),
    some.sampled_from(["submit_result", "work_on_site", "plan"]),
    some.sampled_from(["重开", "回看"]),
)
facts = some.builds(
    Facts,
    some.lists(steps, max_size=25).map(tuple),
    some.lists(ratings, max_size=25).map(tuple),
    some.lists(matters, max_size=12).map(tuple),
    some.lists(backs, max_size=12).map(tuple),
)
YEAR = Period("year", "全年", 3)


# -- what is counted


def test_what_came_back_counts_once_for_each_case_and_only_if_the_county_asks_for_it() -> None:
    back = tuple(
        CameBack(case, "water", step, start)
        for case, step, start in (
            (CASES[1], "submit_result", "重开"),
            (CASES[1], "work_on_site", "重开"),
            (CASES[2], "plan", "重开"),
            (CASES[3], "submit_result", "回看"),
        )
    )
    figure = unit_figures(Facts((did(CASES[0], "submit_result"),), came_back=back), RULES)[0].figures["reopened"]
    assert (figure.value, figure.hits, figure.of, figure.missed) == (Decimal("0.5"), 1, 2, (CASES[1],))


def test_a_case_is_on_time_when_every_step_of_it_was() -> None:
    rows = (did(CASES[0], "accept"), did(CASES[1], "accept", late=True), did(CASES[1], "accept"))
    figure = unit_figures(Facts(rows), RULES)[0].figures["response"]
    assert (figure.value, figure.hits, figure.of) == (Decimal("0.5"), 1, 2)
    assert (figure.cases, figure.missed) == ((CASES[0], CASES[1]), (CASES[1],))


def test_a_refusal_is_no_report_in_and_does_not_make_one_take_part() -> None:
    assert unit_figures(Facts((did(CASES[0], "accept", late=True, outcome="refuse"),)), RULES) == []


def test_a_step_done_once_more_is_rework() -> None:
    rows = (did(CASES[0], "submit_result"), did(CASES[1], "submit_result"), did(CASES[1], "submit_result"))
    figure = unit_figures(Facts(rows), RULES)[0].figures["rework"]
    assert (figure.value, figure.hits, figure.missed) == (Decimal("0.5"), 1, (CASES[1],))


def test_ratings_are_a_share_of_the_most_that_can_be_got() -> None:
    found = unit_figures(Facts(ratings=(rated(CASES[0], 25), rated(CASES[1], 20))), RULES)[0]
    assert found.figures["arrival"].value == Decimal("0.9") and found.figures["arrival"].of == 2
    assert found.figures["response"].value is None and found.cases == (CASES[0], CASES[1])


def test_what_the_rule_rated_counts_and_stays_marked_on_the_sheet() -> None:
    by_rule = replace(rated(CASES[1], 20), by_rule=True)
    (found,) = unit_figures(Facts(ratings=(rated(CASES[0], 25), by_rule)), RULES)
    figure = found.figures["arrival"]
    assert (figure.value, figure.cases, figure.by_rule) == (Decimal("0.9"), (CASES[0], CASES[1]), (CASES[1],))
    (line,) = scored([found], RULES, YEAR)
    (row,) = rows_of({"county": "360428", "case_id": CASES[2], "version": 1}, [line], [])
    assert line_in(AssessedRow(**row)).figures["arrival"] == figure
    del row["figures"]["arrival"]["by_rule"]
    assert line_in(AssessedRow(**row)).figures["arrival"].by_rule == (), "sheets drawn before knew of no such thing"


def test_whistles_are_counted_against_the_band() -> None:
    raised = (*(Raised(case, TOWNSHIPS[0]) for case in CASES[:7]), Raised(CASES[7], TOWNSHIPS[1]))
    band = replace(RULES.band, per_days=30, least=Decimal("0.5"), most=Decimal(6))
    found = rates(Facts(raised=raised), band, TOWNSHIPS, 30)
    assert [(each.unit, each.value, each.place) for each in found] == [
        (TOWNSHIPS[0], 7, "above"),
        (TOWNSHIPS[1], 1, "within"),
        (TOWNSHIPS[2], 0, "below"),
    ]


# -- laws


@given(facts, some.sets(some.sampled_from(CASES)))
def test_excluding_a_case_is_the_same_as_its_never_having_been(rows: Facts, excluded: set[str]) -> None:
    def never(rows: Facts) -> Facts:
        kept = set(CASES) - excluded
        told = (rows.steps, rows.ratings, rows.raised, rows.came_back)
        parts = ([row for row in part if row.case_id in kept] for part in told)
        return Facts(*(tuple(part) for part in parts))  # type: ignore[arg-type]  # each of its own kind

    left = rows.without(excluded)
    assert scored(unit_figures(left, RULES), RULES, YEAR) == scored(unit_figures(never(rows), RULES), RULES, YEAR)
    assert rates(left, RULES.band, TOWNSHIPS, 30) == rates(never(rows), RULES.band, TOWNSHIPS, 30)
    assert not excluded & {case for line in unit_figures(left, RULES) for case in line.cases}


@given(facts, some.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: Facts, random: some.DrawFn) -> None:
    def shuffled(part: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(part, len(part)))  # type: ignore[attr-defined]  # a Random

    told = (rows.steps, rows.ratings, rows.raised, rows.came_back)
    other = Facts(*(shuffled(part) for part in told))  # type: ignore[arg-type]  # as they were
    assert unit_figures(rows, RULES) == unit_figures(other, RULES)


@given(facts)
def test_figures_are_what_counting_by_hand_gives(rows: Facts) -> None:
    found = {line.unit: line for line in unit_figures(rows, RULES)}
    for unit in UNITS:
        for key, measure in RULES.measures.items():
            value = found[unit].figures[key].value if unit in found else None
            assert (value is None) == (by_hand(rows, unit, measure) is None)
            if value is not None:
                assert abs(Fraction(value) - (by_hand(rows, unit, measure) or 0)) < Fraction(1, 10**20)


def by_hand(rows: Facts, unit: str, measure: Measure) -> Fraction | None:
    if measure.counts == "rating":
        scores = [row.score for row in rows.ratings if row.unit == unit and row.aspect in measure.aspects]
        return Fraction(sum(scores)) / len(scores) / Fraction(measure.most) if scores else None
    shares = list(_by_case(rows, unit, measure))
    return Fraction(sum(shares), len(shares)) if shares else None


def _by_case(rows: Facts, unit: str, measure: Measure) -> Iterator[int]:
    for case in CASES:
        mine = [row for row in rows.steps if (row.case_id, row.unit) == (case, unit) and row.step in measure.steps]
        mine = [row for row in mine if not measure.outcomes or row.outcome in measure.outcomes]
        if measure.counts == "reopened":
            back = [row for row in rows.came_back if (row.case_id, row.unit) == (case, unit)]
            times = [row for row in back if row.start in measure.starts and row.step in measure.steps]
            yield from [int(bool(times))] * bool(mine or times)
        elif mine and measure.counts == "on_time":
            yield int(all(row.due_at is None or row.closed_at <= row.due_at for row in mine))
        elif mine:
            yield sum(max(0, sum(row.step == step for row in mine) - 1) for step in measure.steps)


@given(facts)
def test_ranks_follow_scores_and_nobody_below_the_minimum_has_one(rows: Facts) -> None:
    lines = scored(unit_figures(rows, RULES), RULES, YEAR)
    ranked = [line for line in lines if line.rank is not None]
    assert lines[: len(ranked)] == ranked and all(line.why for line in lines[len(ranked) :])
    for line in ranked:
        assert len(line.cases) >= YEAR.at_least and line.score is not None
        assert line.rank == 1 + sum((other.score or 0) > line.score for other in ranked)
        assert 0 <= line.score <= RULES.points


# -- scores


def test_a_unit_that_did_everything_gets_all_points_and_one_that_is_late_the_less() -> None:
    aspects = ("arrival", "handling", "satisfaction", "diligence")
    best = [did(case, step) for case in CASES[:4] for step in ("accept", "submit_result")]
    marks = tuple(rated(case, 25, aspect) for case in CASES[:4] for aspect in aspects)
    late = [replace(row, closed_at=row.closed_at + timedelta(hours=1)) if row.step == "accept" else row for row in best]
    assert [line.score for line in scored(unit_figures(Facts(tuple(best), marks), RULES), RULES, YEAR)] == [30]
    assert [line.score for line in scored(unit_figures(Facts(tuple(late), marks), RULES), RULES, YEAR)] == [24]


def test_same_scores_have_the_same_rank_and_the_next_counts_on() -> None:
    rules = replace(RULES, score=rules_with('score = "response * points"').score)
    rows = [did(case, "accept", unit=unit) for unit in ("a", "b", "c", "d") for case in CASES[:4]]
    rows += [did(CASES[4], "accept", late=True, unit="d"), did(CASES[4], "accept", unit="a")]
    lines = scored(unit_figures(Facts(tuple(rows)), rules), rules, YEAR)
    assert [(line.unit, line.rank) for line in lines] == [("a", 1), ("b", 1), ("c", 1), ("d", 4)]


def test_too_few_cases_and_missing_figures_say_why_there_is_no_rank() -> None:
    few = Facts((did(CASES[0], "accept"),))
    unrated = Facts(tuple(did(case, step) for case in CASES[:4] for step in ("accept", "submit_result")))
    (line,), (other,) = (scored(unit_figures(each, RULES), RULES, YEAR) for each in (few, unrated))
    assert (line.rank, line.score, line.why) == (None, None, "只有 1 件，不足 3 件")
    assert other.rank is None and other.why == "没有可计的“报到效率”“事项办理”“群众满意度”“履职尽责”"


def test_a_formula_that_gives_no_number_ranks_nobody() -> None:
    rules = replace(RULES, score=rules_with('score = "response / 0"').score)
    rows = Facts(tuple(did(case, "accept") for case in CASES[:4]))
    (line,) = scored(unit_figures(rows, rules), rules, YEAR)
    assert (line.rank, line.why) == (None, "按算式得不出分数")


def rules_with(score: str) -> Rules:
    text = the_folder()["assessment.toml"].decode()
    begins, ends = text.index('score = """'), text.index('"""', text.index('score = """') + 11) + 3
    rules = rules_in({"assessment.toml": (text[:begins] + score + text[ends:]).encode()})
    assert rules is not None
    return rules
