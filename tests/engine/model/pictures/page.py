"""A rule's page as it should stand on disk: its text with pictures and with the check's own sentences."""

from __future__ import annotations

import re
from pathlib import Path

from tests.engine.model.pictures.pair import findings_on, pictures_of
from tests.engine.model.pictures.shown import shown_on
from tests.engine.model.pictures.tables import HEADS, table_files_of
from tests.engine.model.pictures.unpictured import excerpt
from tests.engine.model.test_lint import PAGES

PICTURES = PAGES / "pictures"
_MADE = re.compile(r"(?<=\*\*\n\n)(?:(?!```xml).*\n)*?(?=```xml)")


def all_files() -> dict[Path, str]:
    """Every page and every picture."""
    rules = [files_of(page.stem) for page in sorted(PAGES.glob("*.md"))]
    tables = [table_files_of(page) for page in sorted((PAGES / "tables").glob("*.md"))]
    return {file: text for files in (*rules, *tables) for file, text in files.items()}


def files_of(rule: str) -> dict[Path, str]:
    """The page and its pictures: where each stands, and what it holds."""
    page = PAGES / f"{rule}.md"
    text = _MADE.sub("", page.read_text(encoding="utf-8"))
    drawn = {way: (PICTURES / f"{rule}-{way}.svg", svg) for way, svg in pictures_of(rule).items()}
    for way, head in HEADS.items():
        text = text.replace(f"{head}\n\n", f"{head}\n\n" + _above(rule, way, pictured=way in drawn))
    return {page: text, **dict(drawn.values())}


def _above(rule: str, way: str, *, pictured: bool) -> str:
    """What stands between a heading and its XML: the picture, or why there is none, and what the check says."""
    wrong = shown_on(rule)[0]
    shown = f"![{way}](pictures/{rule}-{way}.svg)\n\n" if pictured else ""
    if way == "right":
        return shown
    said = findings_on(wrong)[0]
    return f"{shown or excerpt(rule, wrong)}> {said.message_zh}\n>\n> {said.message_en}\n\n"
