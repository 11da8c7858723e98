"""A filled .docx as plain blocks that a page is set from: paragraphs with their runs, and tables of such."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_ALIGN = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
    WD_ALIGN_PARAGRAPH.DISTRIBUTE: "justify",
}
_BODY_SIZE = 16.0
"""三号, the size of a document's text, where a template says none."""


def read_letter(content: bytes) -> dict[str, Any]:
    """The page (size and margins in points) and its blocks, as JSON knows them."""
    document = Document(BytesIO(content))
    section = document.sections[0]
    sides = ("top_margin", "bottom_margin", "left_margin", "right_margin", "page_width", "page_height")
    page = {side: _points(getattr(section, side), 72.0) for side in sides}
    return {"page": page, "blocks": [*_blocks(document)]}


def _blocks(container: Any) -> Iterator[dict[str, Any]]:
    for block in container.iter_inner_content():
        yield _table(block) if isinstance(block, Table) else _paragraph(block)


def _table(table: Table) -> dict[str, Any]:
    widths = [_points(column.width, 0.0) for column in table.columns]
    drawn = [_Cell(element, table) for row in table.rows for element in row._tr.tc_lst]
    cells = [{"columns": cell.grid_span, "blocks": [*_blocks(cell)]} for cell in drawn]
    return {"kind": "table", "widths": widths, "cells": cells}


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    said = [_run(run, paragraph) for run in paragraph.runs if run.text]
    size = max((run["size"] for run in said), default=_size(None, paragraph))
    return {
        "kind": "paragraph",
        "align": _ALIGN.get(_found(paragraph, "alignment"), "left"),
        "first": _first_line(paragraph, size),
        "left": _points(_found(paragraph, "left_indent"), 0.0),
        "right": _points(_found(paragraph, "right_indent"), 0.0),
        "above": _points(_found(paragraph, "space_before"), 0.0),
        "below": _points(_found(paragraph, "space_after"), 0.0),
        "leading": _line(paragraph, size),
        "size": size,
        "runs": said,
        "rule": _rule(paragraph),
    }


def _run(run: Run, paragraph: Paragraph) -> dict[str, Any]:
    colour = run.font.color.rgb if run.font.color is not None and run.font.color.type is not None else None
    return {
        "text": run.text,
        "size": _size(run, paragraph),
        "bold": bool(run.bold if run.bold is not None else _of_style(paragraph, lambda style: style.font.bold)),
        "underline": bool(run.underline),
        "colour": f"#{colour}" if colour is not None else "#000000",
        "font": _font(run._element.rPr) or _style_font(paragraph) or "",
    }


def _size(run: Run | None, paragraph: Paragraph) -> float:
    own = run.font.size if run is not None else None
    found = own or _of_style(paragraph, lambda style: style.font.size)
    return _points(found, _BODY_SIZE)


def _font(properties: Any) -> str | None:
    """The font for Chinese, which Word keeps apart from that for Latin letters."""
    fonts = properties.find(qn("w:rFonts")) if properties is not None else None
    return str(fonts.get(qn("w:eastAsia")) or "") or None if fonts is not None else None


def _style_font(paragraph: Paragraph) -> Any:
    return _of_style(paragraph, lambda style: _font(style.element.rPr))


def _of_style(paragraph: Paragraph, what: Any) -> Any:
    """What the paragraph's style says, or the one it is based on."""
    style: Any = _style(paragraph)
    while style is not None:
        found = what(style)
        if found is not None:
            return found
        style = style.base_style
    return None


def _style(paragraph: Paragraph) -> Any:
    """The paragraph's style; looked up once in a document, for the library searches all of them each time."""
    known, name = _STYLES.setdefault(paragraph.part, {}), paragraph._element.style
    if name not in known:
        known[name] = paragraph.style
    return known[name]


_STYLES: WeakKeyDictionary[Any, dict[str | None, Any]] = WeakKeyDictionary()


def _found(paragraph: Paragraph, name: str) -> Any:
    own = getattr(paragraph.paragraph_format, name)
    return own if own is not None else _of_style(paragraph, lambda style: getattr(style.paragraph_format, name))


def _first_line(paragraph: Paragraph, size: float) -> float:
    """The indent of the first line; WPS writes it in hundredths of a character."""
    properties = paragraph._element.pPr
    indent = properties.find(qn("w:ind")) if properties is not None else None
    in_characters = indent.get(qn("w:firstLineChars")) if indent is not None else None
    if in_characters is not None:
        return int(in_characters) / 100 * size
    return _points(_found(paragraph, "first_line_indent"), 0.0)


def _line(paragraph: Paragraph, size: float) -> float:
    """The height of a line in points; a number without a measure is so many times the letters' own."""
    spacing = _found(paragraph, "line_spacing")
    if isinstance(spacing, Length):
        return float(spacing.pt)
    return size * 1.3 * float(spacing or 1.0)


def _rule(paragraph: Paragraph) -> str | None:
    """The colour of the line below a paragraph: the red line of a document's head."""
    properties = paragraph._element.pPr
    borders = properties.find(qn("w:pBdr")) if properties is not None else None
    below = borders.find(qn("w:bottom")) if borders is not None else None
    if below is None or below.get(qn("w:val")) in (None, "nil", "none"):
        return None
    colour = below.get(qn("w:color"), "auto")
    return "#000000" if colour == "auto" else f"#{colour}"


def _points(length: Any, otherwise: float) -> float:
    return float(length.pt) if length is not None else otherwise
