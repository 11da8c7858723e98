"""Draws the wrong and the right picture of every lint page from its samples: `python -m tests.engine.model.pictures`.

Only where the two look different; a wrong attribute shows in the page's XML, not in a picture.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.engine.model.test_lint import PAGES, SAMPLES
from web.drawing import DiagramNotDrawable, draw
from web.drawing.__main__ import STYLESHEET

PICTURES = PAGES / "pictures"
_STYLE = f"<style>{' '.join(STYLESHEET.read_text(encoding='utf-8').split())}</style>"
_HEADS = {"wrong": "**错误 · Wrong**\n", "right": "**正确 · Right**\n"}
_LINK = re.compile(r"!\[[^]]*\]\(pictures/[^)]*\)\n\n")


def main() -> None:
    """Draw the pictures anew and link them in the pages."""
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for page in sorted(PAGES.glob("*.md")):
        pair = {way: _drawn(page.stem, kind) for way, kind in (("wrong", "invalid"), ("right", "valid"))}
        text = _LINK.sub("", page.read_text(encoding="utf-8"))
        if all(pair.values()) and pair["wrong"] != pair["right"]:
            for way, svg in pair.items():
                (PICTURES / f"{page.stem}-{way}.svg").write_text(svg, encoding="utf-8")
                link = f"![{way}](pictures/{page.stem}-{way}.svg)\n\n"
                text = text.replace(f"{_HEADS[way]}\n", f"{_HEADS[way]}\n{link}")
        page.write_text(text, encoding="utf-8")


def _drawn(rule: str, kind: str) -> str:
    """The first sample of a kind as SVG with its styles inside; "" when it cannot be drawn."""
    sample: Path = min((SAMPLES / rule).glob(f"{kind}-*.bpmn"))
    try:
        opening, rest = draw(sample.read_bytes(), states={}, title=rule).split(">", 1)
    except DiagramNotDrawable:
        return ""
    return f"{opening}>{_STYLE}{rest}\n"


if __name__ == "__main__":
    main()
