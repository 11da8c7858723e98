"""What is counted is read from a county's rows in a few statements, packed away or not, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.store.archive import archive
from engine.store.tables import CaseRow, TaskRow
from processes.assessment.figures import DoneStep, Facts, UnitFigures, unit_figures
from processes.assessment.gather import Span, gather_facts
from processes.installation import Installation
from processes.tables import RatingRow
from tests.kit.actors import Actors, listening, pack_of
from tests.kit.sites import OPENED
from tests.processes.assessment.rows import the_rules

AUTUMN = Span(date(2026, 9, 1), date(2026, 11, 30))
TOLD = ("water_pipe", "two_rounds_of_rework", "one_unit_late", "urgent_flood", "withdrawn_at_triage")


def gathered(site: Installation, span: Span = AUTUMN) -> Facts:
    with site.db.read() as session:
        return gather_facts(session, pack_of(site), the_rules(), span)


def figures(site: Installation, span: Span = AUTUMN) -> dict[str, UnitFigures]:
    return {line.unit: line for line in unit_figures(gathered(site, span), the_rules())}


def played(site: Installation, *stories: str) -> dict[str, str]:
    return {name: Actors(site).play(pack_of(site).stories[name]) for name in stories}


def test_the_figures_of_a_county_that_has_been_at_work(site_on_both: Installation) -> None:
    cases = played(site_on_both, *TOLD)
    found = figures(site_on_both)
    environment = found["environment"].figures
    assert environment["rework"].missed == (cases["two_rounds_of_rework"],) and environment["rework"].hits == 2
    assert environment["response"].cases == (cases["two_rounds_of_rework"],)
    late = {unit for unit, line in found.items() if cases["one_unit_late"] in line.figures["response"].missed}
    assert len(late) == 1
    in_flood = {unit for unit, line in found.items() if cases["urgent_flood"] in line.cases}
    assert in_flood and all(found[unit].figures["response"].value is not None for unit in in_flood)
    assert cases["withdrawn_at_triage"] not in {case for line in found.values() for case in line.cases}


@pytest.mark.parametrize("packed", [False, True], ids=["open", "packed"])
def test_what_came_back_counts_against_whoever_had_done_it(site_on_both: Installation, packed: bool) -> None:
    actors = Actors(site_on_both)
    former = actors.play(pack_of(site_on_both).stories["reopened_and_solved"])
    again = actors.cases["重开"]
    if packed:
        with site_on_both.db.write() as session:
            archive(session, pack_of(site_on_both).code, former, actors.now or OPENED)
    line = figures(site_on_both)["urban_management"]
    assert line.figures["reopened"].missed == (again,) and line.figures["reopened"].value == Decimal("0.5")
    assert line.figures["solve"].cases == tuple(sorted((former, again)))
    only_the_former = figures(site_on_both, Span(date(2026, 9, 1), date(2026, 9, 30)))["urban_management"]
    assert only_the_former.figures["reopened"].hits == 0  # what came back counts where the new case does


def test_a_reopening_that_was_not_approved_counts_nowhere(site: Installation) -> None:
    played(site, "reopening_refused")
    assert gathered(site).came_back == ()


def test_counting_costs_five_statements_for_few_and_for_many(site_on_both: Installation) -> None:
    costs = []
    for _ in range(2):
        played(site_on_both, "water_pipe", "single_unit")
        pack = pack_of(site_on_both)
        with site_on_both.db.read() as session, listening(site_on_both) as heard:
            first = gather_facts(session, pack, the_rules(), AUTUMN)
        costs.append(len(heard))
        assert unit_figures(first, the_rules()) == unit_figures(gathered(site_on_both), the_rules())
    assert costs == [5, 5]


def test_counted_by_hand_from_the_rows(site: Installation) -> None:
    played(site, *TOLD)
    with site.db.read() as session:
        closed = set(session.scalars(select(CaseRow.id).where(CaseRow.ended_by == "closed")))
        tasks = [each for each in session.scalars(select(TaskRow)) if each.case_id in closed]
        marks = [each for each in session.scalars(select(RatingRow)) if each.case_id in closed]
    for unit, line in figures(site).items():
        reports = [
            task
            for task in tasks
            if task.state == "completed"
            and task.step in ("accept", "confirm")
            and task.outcome == "submit"
            and task.process_values["unit"] == unit
        ]
        on_time = [
            task for task in reports if task.due_at is None or (task.closed_at and task.closed_at <= task.due_at)
        ]
        assert (line.figures["response"].hits, line.figures["response"].of) == (len(on_time), len(reports))
        scores = [mark.score for mark in marks if mark.unit == unit and mark.aspect == "satisfaction"]
        assert line.figures["satisfaction"].hits == sum(scores)
        assert line.figures["satisfaction"].value == Decimal(sum(scores)) / len(scores) / 25


def test_a_case_that_was_packed_away_counts_like_before(site_on_both: Installation) -> None:
    cases = played(site_on_both, "water_pipe", "two_rounds_of_rework")
    before = gathered(site_on_both)
    with site_on_both.db.write() as session:
        county = pack_of(site_on_both).code
        ended = session.get_one(CaseRow, (county, cases["water_pipe"])).ended_at
        assert ended is not None
        archive(session, county, cases["water_pipe"], ended + timedelta(days=90))
        assert not session.scalars(select(TaskRow).where(TaskRow.case_id == cases["water_pipe"])).first()
    assert unit_figures(before, the_rules()) == unit_figures(gathered(site_on_both), the_rules())


@pytest.mark.parametrize(("shift", "counts"), [(0, True), (-1, False)])
def test_a_case_belongs_to_the_period_in_which_it_ended(site: Installation, shift: int, counts: bool) -> None:
    (case_id,) = played(site, "single_unit").values()
    with site.db.read() as session:
        ended = session.get_one(CaseRow, (pack_of(site).code, case_id)).ended_at
    assert ended is not None
    last = ended.astimezone(pack_of(site).calendar.zone).date() + timedelta(days=shift)
    assert bool(figures(site, Span(last - timedelta(days=90), last))) is counts
    assert not figures(site, Span(last + timedelta(days=1), last + timedelta(days=90))) or shift < 0


def test_whose_step_it_was_says_the_diagram_not_who_stood_in(site: Installation) -> None:
    played(site, "single_unit")
    with site.db.write() as session:
        task = session.scalars(select(TaskRow).where(TaskRow.step == "accept")).one()
        unit = task.process_values["unit"]
        task.groups = [["director", "whistle_office"]]
    rows = [row for row in gathered(site).steps if row.step == "accept"]
    assert [row.unit for row in rows] == [unit] and isinstance(rows[0], DoneStep)


def test_only_what_townships_raised_within_the_period_is_a_whistle(site: Installation) -> None:
    played(site, "water_pipe", "withdrawn_at_triage")
    assert sorted(row.unit for row in gathered(site).raised) == ["360428100", "360428109"]
    assert gathered(site, Span(date(2026, 8, 1), date(2026, 8, 31))) == Facts()
