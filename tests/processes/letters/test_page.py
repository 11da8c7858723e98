"""The PDF is the letter that the .docx is: the same text, its own Chinese font, the same bytes each time."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from docx.shared import Pt

from processes.letters import NoFont, Series, as_pdf, page, read_series, said
from processes.letters.reading import read_letter
from tests.kit.sites import the_pack
from tests.processes.letters.a_template import a_template


def blocks(content: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_letter(content)["blocks"]
    return found


def test_a_paragraph_is_read_with_all_that_shapes_it() -> None:
    def shape(document: Any) -> None:
        paragraph = document.paragraphs[0]
        paragraph.alignment, paragraph.paragraph_format.space_before = 2, Pt(12)
        paragraph.runs[0].font.size, paragraph.runs[0].bold = Pt(22), True

    (one,) = blocks(a_template("督办函", change=shape))
    assert (one["align"], one["above"], one["size"]) == ("right", 12.0, 22.0)
    assert [(run["text"], run["bold"], run["size"]) for run in one["runs"]] == [("督办函", True, 22.0)]


def test_the_county_s_template_keeps_its_red_head_its_table_and_its_indents() -> None:
    template = the_pack().letters["supervision"]
    read = blocks(template.fill(dict.fromkeys(template.fields, "甲")))
    assert read[0]["rule"] == read[0]["runs"][0]["colour"] == "#D7000F"
    assert read[0]["runs"][0]["font"] == "方正小标宋简体"
    (table,) = (block for block in read if block["kind"] == "table")
    assert [cell["columns"] for cell in table["cells"]] == [1, 1, 1, 1]
    assert {block["first"] for block in read if block["kind"] == "paragraph"} == {0.0, 32.0}
    assert {run["font"] for run in read[4]["runs"]} == {"仿宋_GB2312"}


def test_cells_that_span_columns_are_one_cell() -> None:
    def merge(document: Any) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"

    (table,) = (block for block in blocks(a_template(change=merge)) if block["kind"] == "table")
    assert [cell["columns"] for cell in table["cells"]] == [2, 1, 1]
    assert as_pdf(a_template(change=merge), "合并")


def test_the_pdf_holds_a_chinese_font_and_is_the_same_each_time() -> None:
    letter = a_template("关于“路灯不亮”的督办函 #panic() $x$ \\ 〔2026〕", "第二段")
    made = as_pdf(letter, "督办函")
    assert made.startswith(b"%PDF-") and made == as_pdf(letter, "督办函")
    assert re.search(rb"/FontName/\w+\+NotoSerif(SC|CJKsc)", made) and b"FontFile" in made
    assert made != as_pdf(a_template("另一封"), "督办函")


def test_every_letter_is_drawn_with_a_glyph() -> None:
    made = as_pdf(a_template("哨鄱阳湖𠮷"), "生僻字")
    maps = b"".join(
        zlib.decompress(each)
        for each in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", made, re.DOTALL)
        if _is_map(each)
    )
    assert b"54E8" in maps.upper() and b"9131" in maps.upper()  # 哨, 鄱


def _is_map(stream: bytes) -> bool:
    try:
        return b"beginbfchar" in zlib.decompress(stream) or b"beginbfrange" in zlib.decompress(stream)
    except zlib.error:
        return False


def test_without_any_chinese_font_there_is_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(NoFont):
        as_pdf(a_template("督办函"), "督办函")


# -- what fields say, and numbers


def test_values_are_said_as_documents_say_them() -> None:
    zone = the_pack().calendar.zone
    at = datetime(2026, 9, 24, 9, 30, tzinfo=UTC)
    given = [None, True, date(2026, 9, 4), at, Decimal("1E+2"), ["甲", None, "乙"], {"a": 1, "b": "x"}, 3]
    assert [said(each, zone) for each in given] == [
        *("", "是", "2026年9月4日", "2026年9月24日17时30分", "100", "甲\n\n乙", "1，x", "3"),
    ]


def test_a_series_numbers_its_letters_by_year() -> None:
    series = read_series({"letters": {"supervision": "督办〔{year}〕{seq}号"}})
    assert series == {"supervision": Series("supervision", "督办〔{year}〕{seq}号")}
    assert series["supervision"].number(2026, 12) == "督办〔2026〕12号"
    assert read_series({}) == {}


@pytest.mark.parametrize(
    "section",
    [
        {"a": "督办{year}"},
        {"a": "督办{seq}"},
        {"a": "{year}{seq}{unit}"},
        {"a": "{year}{seq"},
        {"a": "长" * 40 + "{year}{seq}"},
        {"a": 5},
        {"a": "{year}-{seq}", "b": "{year}-{seq:01}"},
        ["a"],
    ],
    ids=str,
)
def test_a_pattern_that_gives_one_number_twice_is_refused(section: object) -> None:
    with pytest.raises(ValueError, match=r"\[letters\]"):
        read_series({"letters": section})
