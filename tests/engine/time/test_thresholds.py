"""Thresholds stand in limits.toml beside the limits: plain numbers, dated, with a clause; never taken for a time."""

from datetime import date
from decimal import Decimal

import pytest

from engine.time import FolderInvalid, Limits
from engine.time.errors import NotALimit, NotAThreshold, ThresholdNotInForce, UnknownThreshold

COUNTY = """
[respond]
name = "响应时限"
[[respond.since]]
from = 2025-05-01
value = "2 working days"
source = "工作规则第九条"

[refusals]
name = "退回次数上限"
[[refusals.since]]
from = 2026-07-01
value = 3
source = "工作规则（修订）第六条"
[[refusals.since]]
from = 2025-05-01
value = 2
source = "工作规则第六条"
"""


def a_threshold(value="value = 2", *, more="", since=""):
    return (
        f'[refusals]\nname = "退回次数上限"\n{more}\n'
        f'[[refusals.since]]\nfrom = 2025-05-01\n{value}\nsource = "第六条"\n{since}\n'
    )


def only_flaw_of(text):
    with pytest.raises(FolderInvalid) as refusal:
        Limits.read(text)
    (flaw,) = refusal.value.flaws
    assert flaw.facts["file"] == "limits.toml"
    return flaw


def test_a_threshold_is_the_number_in_force_on_a_date():
    limits = Limits.read(COUNTY)
    assert limits.threshold("refusals", on=date(2026, 6, 30)) == 2
    assert limits.threshold("refusals", on=date(2026, 7, 1)) == 3
    with pytest.raises(ThresholdNotInForce, match="退回次数上限”自2025-05-01起"):
        limits.threshold("refusals", on=date(2025, 4, 30))


@pytest.mark.parametrize(
    ("written", "number"), [("0", 0), ("0.1", Decimal("0.1")), ("2.50", Decimal("2.5")), ("1_000", 1000), ("2e3", 2000)]
)
def test_a_number_is_what_is_written_to_the_last_digit(written, number):
    got = Limits.read(a_threshold(f"value = {written}")).threshold("refusals", on=date(2026, 1, 1))
    assert got == number
    assert not isinstance(got, float)


def test_limits_and_thresholds_are_told_apart_by_name():
    limits = Limits.read(COUNTY)
    assert (limits.names, set(limits.thresholds)) == ({"respond"}, {"refusals"})
    with pytest.raises(NotALimit, match="“refusals”是阈值"):
        limits.get("refusals", on=date(2026, 1, 1))
    with pytest.raises(NotAThreshold, match="“respond”是时限"):
        limits.threshold("respond", on=date(2026, 1, 1))
    with pytest.raises(UnknownThreshold, match="refusal"):
        limits.threshold("refusal", on=date(2026, 1, 1))


LATER = '[[refusals.since]]\nfrom = 2026-07-01\nsource = "修订"\n'


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (a_threshold(since=LATER + 'value = "2 hours"'), "values_mixed", "[refusals]：value 有的是时长，有的是数字"),
        (a_threshold(more='counts = "before due"'), "number_takes_no_time", "[refusals]：counts 只用于时限"),
        (a_threshold(more='transfer = "restarts"'), "number_takes_no_time", "transfer 只用于时限"),
        (a_threshold(since='running = "changes"'), "number_takes_no_time", "第1段：running 只用于时限"),
        (a_threshold("value = -1"), "number_unfit", "value 应是 0 到 1000000000000 之间的数"),
        (a_threshold("value = inf"), "number_unfit", "第1段"),
        (a_threshold("value = nan"), "number_unfit", "第1段"),
        (a_threshold("value = 1e999999"), "number_unfit", "第1段"),
        (a_threshold(since=LATER), "entry_missing", "[[refusals.since]] 第2段 缺少 value"),
        (a_threshold(more='unit = "次"'), "entry_unknown", "不认识的 unit；这里只能写 name、since"),
        (a_threshold(since=LATER.replace("2026-07-01", "2025-05-01") + "value = 3"), "entry_twice", "第2段"),
        (a_threshold().replace("name", "#"), "entry_missing", "[refusals] 缺少 name"),
    ],
)
def test_whatever_is_wrong_in_a_threshold_is_said_with_its_place(text, code, words):
    flaw = only_flaw_of(text)
    assert flaw.code == code
    assert words in flaw.sentence
