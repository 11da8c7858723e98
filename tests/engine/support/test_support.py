"""Every element, event and combination of BPMN 2.0 is executed or refused, and the page says so."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.model.lint import Known, lint
from engine.spiff.program import Program
from tests.engine.support.page import PAGE, page, refusal
from tests.engine.support.rows import ROWS, Row
from tests.engine.support.standard import everything
from tests.kit.walks import Case, Way, both_ways

EXECUTED = [row for row in ROWS if row.story]
LEFT_OUT = {
    "task_without_post",
    "task_without_form",
    "task_without_limit",
    "snake_case_id",
    "file_name",
    "unknown_post",
    "unknown_unit",
    "unknown_form",
    "unknown_verb",
    "unknown_decision",
}
REFUSED = [row for row in ROWS if row.rule]


@both_ways
@pytest.mark.parametrize("row", EXECUTED, ids=lambda row: row.name)
def test_executed(row: Row, way: Way) -> None:
    assert row.story is not None
    Case.played.clear()
    row.story(way)
    if not row.is_refused_too:
        assert [said for program in Case.played for said in refusals(program)] == []


def refusals(program: Program) -> list[str]:
    """What the linter refuses in a program, apart from what short stories leave out: posts, forms, limits, lists."""
    found = lint(program.definition.files, Known())
    return [each.message_en for each in found if each.severity == "error" and each.rule not in LEFT_OUT]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.name)
def test_refused(row: Row) -> None:
    said = refusal(row)
    assert said.severity == "error"
    assert said.message_zh.endswith(("。", "？"))


def test_everything_in_the_standard_has_a_proof_or_a_rule_and_only_one() -> None:
    covered = Counter(name for row in ROWS for name in set(row.covers))
    assert sorted(set(everything()) - set(covered)) == []
    assert [name for name, count in covered.items() if count > 1 and not is_shared(name)] == []


def is_shared(name: str) -> bool:
    """An event definition is refused once in every place it may stand."""
    return name.endswith("EventDefinition")


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.engine.support"
