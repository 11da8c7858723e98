"""What is found wrong with a decision before it is published."""

import pytest

from engine.dmn import Finding, read_decisions
from tests.engine.dmn.models import literal, model, table


def findings(*elements: str, decision: str = "route") -> list[Finding]:
    return read_decisions(model(*elements))[decision].check()


def rules_found(*elements: str) -> list[str]:
    return [finding.rule for finding in findings(*elements)]


COMPLETE = ('"high" | - => "a"', 'not("high") | >= 1000 => "b"', 'not("high") | < 1000 => "c"')


def test_a_complete_table_without_overlaps_is_left_in_peace() -> None:
    assert findings(table(*COMPLETE)) == []


def test_an_overlap_in_a_unique_table_is_an_error_with_a_sample() -> None:
    (found,) = findings(table('- | <= 1000 => "a"', '- | >= 1000 => "b"'))
    assert (found.rule, found.severity, found.element_id) == ("table-overlap", "error", "rule2")
    assert found.sample["amount"] == "1000"
    assert "当 amount = 1000 时，规则 1、2 同时适用" in found.message_zh
    assert "Rules 1 and 2 both apply where amount = 1000" in found.message_en


@pytest.mark.parametrize("hit_policy", ["FIRST", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_overlaps_are_what_other_policies_are_for(hit_policy: str) -> None:
    xml = table('- | - => "a"', '- | > 5 => "b"', hit_policy=hit_policy, allowed={"result": '"a", "b"'})
    assert findings(xml) == []


def test_any_forbids_only_overlaps_that_disagree() -> None:
    assert rules_found(table('- | - => "a"', '- | > 5 => "a"', hit_policy="ANY")) == []
    assert rules_found(table('- | - => "a"', '- | > 5 => "b"', hit_policy="ANY")) == ["table-overlap"]


@pytest.mark.parametrize(
    ("rules", "shown"),
    [
        (('- | > 1000 => "a"', '- | < 1000 => "b"'), "amount = 1000"),
        (('- | [1..5] => "a"', '- | > 5 => "b"'), "当 amount < 1（如 0）时，没有规则适用"),
        (('- | <= 5 => "a"', '- | > 7 => "b"'), "当 amount 在 5 与 7 之间（如 6）时"),
        (('"high" | - => "a"', '"low" | - => "b"'), "当 level 取其他值 时"),
        (('- | < @"2026-01-01" => "a"', '- | > date("2026-01-01") => "b"'), "amount = 2026-01-01"),
        (('true | - => "a"', 'false | <= 3 => "b"'), "当 level = false、amount > 3（如 4）时"),
        (('null | - => "a"', '"x" | - => "b"'), "level 取其他值"),
        (('- | [null..5] => "a"', '- | <= 5 => "b"'), "当 amount > 5（如 6）时"),
        (('- | <= @"P5D" => "a"', '- | > @"P7D" => "b"'), "在 P5D 与 P7D 之间（如 P6D）"),
        (('- | <= @"09:00:00" => "a"', '- | >= @"12:00:00" => "b"'), "（如 10:30:00）"),
        (('- | <= @"2026-01-01T00:00:00Z" => "a"',), "amount > 2026-01-01T00:00:00Z（如 2026-01-02T00:00:00Z）"),
    ],
)
def test_a_gap_is_a_warning_with_a_sample(rules: tuple[str, ...], shown: str) -> None:
    found = findings(table(*rules))
    assert {(each.rule, each.severity) for each in found} == {("table-gap", "warning")}
    assert shown in found[0].message_zh


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<= @"2026-01-01"', '>= @"2026-01-02"'),
        ('<= @"P1M"', '>= @"P2M"'),
        ('[@"00:00:00"..@"12:00:00"]', '(@"12:00:00"..@"23:59:59"]'),
    ],
)
def test_there_is_no_gap_where_no_value_lies_between(one: str, other: str) -> None:
    assert findings(table(f'- | {one} => "a"', f'- | {other} => "b"')) == []


def test_a_default_output_closes_all_gaps() -> None:
    assert findings(table('"high" | > 5 => "a"', default='"b"')) == []


def test_allowed_values_say_what_must_be_covered() -> None:
    rules = ('"high" | - => "a"', '"low" | - => "b"')
    assert findings(table(*rules, allowed={"level": '"high", "low"'})) == []
    (found,) = findings(table(*rules, allowed={"level": '"high", "low", "none"'}))
    assert found.sample["level"] == '"none"'


def test_allowed_ranges_say_what_must_be_covered() -> None:
    assert findings(table('- | [0..50) => "a"', '- | [50..100] => "b"', allowed={"amount": "[0..100]"})) == []


@pytest.mark.parametrize("cell", ["> least", "? > amount", 'starts with(?, "x")', "[1..most]", '1, @"2026-01-01"'])
def test_a_cell_that_must_be_evaluated_is_not_guessed_at(cell: str) -> None:
    (found,) = findings(table(f'- | {cell} => "a"'))
    assert (found.rule, found.severity) == ("table-not-analysable", "note")
    assert "amount" in found.message_zh


def test_a_large_table_is_checked_in_time() -> None:
    rules = [f'[{n}..{n + 1}) | [{n % 7}..{n % 7 + 1}) | > {n % 5} | "{n % 3}" => "x"' for n in range(100)]
    found = findings(table(*rules, inputs=("a", "b", "c", "d")))
    assert {each.rule for each in found} == {"table-gap"}


def test_a_huge_table_is_not_checked_pair_by_pair() -> None:
    found = findings(table(*(f'"{n}" | - => "x"' for n in range(700))))
    assert [each.severity for each in found] == ["note", "warning"]


def test_rules_must_be_as_wide_as_the_table() -> None:
    (found,) = findings(table('- | - => "a"', '- => "b"'))
    assert (found.rule, found.element_id) == ("table-shape", "rule2")


def test_a_result_that_its_output_does_not_allow_is_an_error() -> None:
    rules = ('"x" | - => "a"', 'not("x") | < 1 => "c"', 'not("x") | >= 1 => lower case("C")')
    (found,) = findings(table(*rules, allowed={"result": '"a", "b"'}))
    assert (found.rule, found.element_id) == ("table-result", "rule2")


def test_a_decision_says_which_variables_it_takes_from_outside() -> None:
    entries = (
        "<context><contextEntry><variable name='part'/><literalExpression><text>whole / 2</text></literalExpression>"
        "</contextEntry><contextEntry><literalExpression><text>part + risk</text></literalExpression></contextEntry>"
        "</context>"
    )
    required = '<informationRequirement><requiredDecision href="#risk"/></informationRequirement>'
    xml = model(
        literal("risk", "sum(amounts)"),
        f'<decision id="route" name="route">{required}{entries}</decision>',
        table('"a" | > least => items[qty > 1]', decision="table"),
    )
    decisions = read_decisions(xml)
    assert decisions["route"].names == {"amounts", "whole"}
    assert decisions["table"].names == {"level", "amount", "least", "items"}


def test_texts_that_cannot_be_read_are_found_where_they_stand() -> None:
    found = findings(table('- | > => "a"', '- | - => "b', inputs=("level +", "amount")))
    unreadable = [(each.element_id, each.rule) for each in found if each.rule == "feel-unreadable"]
    assert unreadable == [("in0", "feel-unreadable"), ("rule1", "feel-unreadable"), ("rule2", "feel-unreadable")]


def test_requirements_that_lead_nowhere_or_round_are_found() -> None:
    (missing,) = findings(literal("route", "a", requires=("a",)))
    assert missing.rule == "requirement-missing"
    circular = findings(literal("route", "a", requires=("a",)), literal("a", "route", requires=("route",)))
    assert [found.rule for found in circular] == ["requirement-circular"]
