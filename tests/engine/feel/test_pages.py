"""Every example of the pages about FEEL gives what the page says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.feel import compile_expression
from engine.feel.border import imported
from engine.feel.values import equal

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ("feel.md", "feel.zh.md")
BLOCK = re.compile(r"```feel( values)?\n(.*?)```", re.DOTALL)


def values_of(page: str) -> dict[str, object]:
    (text,) = (body for kind, body in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")) if kind)
    values: dict[str, object] = compile_expression(text).evaluate({})
    return values


def examples() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for kind, body in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
            yield from ((page, line) for line in body.splitlines() if line and not kind)


@pytest.mark.parametrize(("page", "line"), list(examples()))
def test_an_example_gives_what_the_page_says(page: str, line: str) -> None:
    text, result = line.split(" // ")
    values = values_of(page)
    expression = compile_expression(text)
    assert expression.names <= values.keys()
    assert equal(imported(expression.evaluate(values)), imported(compile_expression(result).evaluate({}))) is True


def test_both_pages_speak_of_the_same_values() -> None:
    assert values_of("feel.md") == values_of("feel.zh.md")
    assert len(list(examples())) > 40
