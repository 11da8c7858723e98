"""Names nobody gives and kinds that cannot meet are found before a decision is published."""

import pytest

from engine.dmn import Finding, read_decisions
from tests.engine.dmn.models import input_data, literal, model, table

LEVEL, AMOUNT = input_data("level", "string"), input_data("amount", "number")
DRAWN = ("level", "amount")


def findings(*elements: str) -> list[Finding]:
    return read_decisions(model(LEVEL, AMOUNT, *elements))["route"].check()


def only(*elements: str) -> Finding:
    (finding,) = findings(*elements)
    return finding


def test_a_name_that_is_not_required_is_found_with_the_one_that_was_meant() -> None:
    found = only(table('"x" | - => amout', 'not("x") | - => 1', needs=DRAWN))
    assert (found.rule, found.severity) == ("name-unknown", "error")
    assert "用到了“amout”，它不在所需的输入和决策之中，您是不是想写“amount”？" in found.message_zh
    assert "did you mean amount?" in found.message_en


def test_a_text_without_quotes_is_taken_for_a_name_and_pointed_out() -> None:
    found = [each for each in findings(table('ordinary | - => "x"', needs=DRAWN)) if each.rule == "name-unknown"]
    assert '若是文本，请加引号写成 "ordinary"' in found[0].message_zh


def test_where_no_requirement_is_drawn_names_come_from_the_process() -> None:
    assert findings(table("- | - => whatever")) == []


def test_a_function_nobody_has_is_found() -> None:
    found = only(table('- | - => contians(level, "x")', needs=DRAWN))
    assert (found.rule, found.severity) == ("function-unknown", "error")
    assert "您是不是想写“contains”？" in found.message_zh


def test_lent_functions_and_knowledge_are_known() -> None:
    decision = read_decisions(model(table("- | - => limit(level)")))["route"]
    assert [found.rule for found in decision.check()] == ["function-unknown"]
    assert decision.check(functions=["limit"]) == []


def test_functions_and_entries_inside_a_context_are_known() -> None:
    entries = (
        "<context><contextEntry><variable name='twice'/><functionDefinition><formalParameter name='n'/>"
        "<literalExpression><text>n * 2</text></literalExpression></functionDefinition></contextEntry>"
        "<contextEntry><literalExpression><text>twice(amount)</text></literalExpression></contextEntry></context>"
    )
    required = '<informationRequirement><requiredInput href="#amount"/></informationRequirement>'
    assert findings(f'<decision id="route" name="route">{required}{entries}</decision>') == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ('- | "x" => 1', '规则 1 的“amount”一格“"x"”：第 1 个字符处，数字与文本不能相比'),
        ("> 5 | - => 1", "规则 1 的“level”一格“> 5”：第 1 个字符处，文本与数字不能相比（>）"),
        ("- | - => amount + level", "规则 1 的结果“amount + level”：第 1 个字符处，数字与文本不能用 + 计算"),
        ("- | - => level.year", "文本没有“year”"),
        ('- | - => "a"', '规则 1 的结果 "a" 是文本，而“result”应当是数字。'),
        ("- | - => string length(amount)", "函数 string length 不接受这样的参数（数字）"),
    ],
)
def test_kinds_that_cannot_meet_are_errors_with_row_and_place(rule: str, sentence: str) -> None:
    found = [
        each for each in findings(table(rule, needs=DRAWN, types={"result": "number"})) if each.rule == "feel-kinds"
    ]
    assert [each.severity for each in found] == ["error"]
    assert sentence in found[0].message_zh
    assert "ule 1" in found[0].message_en


def test_the_kind_of_a_column_may_be_written_at_the_column_alone() -> None:
    found = read_decisions(model(table('- | "x" => 1', types={"amount": "integer"})))["route"].check()
    assert [each.rule for each in found if each.severity == "error"] == ["feel-kinds"]


def test_an_expression_of_its_own_is_checked_as_well() -> None:
    required = '<informationRequirement><requiredInput href="#amount"/></informationRequirement>'
    text = '<literalExpression><text>amount &gt; "5"</text></literalExpression>'
    found = only(f'<decision id="route" name="route">{required}{text}</decision>')
    assert "数字与文本不能相比（>）" in found.message_zh


def test_types_of_the_model_are_looked_through_even_when_they_run_in_a_circle() -> None:
    items = (
        '<itemDefinition name="money"><typeRef>sum</typeRef></itemDefinition>'
        '<itemDefinition name="sum"><typeRef>number</typeRef></itemDefinition>'
        '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
        '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
    )
    xml = model(items, table('"x" | "x" => 1', inputs=("p", "q"), types={"p": "money", "q": "a"}))
    found = [each for each in read_decisions(xml)["route"].check() if each.rule == "feel-kinds"]
    assert ["“p”一格" in each.message_zh for each in found] == [True]


def test_a_decision_that_is_right_is_left_in_peace() -> None:
    xml = model(
        LEVEL,
        AMOUNT,
        literal("risk", "amount * 2"),
        table('"high" | [0..5], > 10 => risk', 'not("high") | - => 1', '"high" | (5..10] => null', '"high" | < 0 => 0',
              needs=DRAWN, requires=("risk",), types={"level": "string", "amount": "number", "result": "number"}),
    )  # fmt: skip
    assert read_decisions(xml)["route"].check() == []
