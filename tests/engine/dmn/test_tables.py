"""Decision tables: what each hit policy makes of the rules that match."""

from decimal import Decimal

import pytest

from engine.dmn import NoRuleMatches, RulesConflict, RulesNotUnique, ValueNotAllowed, read_decisions
from engine.feel import Budget, FeelBudgetError
from tests.engine.dmn.models import model, table


def decide(xml: str, **values: object) -> list[dict[str, object]]:
    return read_decisions(model(xml))["route"].decide(values)


ROUTES = (
    '"high" | - => "mayor"',
    '"low" | >= 1000 => "chief"',
    '"low" | < 1000 => "clerk"',
)
OVERLAPPING = ('- | > 10 => "b"', '- | > 100 => "a"', '- | > 1000 => "c"')
PRIORITIES = {"result": '"a", "b", "c"'}


def test_the_one_matching_rule_gives_the_result() -> None:
    assert decide(table(*ROUTES), level="low", amount=1000) == [{"result": "chief"}]


@pytest.mark.parametrize("hit_policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_no_matching_rule_is_an_error_that_names_the_table_and_the_values(hit_policy: str) -> None:
    with pytest.raises(NoRuleMatches) as caught:
        decide(table(*ROUTES, hit_policy=hit_policy), level="middle", amount=1)
    assert caught.value.sentence == '当 level = "middle"、amount = 1 时，决策“route”没有规则适用。'


@pytest.mark.parametrize("hit_policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_where_results_are_collected_there_may_be_none(hit_policy: str) -> None:
    assert decide(table(*ROUTES, hit_policy=hit_policy), level="middle", amount=1) == []


def test_to_other_decisions_a_table_without_a_match_is_null() -> None:
    assert read_decisions(model(table(*ROUTES)))["route"].evaluate({"level": "middle", "amount": 1}) is None


def test_a_default_stands_in_when_no_rule_matches() -> None:
    assert decide(table(*ROUTES, default='"desk"'), level="middle", amount=1) == [{"result": "desk"}]


def test_two_matching_rules_of_a_unique_table_are_an_error_that_names_them() -> None:
    with pytest.raises(RulesNotUnique) as caught:
        decide(table(*OVERLAPPING), level="a" * 100, amount=500)
    shown = f'level = "{"a" * 60}"、amount = 500'
    assert caught.value.sentence == f"当 {shown} 时，决策“route”的规则 1、2 同时适用，而该表只允许一条适用。"


def test_any_accepts_rules_that_agree_and_refuses_those_that_do_not() -> None:
    agreeing = table('- | > 10 => "x"', '- | > 100 => "x"', hit_policy="ANY")
    assert decide(agreeing, amount=500) == [{"result": "x"}]
    with pytest.raises(RulesConflict, match="amount = 500 时，决策“route”的规则 1、2 同时适用，结果却不相同"):
        decide(table(*OVERLAPPING, hit_policy="ANY"), amount=500)


@pytest.mark.parametrize(
    ("hit_policy", "results"),
    [
        ("FIRST", ["b"]),
        ("PRIORITY", ["a"]),
        ("RULE ORDER", ["b", "a", "c"]),
        ("OUTPUT ORDER", ["a", "b", "c"]),
        ("COLLECT", ["b", "a", "c"]),
    ],
)
def test_hit_policies_choose_and_order(hit_policy: str, results: list[str]) -> None:
    rows = decide(table(*OVERLAPPING, hit_policy=hit_policy, allowed=PRIORITIES), amount=5000)
    assert [row["result"] for row in rows] == results


@pytest.mark.parametrize(("aggregation", "result"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collected_results_are_aggregated(aggregation: str, result: int) -> None:
    xml = table("- | - => 10", "- | - => 30", "- | - => 20", hit_policy="COLLECT", aggregation=aggregation)
    assert decide(xml) == [{"result": Decimal(result)}]


def test_a_rule_may_have_several_outputs_and_expressions() -> None:
    xml = table('"low" | - => amount * 2 | [level, "x"]', outputs=("double", "list"))
    assert decide(xml, level="low", amount=2) == [{"double": Decimal(4), "list": ["low", "x"]}]


def test_a_value_that_is_not_allowed_is_an_error_that_says_which_are() -> None:
    xml = table('- | - => "x"', allowed={"level": '"high", "low"'})
    assert decide(xml, level="low") == [{"result": "x"}]
    with pytest.raises(ValueNotAllowed, match='的“level”不能是 "odd"，只允许 "high", "low"'):
        decide(xml, level="odd")


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX", "COUNT"])
def test_what_cannot_be_aggregated_is_null(aggregation: str) -> None:
    xml = table('- | - => "x"', "- | - => 1", hit_policy="COLLECT", aggregation=aggregation)
    assert decide(xml) == [{"result": 2 if aggregation == "COUNT" else None}]


def test_first_looks_no_further_than_the_rule_that_matches() -> None:
    xml = table('- | > 10 => "b"', '- | > boom() => "a"', hit_policy="FIRST")
    assert decide(xml, amount=11) == [{"result": "b"}]


def test_priority_follows_the_outputs_from_left_to_right() -> None:
    rules = ('- | > 1 => "low" | "a"', '- | > 2 => "high" | "b"', '- | > 3 => "high" | "a"')
    xml = table(
        *rules,
        hit_policy="OUTPUT ORDER",
        outputs=("level", "result"),
        allowed={"level": '"high", "low"', "result": '"a", "b"'},
        inputs=("unit", "amount"),
    )
    rows = [(row["level"], row["result"]) for row in decide(xml, amount=5)]
    assert rows == [("high", "a"), ("high", "b"), ("low", "a")]


def test_a_missing_value_is_null_and_passes_only_a_dash() -> None:
    assert decide(table('- | - => "any"')) == [{"result": "any"}]
    assert decide(table('- | not(5) => "other"', '- | < 5 => "less"')) == [{"result": "other"}]


def test_a_table_cannot_be_made_to_run_for_ever() -> None:
    decision = read_decisions(model(table("- | - => count(for i in 1..9999, j in 1..9999 return i)")))["route"]
    with pytest.raises(FeelBudgetError):
        decision.decide({})
    with pytest.raises(FeelBudgetError):
        decision.decide({}, budget=Budget(steps=0))


def test_functions_may_be_lent_to_a_table() -> None:
    decision = read_decisions(model(table('- | > least() => "x"')))["route"]
    assert decision.decide({"amount": 2}, functions={"least": lambda: 1}) == [{"result": "x"}]
    with pytest.raises(NoRuleMatches):
        decision.decide({"amount": 1}, functions={"least": lambda: 1})
