"""What is made up when: more every month, in office hours, each kind of matter where it is at home."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cache

import pytest

from processes.demo.rhythm import Arrival, arrivals, months_before
from processes.demo.script import read_script
from tests.kit.sites import the_pack

FIRST = datetime.fromisoformat("2026-03-25T00:00:00+08:00")
LAST = datetime.fromisoformat("2026-09-25T16:20:00+08:00")


@cache
def half_a_year(seed: str = "1") -> list[Arrival]:
    pack = the_pack()
    return arrivals(pack, read_script(pack.files["demo.toml"]), seed, FIRST, LAST, 500)


def whistles() -> list[Arrival]:
    return [each for each in half_a_year() if each.start == "吹哨"]


def test_there_are_more_of_them_every_month() -> None:
    months = Counter(each.at.month for each in whistles())
    assert 490 <= len(whistles()) <= 500
    assert months[5] < months[7] < months[8]


def test_all_townships_and_most_departments_have_their_share() -> None:
    assert len({each.unit for each in whistles()}) == 26
    assert len({unit for each in whistles() for unit in each.facts["units"]}) >= 30


def test_what_is_not_urgent_is_raised_in_office_hours() -> None:
    calendar = the_pack().calendar
    for each in whistles():
        assert each.facts["urgent"] == "yes" or calendar.is_working_day(calendar.local(each.at).date())
    assert any(each.facts["urgent"] == "yes" and not calendar.is_open(each.at) for each in whistles())


def test_a_kind_of_matter_comes_from_two_townships_unless_it_is_everywhere() -> None:
    homes: dict[str, set[str]] = {}
    for each in whistles():
        homes.setdefault(each.facts["item"], set()).add(each.unit)
    assert {item for item, units in homes.items() if len(units) > 2} == {"D07"}


def test_there_is_more_flooding_in_early_summer() -> None:
    floods = Counter(each.at.month for each in whistles() if each.facts["item"] == "D07")
    assert floods[6] + floods[7] > 3 * (floods[8] + floods[9])


def test_meetings_and_the_assessment_are_on_working_days() -> None:
    others = [each for each in half_a_year() if each.start != "吹哨"]
    assert Counter(each.start for each in others) == {"联席会议": 6, "考核": 1}
    assert all(the_pack().calendar.is_open(each.at) for each in others)


def test_the_same_seed_makes_the_same_up() -> None:
    again = half_a_year.__wrapped__()
    assert again == half_a_year() != half_a_year("2")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 30), 6, date(2026, 5, 30)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 3, 1), 24, date(2024, 3, 1)),
    ],
)
def test_months_are_counted_back_by_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
