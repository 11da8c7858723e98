"""Hostile expressions end soon, with an error of ours that says where, or with a value."""

import resource
import subprocess
import sys

import pytest

from engine.feel import Budget, FeelBudgetError, FeelError, compile_expression, compile_unary_tests
from engine.feel.budget import SOURCE_LENGTH
from tests.engine.feel.bombs import ANY_LENGTH, HARMLESS, TOO_MUCH, VALUES
from tests.kit.effort import calls

MOST_MEMORY = 64 * 1024  # kilobytes beyond what Python and the corpus take themselves


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_a_bomb_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(FeelError) as caught:
        compile_expression(text).evaluate(VALUES, functions={"plus": lambda value: value})
    assert 0 <= caught.value.position < len(text)
    assert f"第 {caught.value.position + 1} 个字符" in str(caught.value)
    assert f"character {caught.value.position + 1}" in caught.value.english


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_an_odd_expression_gives_a_value_and_never_crashes(text: str) -> None:
    compile_expression(text).evaluate({})


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 + count(for i in 1..1000000000 return i)", 10),
        ("{a: 1, b: biglist[count(biglist[item > 1]) > 1]}", 24),
        ('if true then matches("' + "a" * 40 + '!", "^(a|aa)+$") else false', 13),
        ("[1, 2, " + "(" * 100, 66),
    ],
)
def test_the_place_is_that_of_the_part_that_asks_for_too_much(text: str, position: int) -> None:
    with pytest.raises(FeelBudgetError) as caught:
        compile_expression(text).evaluate(VALUES)
    assert caught.value.position == position


@pytest.mark.parametrize("length", [100_000, 1_000_000])
@pytest.mark.parametrize("name", ANY_LENGTH)
def test_a_hundred_kilobytes_are_refused_unread(name: str, length: int) -> None:
    text = ANY_LENGTH[name](length)
    assert len(text) >= length
    assert refusal_of(text) == SOURCE_LENGTH
    assert work_on(text) < 100


@pytest.mark.parametrize("name", ANY_LENGTH)
def test_as_much_as_may_be_read_takes_work_that_grows_with_its_length_only(name: str) -> None:
    short, long = (ANY_LENGTH[name](length) for length in (4_700, 18_800))
    assert len(long) <= SOURCE_LENGTH
    assert work_on(long) < 5 * (work_on(short) + 100)  # so that nothing hangs on two small counts


def work_on(text: str) -> int:
    """How much work it is to read an expression and to evaluate it, or to refuse it."""
    return calls(lambda: refusal_of(text))


def refusal_of(text: str) -> int | None:
    """Where an expression is refused; None when it gives a value, or null, within its budget."""
    try:
        compile_expression(text).evaluate(VALUES)
    except FeelError as error:
        assert f"第 {error.position + 1} 个字符" in str(error)
        return error.position
    return None


def test_no_bomb_fills_the_memory() -> None:
    begin = "import resource; from tests.engine.feel.test_bombs import explode_all; explode_all()"
    told = subprocess.run([sys.executable, "-c", begin], capture_output=True, text=True, check=True)
    assert int(told.stdout) < MOST_MEMORY


def explode_all() -> None:
    """Print how many kilobytes the whole corpus takes at its worst, in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for text in [*TOO_MUCH.values(), *HARMLESS.values()]:
        try:
            compile_expression(text).evaluate(VALUES, functions={"plus": lambda value: value})
        except FeelError:
            continue
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


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
