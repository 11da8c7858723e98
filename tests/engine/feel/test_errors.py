"""Errors say where and what; nothing that cannot be read passes for something else."""

import pytest

from engine.errors import Rejected
from engine.feel import FeelBudgetError, FeelError, FeelSyntaxError, compile_expression, compile_unary_tests

WRONG = {
    "amount >": 8,
    "amount > > 1": 9,
    "amount 1": 7,
    "(1 + 2": 6,
    "[1, 2": 5,
    "{a: 1": 5,
    "{a 1}": 4,
    '"open': 0,
    '{"open: 1}': 1,
    "if a then b": 11,
    "for x in [1]": 12,
    "some x in [1] x": 14,
    "a between 1": 11,
    "a instance 1": 11,
    "amount ＞ 1": 7,
    "unit in （1，2）": 8,
    "a.": 2,
    "a.1": 1,
    "f(a: )": 5,
    "@5": 1,
    "#": 0,
    "": 0,
    "1e99999": 0,
    "amount total": 7,
    "[1..5": 5,
    "x = then": 4,
    "function(1) 2": 9,
    "5 in (>= 1..5]": 10,
}


@pytest.mark.parametrize("text", WRONG, ids=str)
def test_a_syntax_error_knows_its_place(text: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert caught.value.position == WRONG[text]
    assert f"第 {WRONG[text] + 1} 个字符" in caught.value.sentence
    assert f"character {WRONG[text] + 1}" in caught.value.english


def test_an_error_names_what_stands_in_the_way() -> None:
    with pytest.raises(FeelSyntaxError, match="此处应为 then，却是 else"):
        compile_expression("if a else b")


def test_full_width_signs_typed_by_accident_are_pointed_out() -> None:
    with pytest.raises(FeelSyntaxError, match="却是 ＞（全角符号请改为半角）"):
        compile_expression("amount ＞ 1")


def test_braces_in_the_source_do_not_upset_the_sentence() -> None:
    with pytest.raises(FeelSyntaxError, match=r"却是 \{"):
        compile_expression("amount {placeholder}")


def test_errors_of_feel_are_rejections_that_the_rest_of_the_house_understands() -> None:
    assert issubclass(FeelError, Rejected)
    assert issubclass(FeelBudgetError, FeelError)


@pytest.mark.parametrize("text", ["", ",", "< ", "not(1", "1,", "- -", "[1..2", ">= 1 2"])
def test_a_table_cell_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(text)


def test_a_host_function_called_wrongly_is_the_authors_error_and_no_crash() -> None:
    expression = compile_expression("limit()")
    with pytest.raises(FeelError, match="limit"):
        expression.evaluate({}, functions={"limit": lambda name: name})
