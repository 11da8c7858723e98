"""The pages about decision tables tell the truth: the wrong table is found out by its rule, the right one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.dmn import read_decisions
from tests.engine.dmn.models import model, table
from tests.engine.model.pictures.tables import rows_of

PAGES = Path(__file__).parents[3] / "docs" / "lint" / "tables"
POLICIES = {"U": "UNIQUE", "F": "FIRST"}


def rules_found(part: str) -> list[str]:
    """What the checks say of the one table drawn in this part of a page."""
    (policy, *columns), *rules = rows_of(part)
    drawn = table(
        *(f"{' | '.join(cells[:-1])} => {cells[-1]}" for _, *cells in rules),
        hit_policy=POLICIES[policy],
        inputs=tuple(columns[:-1]),
        outputs=(columns[-1],),
    )
    return [finding.rule for finding in read_decisions(model(drawn))["route"].check()]


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_the_wrong_table_is_found_out_and_the_right_one_is_not(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}\n")
    wrong, right = text.split("**正确 · Right**")
    assert set(rules_found(wrong)) == {page.stem}
    assert rules_found(right) == []


def test_overlaps_and_gaps_have_their_pages() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == {"table-overlap", "table-gap"}
