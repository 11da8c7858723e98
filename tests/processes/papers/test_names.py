"""Names stay recognisable and lose what they hide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.papers import clean_name
from processes.papers.names import extension_of


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("会议纪要（定稿）.docx", "会议纪要（定稿）.docx"),
        ("C:\\fakepath\\现场 照片.jpg", "现场 照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\win.ini", "win.ini"),
        ("a\x00b\x1f\x7f.txt", "ab.txt"),
        ("发票\u202egpj.exe", "发票gpj.exe"),
        ("零\u200b宽\ufeff.txt", "零宽.txt"),
        ("两  个\t空格 .txt", "两 个 空格 .txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("  ..隐藏.. ", "隐藏"),
        ("", "未命名"),
        (None, "未命名"),
        ("/", "未命名"),
        ("...", "未命名"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_are_cleaned(given_name, kept):
    assert clean_name(given_name) == kept


def test_a_long_name_keeps_its_extension():
    assert clean_name("很" * 300 + ".docx") == "很" * 115 + ".docx"
    assert clean_name("a." + "x" * 300) == ("a." + "x" * 300)[:120]


@given(st.text(max_size=400))
def test_any_name_comes_out_short_shown_and_stable(name):
    kept = clean_name(name)
    assert 1 <= len(kept) <= 120
    assert clean_name(kept) == kept
    assert not set(kept) & set('/\\\0\n\r\u202e\u2066<>:"|?*')
    assert kept.isprintable()


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.JPG", "jpg"), ("a.tar.gz", "gz"), ("a", ""), (".txt", ""), ("a.", ""), ("照片.jpeg", "jpeg")],
)
def test_extensions_are_lower_case(name, extension):
    assert extension_of(name) == extension
