"""Bursts: one person who rates many matters in a short time, by the county's own numbers; told, never refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from processes.bursts import Act, BurstRules, burst_rules, find_bursts
from processes.check import check
from processes.queries.ratings import recent_bursts
from tests.kit.actors import a_case, pack_of
from tests.kit.folders import another_version
from tests.kit.sites import a_site, person_id, the_pack

NINE = datetime(2026, 9, 17, 1, tzinfo=UTC)
RULES = BurstRules(3, timedelta(minutes=10))
RATED = 1 + max(number for number, told in enumerate(the_pack().stories["single_unit"].steps) if told.does == "rate")


def acts(*minutes: int, by: str = "a", cases: str = "") -> list[Act]:
    return [
        Act(by, cases[place] if cases else f"case {by} {place}", "town", NINE + timedelta(minutes=minute))
        for place, minute in enumerate(minutes)
    ]


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ((0, 5, 10), [3]),
        ((0, 5, 11), []),
        ((0, 0), []),
        ((0, 5, 10, 15, 20), [5]),
        ((0, 1, 2, 60, 61, 62), [3, 3]),
        ((0, 20, 40, 60, 61, 62), [3]),
        ((), []),
    ],
)
def test_enough_matters_within_the_minutes_are_one_burst(minutes: tuple[int, ...], found: list[int]) -> None:
    assert [len(burst.acts) for burst in find_bursts(acts(*minutes), RULES)] == found


def test_people_are_told_apart_and_a_matter_counts_once() -> None:
    assert not find_bursts([*acts(0, 1), *acts(0, 1, by="b")], RULES)
    assert not find_bursts(acts(0, 1, 2, cases="xxy"), RULES)
    (burst,) = find_bursts([*acts(0, 1, 2, by="b"), *acts(0)], RULES)
    assert burst.by == "b" and len(burst.cases) == 3


def test_the_latest_stands_first() -> None:
    early, late = acts(0, 1, 2, by="a"), acts(30, 31, 32, by="b")
    assert [burst.by for burst in find_bursts([*early, *late], RULES)] == ["b", "a"]


def test_a_county_is_asked_for_its_own_numbers(tmp_path: Path) -> None:
    five, two = (f'value = {many}\nsource = "本县运行约定，可改；只提示' for many in (5, 2))
    files = another_version("limits.toml", five, two)
    inst = a_site(tmp_path, folder=files)
    assert burst_rules(pack_of(inst), NINE.date()) == BurstRules(2, timedelta(minutes=30))
    cases = {a_case(inst, RATED) for _ in range(2)}
    with inst.db.read() as session:
        (burst,) = recent_bursts(session, pack_of(inst), NINE + timedelta(days=1))
        assert (burst.by, burst.cases) == (person_id(inst, "vetter@360428109"), cases)
        assert not recent_bursts(session, the_pack(), NINE + timedelta(days=1)), "five are asked for as it is shipped"
        assert not recent_bursts(session, pack_of(inst), NINE + timedelta(days=400)), "of a year ago nobody asks"
    inst.db.close()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"burst_matters"', '"burst_matter"', "“burst_matter”不是 limits.toml 里的阈值，您是不是想写“burst_matters”"),
        ('minutes = "burst', 'minute = "burst', "[bursts] 要写 matters（几件）和 minutes（多少分钟）"),
        ('"burst_matters"', "5", "[bursts] matters 里的“5”不是 limits.toml 里的阈值"),
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_used_is_told(old: str, new: str, sentence: str) -> None:
    assert any(sentence in each.message_zh for each in check(another_version("county.toml", old, new)).findings)
