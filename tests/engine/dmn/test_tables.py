"""Decision tables: what each hit policy makes of the rules that match."""

from decimal import Decimal

import pytest

from engine.dmn import RulesConflict, RulesNotUnique, read_decisions
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


def test_no_matching_rule_gives_no_result() -> None:
    assert decide(table(*ROUTES), level="middle", amount=1) == []


def test_a_default_stands_in_when_no_rule_matches() -> None:
    assert decide(table(*ROUTES, default='"desk"'), level="middle", amount=1) == [{"result": "desk"}]


def test_two_matching_rules_of_a_unique_table_are_an_error_that_names_them() -> None:
    with pytest.raises(RulesNotUnique, match="规则1、2"):
        decide(table(*OVERLAPPING), amount=500)


def test_any_accepts_rules_that_agree_and_refuses_those_that_do_not() -> None:
    agreeing = table('- | > 10 => "x"', '- | > 100 => "x"', hit_policy="ANY")
    assert decide(agreeing, amount=500) == [{"result": "x"}]
    with pytest.raises(RulesConflict):
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


def test_a_value_that_is_not_allowed_matches_nothing() -> None:
    xml = table('- | - => "x"', allowed={"level": '"high", "low"'})
    assert decide(xml, level="low") == [{"result": "x"}]
    assert decide(xml, level="odd") == []


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
    assert decision.decide({"amount": 1}, functions={"least": lambda: 1}) == []
