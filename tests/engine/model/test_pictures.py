"""Every page shows its rule's samples, wrong and right, and is as `python -m tests.engine.model.pictures` writes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.model.lint import READING_RULES, rules
from tests.engine.model.pictures.page import PICTURES, all_files, files_of
from tests.engine.model.pictures.unpictured import NOT_DRAWN
from tests.engine.model.test_lint import PAGES

RULES = sorted({*rules(), *READING_RULES})
made = cache(all_files)


@pytest.mark.parametrize("page", sorted(PAGES.rglob("*.md")), ids=lambda page: page.stem)
def test_a_page_and_its_pictures_are_as_they_are_made(page: Path) -> None:
    stale = [file.name for file, text in made().items() if _belongs(file, page) and _on_disk(file) != text]
    assert stale == []


def _belongs(file: Path, page: Path) -> bool:
    return file == page or file.stem in (f"{page.stem}-wrong", f"{page.stem}-right")


def _on_disk(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_there_is_no_picture_that_no_page_shows() -> None:
    assert set(PICTURES.glob("*")) == {file for file in made() if file.suffix == ".svg"}


@pytest.mark.parametrize("rule", RULES)
def test_a_page_shows_two_pictures_that_differ_or_says_why_not(rule: str) -> None:
    page, *pictures = files_of(rule).values()
    if rule in NOT_DRAWN:
        assert not pictures
        assert NOT_DRAWN[rule].zh in page
        assert "✗" in page
    else:
        assert len({picture.partition("</style>")[2] for picture in pictures}) == 2
