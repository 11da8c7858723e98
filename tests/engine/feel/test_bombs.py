"""Hostile expressions end soon, with an error of ours or with null."""

import contextlib
import time
from decimal import Decimal

import pytest

from engine.feel import Budget, FeelBudgetError, FeelError, compile_expression, compile_unary_tests

NINES = "9" * 6000
DOUBLING = ", ".join(["a0: [1, 1]", *(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 60))])
GROWING = ", ".join(['t0: "0123456789"', *(f"t{n}: t{n - 1} + t{n - 1}" for n in range(1, 60))])
TOO_MUCH = {
    "a loop in a loop": "for i in 1..9999, j in 1..9999 return i",
    "a huge range": "count(for i in 1..100000000 return i)",
    "a loop over all days": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "brackets": "(" * 3000 + "1" + ")" * 3000,
    "lists": "[" * 3000 + "]" * 3000,
    "contexts": "{a:" * 3000 + "1" + "}" * 3000,
    "negations": "-" * 3000 + "1",
    "nots": "not(" * 3000 + "true" + ")" * 3000,
    "a long sum": "1" + "+1" * 5000,
    "a long path": "a" + ".a" * 5000,
    "a long filter": "a" + "[1]" * 3000,
    "a long if": "if a then 1 else " * 500 + "1",
    "nested functions": "function(x) " * 500 + "1",
    "nested types": "a instance of " + "list<" * 500 + "number" + ">" * 500,
    "nested ins": "a in (" * 500 + "1" + ")" * 500,
    "half a range": "[1.." * 500,
    "too much text": '"' + "x" * 30_000 + '"',
    "endless recursion": "(function(f) f(f))(function(f) f(f))",
    "deep recursion": "(function(f) f(f, 5000))(function(f, n) if n = 0 then 0 else 1 + f(f, n - 1))",
    "doubled texts": "{" + GROWING + "}.t59",
    "texts in a loop": "for i in 1..90000 return string(i) + longtext",
    "flattening what doubles": "flatten({" + DOUBLING + "}.a59)",
    "writing what doubles": "string({" + DOUBLING + "}.a59)",
    "comparing what doubles": "{" + DOUBLING + ", b: a59 = [a58, a58]}.b",
    "returning what doubles": "{" + DOUBLING + "}.a59",
    "lending what doubles": "plus({" + DOUBLING + "}.a59)",
    "testing what doubles": "2 in ({" + DOUBLING + "}.a59)",
    "typing what doubles": "{" + DOUBLING + ", b: a59 instance of " + "list<" * 30 + "Any" + ">" * 30 + "}.b",
    "merging large contexts": "for i in 1..1000 return context merge(for j in 1..50 return large)",
    "each within all before": "for x in 1..60 return [x, partial]",
    "sorting by a costly order": "sort(biglist, function(a, b) count(biglist[item > a]) > 1)",
    "distinct values of many": "distinct values(biglist)",
    "a catastrophic pattern": 'matches("' + "a" * 40 + '!", "^(a|aa)+$")',
    "many slow patterns": 'for i in 1..1000 return matches("' + "a" * 30 + '!" + string(i), "^(a|aa)+$")',
    "a growing replacement": 'replace(longtext, "x", longtext)',
    "joining long texts": "string join(for i in 1..1000 return longtext)",
}
VALUES = {
    "biglist": [Decimal(n) for n in range(5000)],
    "longtext": "x" * 50_000,
    "large": {str(n): n for n in range(1000)},
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_a_bomb_is_refused_quickly(text: str) -> None:
    began = time.process_time()
    with pytest.raises(FeelError):
        compile_expression(text).evaluate(VALUES, functions={"plus": lambda value: value})
    assert time.process_time() - began < 2


HARMLESS = {
    "a giant power": "10 ** 5000000",
    "a giant power of a fraction": "1.0000001 ** 999999999999999999",
    "a giant number times a month": 'duration("P1M") * 1e6000',
    "a giant duration": 'duration("P' + NINES + 'D")',
    "giant years": 'date("' + NINES + '-01-01")',
    "a giant position": "[1, 2][1e6000]",
    "a giant substring": 'substring("abc", 1, 1e6000)',
    "a giant scale": "round up(1, 1e6000)",
    "no such zone": 'time("10:00:00@../../etc/passwd")',
    "a zone that is a folder": 'time("10:00:00@America")',
    "a giant repetition": 'matches("a", "((a{1000}){1000}){1000}")',
    "an unclosed class": 'matches("a", "[a")',
    "a look-behind": 'matches("a", "(?<=a)b")',
    "a recursive pattern": 'matches("a", "(?R)")',
    "a lone surrogate": '"\\ud800" + "x"',
    "a null in a range": "1 in [null..null]",
    "calling a number": "5(3)",
    "sorting unlike things": 'sort([1, "a", null, [2]])',
    "the year one": '@"0001-01-01" - @"P1D"',
    "the last instant": '@"9999-12-31T23:59:59@Asia/Shanghai" + @"PT1S"',
    "the first instant in a far zone": '@"0001-01-01T00:00:00+14:00" < @"0001-01-01T00:00:00-14:00"',
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_an_odd_expression_gives_a_value_or_an_error_of_ours(text: str) -> None:
    began = time.process_time()
    with contextlib.suppress(FeelError):
        compile_expression(text).evaluate({})
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", ["doubled texts", "joining long texts", "a growing replacement"])
def test_a_text_is_stopped_while_it_grows_and_not_by_lack_of_memory(name: str) -> None:
    with pytest.raises(FeelBudgetError, match="文本过长"):
        compile_expression(TOO_MUCH[name]).evaluate(VALUES)


def test_a_long_list_is_not_written_out_without_end() -> None:
    with pytest.raises(FeelBudgetError, match="文本过长"):
        compile_expression("string([longtext, longtext, longtext])").evaluate(VALUES)


@pytest.mark.parametrize(
    ("opening", "closing"), ["()", "[]", ("not(", ")"), ("{a: ", "}"), ("if 1 = 1 then ", " else 0")]
)
def test_nesting_is_counted_and_not_left_to_the_stack(opening: str, closing: str) -> None:
    compile_expression(opening * 50 + "1" + closing * 50).evaluate({})
    with pytest.raises(FeelBudgetError, match="嵌套过深"):
        compile_expression(opening * 61 + "1" + closing * 61)


def test_a_bomb_in_a_table_cell_is_refused() -> None:
    with pytest.raises(FeelBudgetError):
        compile_unary_tests("not(" * 3000 + "1" + ")" * 3000)


def test_values_nested_too_deeply_are_refused() -> None:
    value: object = 1
    for _ in range(5000):
        value = [value]
    with pytest.raises(FeelBudgetError):
        compile_expression("x = x").evaluate({"x": value})


def test_the_caller_may_allow_fewer_steps() -> None:
    expression = compile_expression("count(for i in 1..100 return i)")
    assert expression.evaluate({}) == 100
    with pytest.raises(FeelBudgetError, match="步数"):
        expression.evaluate({}, budget=Budget(steps=50))


def test_a_budget_does_not_leak_into_the_next_evaluation() -> None:
    expression = compile_expression("count(for i in 1..60000 return i)")
    assert [expression.evaluate({}) for _ in range(3)] == [60_000] * 3
