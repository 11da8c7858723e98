"""A filled letter as PDF: the paragraphs, runs and tables of its .docx set by Typst, with a Chinese font embedded."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from processes.letters.errors import NoFont
from processes.letters.reading import read_letter

_SETTING = (Path(__file__).parent / "letter.typ").read_bytes()
_KNOWN_AS = {
    "仿宋_GB2312": "FangSong_GB2312",
    "仿宋": "FangSong",
    "华文仿宋": "STFangsong",
    "朱雀仿宋": "Zhuque Fangsong (technical preview)",
    "黑体": "SimHei",
    "楷体_GB2312": "KaiTi_GB2312",
    "楷体": "KaiTi",
    "宋体": "SimSun",
    "方正小标宋简体": "FZXiaoBiaoSong-B05S",
    "方正小标宋_GBK": "FZXiaoBiaoSong-B05",
}
"""What font files call the fonts that templates name in Chinese."""
_SERIF = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun")
_SANS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Heiti SC", "SimHei")


def as_pdf(content: bytes, title: str) -> bytes:
    """The letter (.docx) as PDF; the same letter gives the same bytes on one machine. Raises NoFont."""
    letter = read_letter(content)
    given = {
        "letter": json.dumps(letter, ensure_ascii=False),
        "faces": json.dumps(_faces(letter), ensure_ascii=False),
        "title": title,
    }
    made = typst.compile(_SETTING, font_paths=_fonts(), format="pdf", sys_inputs=given)
    assert isinstance(made, bytes)  # noqa: S101  # one document, not a picture of each page
    return made


def _faces(letter: dict[str, Any]) -> dict[str, Any]:
    """The fonts to try, in order, for each that the template names; raises NoFont when there is none for Chinese."""
    named = {run["font"] for paragraph in _paragraphs(letter["blocks"]) for run in paragraph["runs"]}
    return {"default": _face(""), "named": {name: _face(name) for name in sorted(named)}}


def _paragraphs(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [block for block in blocks if block["kind"] == "paragraph"]
    cells = [cell for block in blocks if block["kind"] == "table" for cell in block["cells"]]
    return found + [paragraph for cell in cells for paragraph in _paragraphs(cell["blocks"])]


def _face(name: str) -> list[str]:
    """The named font where this machine has it, then one that is like it."""
    wanted = (_KNOWN_AS.get(name, name), name, *(_SANS if "黑" in name else _SERIF), *_SERIF, *_SANS)
    there = [family for family in dict.fromkeys(wanted) if family in _families()]
    if not there:
        raise NoFont
    return there


@cache
def _fonts() -> typst.Fonts:
    """The machine's fonts, and those of the font package that is installed beside us."""
    return typst.Fonts(include_embedded_fonts=False, font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)])


@cache
def _families() -> frozenset[str]:
    return frozenset(_fonts().families())
