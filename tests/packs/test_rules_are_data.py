"""No rule of the county stands in Python: whoever changes the folder changes what happens, and nothing else is needed.

(A changed weight of the assessment: tests/processes/assessment/test_rules.py.)
"""

from __future__ import annotations

from processes.pack import read_pack
from processes.play import Played, play
from tests.kit.folders import another_version
from tests.kit.sites import the_pack


def before_and_after(story: str, file: str, old: str, new: str) -> tuple[Played, Played]:
    """The story as the county's folder plays it, and once one text of it has been changed."""
    changed = read_pack(another_version(file, old, new))
    return play(the_pack(), the_pack().stories[story]), play(changed, changed.stories[story])


def test_a_limit() -> None:
    source = '"\nsource = "DC-9：针对'
    two, one = before_and_after("single_unit", "limits.toml", f"2 working days{source}", f"1 working days{source}")
    due = [next(line for line in played.journal if "→ 【报到】" in line) for played in (two, one)]
    assert "9月9日（周三）17:30 到期" in due[0] and "9月8日（周二）17:30 到期" in due[1]


def test_how_often_a_unit_may_refuse() -> None:
    twice, once = before_and_after("refusal_arbitrated", "limits.toml", "value = 2\n", "value = 1\n")
    assert twice.passed
    assert (
        once.failures[0] == "第 9 步：应为 成功，实际：“judge_refusal”现在没有打开，打开的是：arbitrate@whistle_office"
    )


def test_the_order_of_the_ladder() -> None:
    as_it_is, shorter = before_and_after(
        "supervision_listed",
        "supervision.bpmn",
        'if rung = "urge" then "letter"',
        'if rung = "urge" then "list"',
    )
    letters = [[line for line in played.journal if "→ 【签发督办函】" in line] for played in (as_it_is, shorter)]
    assert as_it_is.passed and letters[0] and not letters[1]


def test_where_the_ladder_begins() -> None:
    urged, told_first = before_and_after(
        "supervision_urged",
        "supervision.bpmn",
        'sourceRef="which_rung" targetRef="urge"',
        'sourceRef="which_rung" targetRef="talk"',
    )
    assert urged.passed and told_first.failures[0].startswith("第 1 步：应打开 ")


def test_what_a_form_takes() -> None:
    out_of_25, out_of_20 = before_and_after("single_unit", "forms/rate.form", '"max": 25', '"max": 20')
    assert out_of_25.passed
    assert any("20" in line and "未被接受" in line for line in out_of_20.journal)


def test_what_a_form_asks_for() -> None:
    free, asked = before_and_after("single_unit", "forms/audit.form", '"key": "opinion"', '"key": "verdict"')
    assert free.passed and any("未被接受" in line for line in asked.journal)


def test_who_does_a_step() -> None:
    whole, other = before_and_after(
        "single_unit",
        "whistle.bpmn",
        'camunda:candidateGroups="auditor@whistle_office"',
        'camunda:candidateGroups="director@whistle_office"',
    )
    assert whole.passed and any("由 县吹哨办主任 办理" in failure for failure in other.failures)


def test_under_which_score_a_reason_is_due() -> None:
    sixty, fifty = before_and_after("low_scores_need_reasons", "limits.toml", "value = 60\n", "value = 40\n")
    assert sixty.passed
    assert "第 20 步：应为 must，实际：没有被拒绝" in fifty.failures
    refused = [line for line in sixty.journal if "未被接受" in line]
    assert "四项合计不到 60 分，写明理由" in refused[0] and "县交通运输局：不到 60 分，写明理由" in refused[1]


def test_until_when_one_may_rate() -> None:
    ten, five = before_and_after("unrated_by_rule", "limits.toml", "10 working days", "5 working days")
    counted = [next(line[:16] for line in played.journal if "逾期未评，按规则计" in line) for played in (ten, five)]
    assert counted == ["2026-10-08 17:30", "2026-09-23 17:30"]
