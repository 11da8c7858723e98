"""assessment.toml: what does not fit is said in a sentence; what staff change in it is what the next figures follow."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from processes.assessment.figures import Facts, Raised, rates, unit_figures
from processes.assessment.read import rules_in
from processes.assessment.rules import Rules
from processes.assessment.scoring import Line, scored
from processes.check import check
from tests.kit.sites import the_folder
from tests.processes.assessment.rows import CASES, did, rated

ASPECTS = ("arrival", "handling", "satisfaction", "diligence")


def edited(old: str, new: str) -> dict[str, bytes]:
    """The county's folder with one line of its assessment changed."""
    text = the_folder()["assessment.toml"].decode()
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times"
    return {**the_folder(), "assessment.toml": text.replace(old, new).encode()}


def rules(files: dict[str, bytes]) -> Rules:
    found = rules_in(files)
    assert found is not None and check(files).findings == []
    return found


def sheet(by: Rules) -> list[Line]:
    """Two units: one is late with one of five reports, the other got worse marks and has four cases."""
    one = [did(case, step, unit="water") for case in CASES[:5] for step in ("accept", "submit_result")]
    one[0] = did(CASES[0], "accept", late=True, unit="water")
    two = [did(case, step, unit="health") for case in CASES[:4] for step in ("accept", "submit_result")]
    marks = [rated(case, 25, aspect, "water") for case in CASES[:5] for aspect in ASPECTS]
    marks += [rated(case, 22, aspect, "health") for case in CASES[:4] for aspect in ASPECTS]
    return scored(unit_figures(Facts((*one, *two), tuple(marks)), by), by, by.periods["year"])


def test_the_minimum_decides_who_is_ranked() -> None:
    before = sheet(rules(dict(the_folder())))
    after = sheet(rules(edited("at_least = 5", "at_least = 4")))
    assert [(line.unit, line.rank) for line in before] == [("water", 1), ("health", None)]
    assert [(line.unit, line.rank) for line in after] == [("water", 1), ("health", 2)]


def test_a_weight_changes_the_score_and_with_it_the_rank() -> None:
    files = edited("at_least = 5", "at_least = 4")
    text = files["assessment.toml"].decode()
    heavier = text.replace(
        'outcomes = ["submit"]          # 退单不算报到\npoints = 6', 'outcomes = ["submit"]\npoints = 16'
    )
    for key, was, now in (("arrival", 4, 1), ("handling", 5, 2), ("satisfaction", 5, 3), ("diligence", 4, 2)):
        part = f'aspects = ["{key}"]\nmost = 25\npoints = '
        heavier = heavier.replace(f"{part}{was}", f"{part}{now}")
    assert "points = 16" in heavier
    before, after = (
        sheet(rules(files)),
        sheet(rules({**files, "assessment.toml": heavier.replace("points = 6\n", "points = 6\n").encode()})),
    )
    assert [(line.unit, line.score) for line in before] == [("water", Decimal("28.80")), ("health", Decimal("27.84"))]
    assert [(line.unit, line.score) for line in after] == [("health", Decimal("29.04")), ("water", Decimal("26.80"))]


def test_the_band_decides_what_is_too_seldom_and_too_often() -> None:
    raised = Facts(raised=tuple(Raised(case, "360428109") for case in CASES[:4]))

    def places(by: Rules) -> list[str]:
        return [rate.place for rate in rates(raised, by.band, ["360428109", "360428100"], 30)]

    assert places(rules(dict(the_folder()))) == ["within", "below"]
    assert places(rules(edited("most = 6\n", "most = 3\n"))) == ["above", "below"]
    assert places(rules(edited("least = 0.3", "least = 0"))) == ["within", "within"]


# -- what does not fit

WRONG = [
    ("handling * handling_points", "handeling * handling_points", "没有的名称“handeling”，您是不是想写“handling”？"),
    ("min(2, rework)", "mim(2, rework)", "没有的函数“mim”"),
    ("min(2, rework)", "min(2, rework", "score 的算式不是正确的 FEEL"),
    ('steps = ["accept", "confirm"]', 'steps = ["acept", "confirm"]', "没有的步骤“acept”，您是不是想写“accept”？"),
    ('outcomes = ["submit"]', 'outcomes = ["done"]', "没有的按钮“done”"),
    ('aspects = ["arrival"]', 'aspects = ["arival"]', "没有的评分项“arival”，您是不是想写“arrival”？"),
    ('ends = ["closed"]', 'ends = ["close"]', "没有的结束事件“close”，您是不是想写“closed”？"),
    ('processes = ["whistle"]', 'processes = ["whistel"]', "没有的流程“whistel”，您是不是想写“whistle”？"),
    ('kinds = ["department"]', 'kinds = ["departments"]', "没有的单位类型“departments”"),
    ('raters = ["township"]', 'raters = ["town"]', "没有的单位类型“town”"),
    ('starts = ["吹哨"]', 'starts = ["吹号"]', "没有的可发起的事“吹号”"),
    ("points = 30 ", "points = 40 ", "各项 points 合计 30 分，应为总分 40 分"),
    ("- min(2, rework)", "- 1", "样样都做到的单位按 score 的算式得 29.00 分，应得 30 分"),
    ("decimals = 2", "decimals = 9", "decimals 应为 0 至 4 的整数"),
    ("least = 0.3", "least = 7", "least 不能大于 most"),
    ("least = 0.3", "lesst = 0.3", "lesst 没有这一项，您是不是想写“least”？"),
    ("at_least = 5", "at_least = 0", "[periods.year] at_least 应为 1 至 10000 的整数"),
    ('draft_shows = "ranks"', 'draft_shows = "mine"', "draft_shows 应为 own、ranks、all 中的一个"),
    ("missing = 0 ", "missing = nan ", "[figures.rework] missing 应写数字"),
    ("missing = 0 ", "most = 3 ", "[figures.rework] most 按这样计数（counts）用不到，请删去"),
    ("[figures.rework]", "[figures.Rework]", "[figures.Rework] 的编号应为小写英文、数字和下划线"),
    ("[figures.rework]", "[figures.solve_cases]", "不能是 points、cases，也不能以 _points、_cases 结尾"),
    ("[periods.year]", "[periods.year", "不是正确的 TOML"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG, ids=[new for _, new, _ in WRONG])
def test_what_does_not_fit_is_said_by_the_check(old: str, new: str, sentence: str) -> None:
    found = [each for each in check(edited(old, new)).findings if each.file == "assessment.toml"]
    assert found and any(sentence in each.message_zh for each in found), [each.message_zh for each in found]


def test_a_county_without_the_file_assesses_nobody_and_is_clean() -> None:
    files = {name: raw for name, raw in the_folder().items() if not name.startswith(("assessment", "stories/assess"))}
    assert rules_in(files) is None


def test_every_part_of_the_file_is_needed() -> None:
    text = the_folder()["assessment.toml"].decode()
    lines = [
        line for line in text.splitlines() if " = " in line and not line.startswith(("#", "missing", "outcomes", " "))
    ]
    without: Callable[[str], dict[str, bytes]] = lambda line: {  # noqa: E731
        **the_folder(),
        "assessment.toml": text.replace(line + "\n", "", 1).encode(),
    }
    for line in lines:
        if '"""' not in line:
            assert check(without(line)).findings, line
