"""A template has fields and nothing else: it is read, refused with a sentence, and filled with text as it was typed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document

from processes.letters import LetterRefused, read_template
from tests.processes.letters.a_template import a_template, saved, texts, with_part

RELS = "word/_rels/document.xml.rels"
MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(content: bytes) -> tuple[str, ...]:
    return read_template(content, "letters/x.docx").fields


def test_its_fields_are_told_in_the_order_of_the_text() -> None:
    assert read(a_template("{{ number }}", "致{{unit_name}}：{{ number }}", "{{ 单位 }}")) == (
        "number",
        "unit_name",
        "单位",
    )
    assert read(a_template("没有项目")) == ()


def test_a_field_that_word_cut_into_pieces_is_one_field() -> None:
    document = Document()
    paragraph = document.add_paragraph("编号 {{ nu")
    paragraph.add_run("mb").bold = True
    paragraph.add_run("er }}。")
    content = saved(document)
    assert read(content) == ("number",)
    filled = read_template(content, "x").fill({"number": "督办〔2026〕1号"})
    assert texts(filled) == ["编号 督办〔2026〕1号。"]


def test_fields_in_tables_are_filled_too() -> None:
    def table(document: Any) -> None:
        document.add_table(rows=1, cols=2).cell(0, 1).text = "{{ subjects }}"

    assert texts(read_template(a_template(change=table), "x").fill({"subjects": "路灯"})) == ["", "路灯"]


def test_what_people_typed_stays_text() -> None:
    typed = "<w:t>甲</w:t> & {{ number }} {% for %} #let\n第二行\x0b\x00"
    (said,) = texts(read_template(a_template("{{ text }}"), "x").fill({"text": typed}))
    assert said == "<w:t>甲</w:t> & {{ number }} {% for %} #let\n第二行"


def test_the_same_values_give_the_same_bytes() -> None:
    template = read_template(a_template("{{ number }}"), "x")
    assert template.fill({"number": "1"}) == template.fill({"number": "1", "more": "2"})
    assert template.fill({"number": "1"}) != template.fill({"number": "2"})
    with ZipFile(BytesIO(template.fill({"number": "1"}))) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}


def test_a_letter_with_a_gap_is_not_written() -> None:
    with pytest.raises(LetterRefused, match="没有给出 unit_name"):
        read_template(a_template("{{ number }}{{ unit_name }}"), "x").fill({"number": "1"})


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in y %}{% endfor %}",
        "{{ number.__class__ }}",
        "{{ number | upper }}",
        "{{ range(9) }}",
        "{{ number + 1 }}",
        "{{ 'text' }}",
        "{# remark #}{{ self }}{% set a = 1 %}",
        "{{ a or b }}",
    ],
)
def test_nothing_but_a_name_may_stand_in_braces(text: str) -> None:
    with pytest.raises(LetterRefused, match="只能写一个项目的名称"):
        read(a_template(text))


@pytest.mark.parametrize("text", ["{{ number", "{{ }}", "{{ 两 个 }}", "{% if %}"])
def test_braces_that_are_not_whole_are_refused(text: str) -> None:
    with pytest.raises(LetterRefused, match="没写完整"):
        read(a_template(text))


def _picture(document: Any) -> None:
    document.add_picture(str(Path(__file__).parents[3] / "docs/pictures/login.png"))


def _header(document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = "{{ number }}"


def _linked(document: Any) -> None:
    document.part.relate_to("https://example.org/normal.dotm", f"{MAIN}/attachedTemplate", is_external=True)


@pytest.mark.parametrize(
    ("change", "why"),
    [(_picture, "图片"), (_header, "页眉页脚"), (_linked, "别处的内容")],
    ids=["图片", "页眉", "外链"],
)
def test_what_the_pdf_would_leave_out_or_fetch_is_refused(change: Any, why: str) -> None:
    with pytest.raises(LetterRefused, match=why):
        read(a_template("{{ number }}", change=change))


def test_a_page_number_in_the_footer_is_fine() -> None:
    def footer(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].text = "— 1 —"

    assert read(a_template("{{ number }}", change=footer)) == ("number",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "docx"),
        (b"%PDF-1.7", "docx"),
        (with_part(a_template("x"), "word/vbaProject.bin", b"x"), "宏"),
        (with_part(a_template("x"), "word/document.xml", b"<w:document"), "打不开"),
        (with_part(a_template("x"), "word/document.xml", b"<a/>"), "打不开"),
    ],
    ids=["空", "PDF", "宏", "断了", "别的"],
)
def test_what_is_no_document_or_has_macros_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(LetterRefused, match=why):
        read(content)
