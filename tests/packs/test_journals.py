"""The journal of every story, sentence by sentence, as `tests/packs/golden/<county>/<story>.txt` remembers it.

After a wanted change: `REWRITE_GOLDEN=1 pytest tests/packs/test_journals.py`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from processes.play import play
from tests.kit.folders import LAKESIDE, lakeside
from tests.kit.sites import COUNTIES, the_pack

GOLDEN = Path(__file__).parent / "golden"
FILES = [*sorted(COUNTIES.glob("*/stories/*.toml")), *sorted(LAKESIDE.glob("stories/*.toml"))]
STORIES = [(file.parent.parent.name, file.stem) for file in FILES]


@pytest.mark.parametrize(("county", "story"), STORIES)
def test_the_journal_reads_as_it_did(county: str, story: str) -> None:
    pack = lakeside() if county == LAKESIDE.name else the_pack(county)
    journal = "\n".join([f"# {pack.stories[story].name}", *play(pack, pack.stories[story]).journal]) + "\n"
    file = GOLDEN / county / f"{story}.txt"
    if os.getenv("REWRITE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(journal, encoding="utf-8")
    assert file.exists(), "a new story: write its journal with REWRITE_GOLDEN=1"
    assert journal == file.read_text(encoding="utf-8")


def test_no_journal_outlives_its_story() -> None:
    kept = {(file.parent.name, file.stem) for file in GOLDEN.glob("*/*.txt")}
    assert kept == set(STORIES)
