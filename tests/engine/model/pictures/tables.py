"""Draws the decision tables of a page, wrong and right, from its own rows, which a test lets the checks judge."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from tests.engine.model.pictures.colours import INKS, SIGNS, standing_alone
from web.drawing.paint import FONTS
from web.drawing.picture import Point
from web.drawing.svg import lines_of_text, make, title
from web.drawing.text import width_of

Rows: TypeAlias = list[list[str]]

HEADS = {"wrong": "**错误 · Wrong**", "right": "**正确 · Right**"}
_SIZE, _HEIGHT, _MARGIN, _PADDING = 13, 30.0, 12.0, 14.0
_LINK = re.compile(r"!\[\w+\]\(\.\./pictures/.*\n\n")


def rows_of(part: str) -> Rows:
    """The rows of the one table in this part of a page: the hit policy and the columns' names, then the rules."""
    lines = [line.strip("|").split("|") for line in re.findall(r"^\|.*", part, re.M)]
    head, _, *rules = [[cell.strip().strip("`") for cell in line] for line in lines]
    return [head, *rules]


def table_files_of(page: Path) -> dict[Path, str]:
    """The page about tables and its two pictures as they should stand on disk."""
    text = _LINK.sub("", page.read_text(encoding="utf-8"))
    tables = dict(zip(HEADS, map(rows_of, text.split(HEADS["right"])), strict=True))
    files = {}
    for way, rows in tables.items():
        picture = page.parents[1] / "pictures" / f"{page.stem}-{way}.svg"
        files[picture] = _drawn(rows, tables["right" if way == "wrong" else "wrong"], way, page.stem)
        opening = re.escape(HEADS[way]) + r".*\n\n"
        link = f"![{way}](../pictures/{picture.name})\n\n"
        text = re.sub(opening, lambda head, link=link: head[0] + link, text, count=1)
    return {page: text, **files}


def _drawn(rows: Rows, others: Rows, way: str, words: str) -> str:
    """The table as SVG; the cells in which it differs from the other one wear the sign of their side."""
    shown = [
        [f"{SIGNS[way]} {cell}" if cell != other else cell for cell, other in zip(row, line, strict=True)]
        for row, line in zip(rows, others, strict=True)
    ]
    widths = [max(width_of(cell, _SIZE) for cell in column) + 2 * _PADDING for column in zip(*shown, strict=True)]
    sides = list(accumulate(widths, initial=_MARGIN))
    width, height = sides[-1] + _MARGIN, len(rows) * _HEIGHT + 2 * _MARGIN
    sheet = make("svg", viewBox=f"0 0 {width:g} {height:g}", width=width, height=height, role="img", class_="bpmn")
    sheet.set("font-family", FONTS)
    sheet.append(title(words))
    for number, row in enumerate(shown):
        for cell, (left, right) in zip(row, pairwise(sides), strict=True):
            sheet.extend(_cell(cell, Point(left, _MARGIN + number * _HEIGHT), right - left, is_head=number == 0))
    return standing_alone(etree.tostring(sheet, encoding="unicode"), f".bpmn .marked {{ fill: {INKS[way]}; }}")


def _cell(text: str, corner: Point, width: float, *, is_head: bool) -> list[etree._Element]:
    role = "head" if is_head else "container"
    frame = make("rect", role, x=corner.x, y=corner.y, width=width, height=_HEIGHT)
    words = lines_of_text([text], Point(corner.x + width / 2, corner.y + _HEIGHT / 2), _SIZE)
    if text[0] in SIGNS.values():
        words.set("class", "bpmn-label marked")
    return [frame, words]
