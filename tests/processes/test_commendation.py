"""Who may be commended: the formula for persons, places, who is barred, and what is wrong with commendation.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from processes.assessment.figures import Rated
from processes.assessment.scoring import Line
from processes.commendation.candidates import Candidate, Work, offered, person_candidates, unit_candidates
from processes.commendation.rules import FILE, Commending, commending_in, loose_commending, read_commending
from processes.toml_tables import RulesUnreadable
from tests.kit.sites import the_folder, the_pack
from tests.processes.assessment.rows import CASES, DUE, rated

TEXT = the_folder()[FILE].decode()


def rules(**changes: object) -> Commending:
    found = commending_in(the_folder())
    assert found is not None
    return replace(found, **{"at_least": 1, **changes})  # type: ignore[arg-type]  # fields of the rules


def did(case: str, person: str, *, late: bool = False, unit: str = "water") -> Work:
    return Work(case, unit, person, DUE, DUE + timedelta(minutes=1 if late else 0))


def all_aspects(case: str, each: int) -> list[Rated]:
    return [rated(case, each, aspect) for aspect in ("arrival", "handling", "satisfaction", "diligence")]


def test_a_person_scores_by_what_was_in_time_and_how_their_unit_was_rated() -> None:
    works = [did(CASES[0], "wang"), did(CASES[0], "wang", late=True), did(CASES[1], "wang"), did(CASES[1], "wang")]
    ratings = [*all_aspects(CASES[0], 20), *all_aspects(CASES[1], 25)]
    (found,) = person_candidates(works, ratings, rules())
    assert found == Candidate("water", Decimal("82.50"), "82.50 分，2 件，按时 3/4 步，评分 90%", "wang")


def test_without_a_limit_a_step_is_in_time_and_without_a_rating_only_time_counts() -> None:
    (found,) = person_candidates([Work(CASES[0], "water", "wang", None, DUE)], [], rules())
    assert (found.score, found.why) == (Decimal("50.00"), "50.00 分，1 件，按时 1/1 步，没有评分")


def test_who_has_too_few_cases_is_no_candidate_and_the_best_come_first() -> None:
    works = [did(CASES[0], "wang", late=True), did(CASES[1], "wang"), did(CASES[0], "li"), did(CASES[1], "li")]
    works.append(did(CASES[0], "zhao"))
    found = person_candidates(works, [], rules(at_least=2))
    assert [each.person for each in found] == ["li", "wang"]


def test_a_formula_that_gives_no_number_makes_nobody_a_candidate() -> None:
    odd = read_commending(TEXT.replace('score = "on_time * 50', 'score = "null * 50').encode())
    assert person_candidates([did(CASES[0], "wang")], [], replace(odd, at_least=1)) == []


def test_only_units_that_were_ranked_are_candidates() -> None:
    lines = [Line("housing", ("a", "b"), {}, Decimal("28.5"), 1), Line("water", ("a",), {}, why="只有 1 件")]
    assert unit_candidates(lines) == [Candidate("housing", Decimal("28.5"), "第 1 名，28.5 分，2 件")]


def units(*codes: str) -> list[Candidate]:
    return [Candidate(code, Decimal(9), "9 分") for code in codes]


def test_the_first_are_suggested_the_barred_take_no_place_and_there_is_a_reserve() -> None:
    rows = offered(units("a", "b", "c", "d", "e", "f", "g"), 2, {"b": "其间被挂牌督办"}, {"a": "甲局", "b": "乙局"})
    assert [(row["unit"], row["suggested"], row["barred"]) for row in rows] == [
        ("a", True, ""),
        ("b", False, "其间被挂牌督办"),
        ("c", True, ""),
        ("d", False, ""),
        ("e", False, ""),
    ]
    assert [row["name"] for row in rows[:2]] == ["甲局（9 分；建议）", "乙局（9 分；不能评：其间被挂牌督办）"]


def test_persons_are_called_by_their_unit_and_name_and_barred_with_their_unit() -> None:
    (row,) = offered([Candidate("a", Decimal(9), "9 分", "p1")], 1, {"a": "约谈"}, {"a": "甲局", "p1": "王磊"})
    assert (row["name"], row["person"], row["called"]) == ("甲局　王磊（9 分；不能评：约谈）", "p1", "王磊")


def test_without_places_nobody_is_offered() -> None:
    assert offered(units("a"), 0, {}, {}) == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('periods = ["year"]', 'periods = "year"', "periods 应写成一列文字"),
        ("at_least = 5", "at_least = 0", "[persons] at_least 应为 1 至 10000 的整数"),
        ("most = 100", "most = 0", "[persons] most 应大于 0"),
        ("[persons]", "[person]", "您是不是想写“persons”"),
        ("on_time * 50", "on_tim * 50", "没有“on_tim”"),
        ("on_time * 50", "summ([on_time]) * 50", "没有“summ”"),
        ("on_time * 50 +", "on_time * * 50 +", "不是正确的 FEEL"),
        ("decimals = 2", "decimals =", "不是正确的 TOML"),
    ],
)
def test_a_file_that_cannot_be_used_says_which_line(was: str, now: str, told: str) -> None:
    assert TEXT.count(was) == 1 or was == "[persons]"
    with pytest.raises(RulesUnreadable) as refused:
        read_commending(TEXT.replace(was, now, 1).encode())
    assert told in str(refused.value)


def loose(*changes: tuple[str, str], without: bool = False) -> Iterator[str]:
    text = TEXT
    for was, now in changes:
        text = text.replace(was, now)
    files = {name: raw for name, raw in the_folder().items() if name != FILE}
    if not without:
        files[FILE] = text.encode()
    pack = the_pack()
    return loose_commending(replace(pack, definition=replace(pack.definition, files=files)))


def test_the_model_county_s_file_fits_and_every_name_in_it_is_checked() -> None:
    assert list(loose()) == []
    assert list(loose(('"year"', '"yaer"'))) == ["periods 用到了没有的考核周期“yaer”，您是不是想写“year”"]
    assert list(loose(('"talk"', '"tlak"'))) == ["barred_rungs 用到了没有的督办的级“tlak”，您是不是想写“talk”"]
    assert next(loose(('"plan"', '"plam"'))).startswith("[persons] steps 用到了没有的步骤“plam”")
    assert next(loose(("at_least = 5", "at_least = 0"))).startswith("[persons] at_least")


def test_a_diagram_that_draws_candidates_needs_the_file() -> None:
    assert list(loose(without=True)) == ["“拟出人选”要用它拟出人选，文件夹里却没有这个文件"]


def test_without_barred_rungs_nobody_is_barred() -> None:
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith("barred_rungs"))
    assert read_commending(text.encode()).barred_rungs == ()
