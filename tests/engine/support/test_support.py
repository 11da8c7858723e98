"""Every element, event and combination of BPMN 2.0 is executed or refused, and the page says so."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.engine.support.page import PAGE, page, refusal
from tests.engine.support.rows import ROWS, Row
from tests.engine.support.standard import everything
from tests.kit.walks import Way, both_ways

EXECUTED = [row for row in ROWS if row.story]
REFUSED = [row for row in ROWS if row.rule]


@both_ways
@pytest.mark.parametrize("row", EXECUTED, ids=lambda row: row.name)
def test_executed(row: Row, way: Way) -> None:
    assert row.story is not None
    row.story(way)


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
