"""Limits read from their file: dated, with a clause, and refused with a clear sentence when something is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.time import Amount, Counts, FolderInvalid, Limits, Running, Transfer, Unit
from engine.time.errors import LimitNotInForce, LimitVersionUnknown, UnknownLimit

TWO_RULES = """
[respond]
name = "平哨响应时限"
[[respond.since]]
from = 2026-07-01
value = "1 working day"
source = "工作规则（修订）第九条"
[[respond.since]]
from = 2025-05-01
value = "2 working days"
source = "工作规则第九条"

[respond_warning]
name = "响应到期提醒"
counts = "before due"
[[respond_warning.since]]
from = 2025-05-01
value = "4 working hours"
source = "工作规则第十条"
"""


def a_limit(name='name = "时限"', since="from = 2025-05-01", value='value = "2 hours"', source='source = "第一条"'):
    return f"[respond]\n{name}\n[[respond.since]]\n{since}\n{value}\n{source}\n"


def flaws_of(text):
    with pytest.raises(FolderInvalid) as refusal:
        Limits.read(text)
    return refusal.value.flaws


def only_flaw_of(text):
    (flaw,) = flaws_of(text)
    assert flaw.facts["file"] == "limits.toml"
    return flaw


def test_a_limit_has_its_value_and_its_clause():
    limit = Limits.read(TWO_RULES).get("respond", on=date(2025, 6, 1))
    assert (limit.key, limit.name, limit.counts) == ("respond", "平哨响应时限", Counts.FROM_START)
    assert (limit.value.number, limit.value.unit) == (2, Unit.WORKING_DAYS)
    assert (limit.value.source, limit.value.since) == ("工作规则第九条", date(2025, 5, 1))


def test_a_limit_goes_on_through_a_transfer_and_its_new_value_leaves_running_clocks_alone():
    limit = Limits.read(TWO_RULES).get("respond", on=date(2026, 7, 1))
    assert (limit.transfer, limit.value.running) == (Transfer.GOES_ON, Running.KEEPS)


def test_a_limit_may_restart_at_a_transfer_and_change_the_clocks_that_run():
    text = a_limit(name='name = "时限"\ntransfer = "restarts"', source='source = "第一条"\nrunning = "changes"')
    limit = Limits.read(text).get("respond", on=date(2026, 7, 1))
    assert (limit.transfer, limit.value.running) == (Transfer.RESTARTS, Running.CHANGES)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"name": 'name = "时限"\ntransfer = "stops"'}, "transfer 写的是“stops”，只能是 goes on | restarts"),
        ({"source": 'source = "第一条"\nrunning = "stops"'}, "running 写的是“stops”，只能是 keeps | changes"),
    ],
)
def test_any_other_word_for_a_transfer_or_a_running_clock_is_refused(parts, words):
    assert words in only_flaw_of(a_limit(**parts)).sentence


def test_a_value_is_found_by_the_date_it_came_into_force():
    limits = Limits.read(TWO_RULES)
    assert limits.version("respond", date(2026, 7, 1)).value.number == 1
    with pytest.raises(LimitVersionUnknown, match="2026-07-02"):
        limits.version("respond", date(2026, 7, 2))


@pytest.mark.parametrize("text", ["3 working days", "1 months", "9999 minutes"])
def test_an_amount_reads_what_it_writes(text):
    assert str(Amount.read(text)) == text


def test_a_changed_rule_holds_from_its_date_on_and_the_old_one_until_then():
    limits = Limits.read(TWO_RULES)
    assert limits.get("respond", on=date(2026, 6, 30)).value.number == 2
    assert limits.get("respond", on=date(2026, 7, 1)).value.number == 1


def test_a_warning_counts_back_from_the_due_time():
    assert Limits.read(TWO_RULES).get("respond_warning", on=date(2026, 1, 1)).counts is Counts.BEFORE_DUE


def test_the_names_are_those_that_diagrams_may_use():
    assert Limits.read(TWO_RULES).names == {"respond", "respond_warning"}


def test_an_unknown_limit_is_named():
    with pytest.raises(UnknownLimit) as refusal:
        Limits.read(TWO_RULES).get("solve", on=date(2026, 1, 1))
    assert refusal.value.facts == {"name": "solve"}
    assert "“solve”" in refusal.value.sentence


def test_before_its_first_value_a_limit_is_not_in_force():
    with pytest.raises(LimitNotInForce) as refusal:
        Limits.read(TWO_RULES).get("respond", on=date(2025, 4, 30))
    assert "2025-05-01" in refusal.value.sentence


def test_a_county_may_have_no_limits():
    assert Limits.read("").names == frozenset()


@pytest.mark.parametrize("unit", list(Unit))
def test_every_unit_is_understood_in_the_plural_and_the_singular(unit):
    for written in (unit.value, unit.value.removesuffix("s")):
        limit = Limits.read(a_limit(value=f'value = "3 {written}"')).get("respond", on=date(2026, 1, 1))
        assert (limit.value.number, limit.value.unit) == (3, unit)


@pytest.mark.parametrize(
    "value", ["2 fortnights", "2", "days", "0 hours", "-1 hours", "1.5 hours", "２ hours", "10000 hours", "2 Hours"]
)
def test_an_amount_nobody_understands_is_refused_with_the_units_that_exist(value):
    flaw = only_flaw_of(a_limit(value=f'value = "{value}"'))
    assert flaw.code == "unknown_amount"
    assert f"“{value}”" in flaw.sentence
    assert "working days、working hours" in flaw.sentence


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (a_limit(name=""), "entry_missing", "[respond] 缺少 name"),
        ('[respond]\nname = "时限"', "entry_missing", "[respond] 缺少 since"),
        ('[respond]\nname = "时限"\nsince = []', "entry_missing", "[respond] 缺少 since"),
        (a_limit(since=""), "entry_missing", "[[respond.since]] 第1段 缺少 from"),
        (a_limit(value=""), "entry_missing", "缺少 value"),
        (a_limit(source=""), "entry_missing", "缺少 source"),
        (a_limit(source='source = " "'), "entry_of_wrong_type", "source 应写成一段文字"),
        (a_limit(name="name = 3"), "entry_of_wrong_type", "name 应写成一段文字"),
        (a_limit(value="value = true"), "entry_of_wrong_type", "value 应写成一段文字"),
        (a_limit(value="value = [3]"), "entry_of_wrong_type", "value 应写成一段文字"),
        (a_limit(since="from = 2025"), "entry_of_wrong_type", "from 应写成2026-10-01 这样的日期"),
        (a_limit(since='from = "2025-02-30"'), "entry_of_wrong_type", "from"),
        (a_limit(since='from = "20250501"'), "entry_of_wrong_type", "from"),
        (a_limit(since="from = 2025-05-01T08:00:00"), "entry_of_wrong_type", "from"),
        (a_limit(name='name = "时限"\ncounts = "backwards"'), "entry_not_a_choice", "from start | before due"),
        (a_limit(name='name = "时限"\ncount = "before due"'), "entry_unknown", "不认识的 count"),
        (a_limit(source='source = "第一条"\nuntil = 2026-01-01'), "entry_unknown", "不认识的 until"),
        ("respond = 2", "entry_of_wrong_type", "respond 应写成一张表"),
        ('[respond]\nname = "时限"\nsince = "2025-05-01"', "entry_of_wrong_type", "since 应写成一个列表"),
        ('[respond]\nname = "时限"\nsince = [1]', "entry_of_wrong_type", "since 应写成一张表"),
    ],
)
def test_whatever_is_wrong_in_a_limit_is_said_with_its_place(text, code, words):
    flaw = only_flaw_of(text)
    assert flaw.code == code
    assert words in flaw.sentence


def test_two_values_from_the_same_date_are_refused():
    text = TWO_RULES.replace("from = 2026-07-01", "from = 2025-05-01")
    flaw = only_flaw_of(text)
    assert flaw.code == "entry_twice"
    assert "[[respond.since]] 第2段" in flaw.sentence


def test_the_same_limit_twice_is_refused_with_its_line():
    flaw = only_flaw_of(a_limit() + '[respond]\nname = "又一个"\n')
    assert flaw.code == "file_unreadable"
    assert "limits.toml 的 第7行" in flaw.sentence


def test_all_flaws_are_told_at_once():
    text = a_limit(value='value = "soon"') + a_limit(name="").replace("respond", "vet")
    assert [flaw.code for flaw in flaws_of(text)] == ["unknown_amount", "entry_missing"]
    with pytest.raises(FolderInvalid, match="发现 2 处错误"):
        Limits.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        a_limit(value="value = 0x" + "f" * 9000),
        "a = 2025-13-45",
        "a = 1e99999999999999999999",
        "a = -1e-99999999999999999999",
    ],
)
def test_hostile_text_gets_a_clear_error(text):
    assert only_flaw_of(text).sentence


@given(st.text() | st.text(alphabet='[]=". \nresponda0123456789-'))
def test_any_text_is_read_or_refused(text):
    try:
        Limits.read(text)
    except FolderInvalid as refusal:
        assert refusal.flaws


def test_a_byte_order_mark_is_no_obstacle():
    assert Limits.read("\ufeff" + TWO_RULES).names == {"respond", "respond_warning"}
