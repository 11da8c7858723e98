"""What `[supervision]` names must be there: a folder whose rules could not be followed is refused with a sentence."""

from __future__ import annotations

import pytest

from processes.pack import read_pack
from processes.supervision_checks import loose_supervision
from tests.kit.sites import the_folder, the_pack


def told(old: str, new: str, file: str = "county.toml") -> list[str]:
    """What is wrong with the county's rules when this is changed."""
    text = the_folder()[file].decode()
    assert old in text
    return list(loose_supervision(read_pack({**the_folder(), file: text.replace(old, new, 1).encode()})))


def test_the_county_s_own_rules_are_right() -> None:
    assert list(loose_supervision(the_pack())) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'decision = "supervise"',
            'decision = "supervice"',
            "decision 里的“supervice”不是本县的决策表，您是不是想写“supervise”？",
        ),
        (
            '\nmessage = "supervise"\nmoved',
            '\nmessage = "supervised"\nmoved',
            "message 里的“supervised”不是本县的开始流程的消息，您是不是想写“supervise”？",
        ),
        ('moved = "matter_moved"', 'moved = "moved"', "moved 里的“moved”不是本县的消息"),
        ('starts = ["吹哨", "重开"]', 'starts = ["吹号"]', "starts 里的“吹号”不是本县的发起方式"),
        (
            'unit_kinds = ["department"]',
            'unit_kinds = ["departments"]',
            "unit_kinds 里的“departments”不是本县的单位类型，您是不是想写“department”？",
        ),
        (
            'quiet_days = "quiet_days"',
            'quiet_days = "quite_days"',
            "里的“quite_days”不是本县的阈值，您是不是想写“quiet_days”？",
        ),
        (
            'item = "triage.matter_item"\npublic',
            'item = "triage.matter_itme"\npublic',
            "item 里的“matter_itme”不是本县的“triage”表单里的项目，您是不是想写“matter_item”？",
        ),
        (
            'item = "triage.matter_item"\npublic',
            'item = "triaje.matter_item"\npublic',
            "item 里的步骤“triaje”不在图上，或者没有表单",
        ),
    ],
    ids=lambda each: str(each)[-24:],
)
def test_a_name_that_is_nowhere_is_told_with_the_one_that_was_meant(old: str, new: str, said: str) -> None:
    (sentence,) = told(old, new)
    assert said in sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('daily_at = "08:30"', 'daily_at = "8 点"'),
        ('daily_at = "08:30"\n', ""),
        ('daily_at = "08:30"', 'daily_at = "08:30+08:00"'),
        ('starts = ["吹哨", "重开"]', 'starts = "吹哨"'),
        ('item = "triage.matter_item"\npublic', 'item = "matter_item"\npublic'),
        ('moved = "matter_moved"', 'moved = "matter_moved"\nmoved_to = "x"'),
    ],
)
def test_a_section_that_cannot_be_read_is_told(old: str, new: str) -> None:
    (sentence,) = told(old, new)
    assert sentence.startswith("[supervision] 要写全：daily_at")


def test_a_table_that_asks_for_facts_there_are_not_is_told() -> None:
    sentences = told("<text>idle_days</text>", "<text>idle_day</text>", "decisions/supervise.dmn")
    assert "督办的决策表用到了没有的数据“idle_day”，您是不是想写“idle_days”？" in sentences


def test_a_table_without_a_rung_is_told() -> None:
    assert told('name="rung" label="从哪一级开始"', 'name="level" label="从哪一级开始"', "decisions/supervise.dmn") == [
        "督办的决策表缺少输出列 rung"
    ]
