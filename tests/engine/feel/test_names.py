"""What an expression takes from outside, so that misspelt names are found before anything runs."""

from datetime import date

import pytest

from engine.feel import compile_expression, compile_unary_tests, tree

FREE = {
    "amount > 1 and unit = other": {"amount", "unit", "other"},
    "for x in items return x + rate": {"items", "rate"},
    "for x in items, y in x.parts return partial": {"items"},
    "some x in [x0] satisfies x = x0": {"x0"},
    "(function(a, b) a + c)(1, 2)": {"c"},
    "{a: b, c: a}.c": {"b"},
    "sum(prices)": {"prices"},
    "申请 日期 < 截止": {"申请 日期", "截止"},
    "x in (< low, ? > high)": {"x", "low", "high"},
    "a.b.c": {"a"},
    "items[item > limit]": {"items"},
    "true": set(),
    "function(x) external {java: x}": set(),
}


@pytest.mark.parametrize("text", FREE, ids=str)
def test_free_variables_leave_out_what_is_bound_inside(text: str) -> None:
    assert compile_expression(text, names=["申请 日期"]).names == FREE[text]


def test_a_name_in_a_filter_may_be_a_property_and_is_told_apart() -> None:
    expression = compile_expression("items[qty > least]", names=["least"])
    assert expression.names == {"items", "least"}
    assert expression.possible_names == {"qty"}


def test_functions_that_are_not_built_in_are_listed() -> None:
    expression = compile_expression('limit("respond") + count(items)')
    assert expression.functions == {"limit"}
    assert expression.names == {"items"}


def test_a_host_function_is_lent_by_name() -> None:
    expression = compile_expression("double(2) + n")
    assert expression.evaluate({"n": 1}, functions={"double": lambda number: number * 2}) == 5


def test_the_longest_known_name_wins() -> None:
    expression = compile_expression("a - b + a-b", names=["a-b"])
    assert expression.evaluate({"a": 5, "b": 2, "a-b": 100}) == 103
    assert compile_expression("date and time").names == set()


@pytest.mark.parametrize("names", [["申请 日期", "申请 日期 修订"], ["申请 日期 修订", "申请 日期"]])
def test_the_longest_known_name_wins_in_whatever_order_they_are_given(names: list[str]) -> None:
    assert compile_expression("申请 日期 修订 + 申请 日期", names=names).names == set(names)


def test_a_declared_name_hides_a_built_in_one() -> None:
    expression = compile_expression("count > 3", names=["count"])
    assert expression.names == {"count"}
    assert expression.evaluate({"count": 5}) is True


def test_a_variable_does_not_hide_the_function_of_its_name() -> None:
    expression = compile_expression('date < date("2026-01-02") and count(items) = count')
    assert expression.evaluate({"date": date(2026, 1, 1), "items": [1], "count": 1}) is True


def test_linters_can_walk_the_tree() -> None:
    parts = list(compile_expression('vetting = "forward"').tree.walk())
    assert [part.value for part in parts if isinstance(part, tree.Literal)] == ["forward"]


def test_the_same_text_is_compiled_once() -> None:
    assert compile_expression("1 + 1", names=["a"]) is compile_expression("1 + 1", names=("a",))


@pytest.mark.parametrize(
    ("cell", "subject", "passes"),
    [
        ("-", None, True),
        ("< 5", 4, True),
        ("< 5", 5, False),
        ("< 5", None, False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("[1..5], > 10", 11, True),
        ("]1..5[", 5, False),
        ("? > 3 and ? < limit", 4, True),
        ("count(?) > 1", [1, 2], True),
        ("limit", 9, True),
        ("not(< 5)", None, False),
        ("not(< 5)", 6, True),
        ("[1, 2, 3]", 2, True),
        ("null", None, True),
        ("true", True, True),
        ("true", False, False),
        ("not(true)", False, True),
        ('date("2026-01-01")', "2026-01-01", False),
    ],
)
def test_table_cells_are_asked_about_a_value(cell: str, subject: object, passes: bool) -> None:
    assert compile_unary_tests(cell).matches(subject, {"limit": 9}) is passes
