"""Lines and columns of Chinese text."""

from __future__ import annotations

import pytest

from web.drawing.text import columns, cut, width_of, wrap


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("审核把关", ["审核把关"]),
        ("查职责清单定主责单位", ["查职责清单定", "主责单位"]),
        ("通知各应哨单位", ["通知各应哨", "单位"]),  # no lonely last character
        ("不合格，退回重办", ["不合格，", "退回重办"]),  # a pause ends a line
        ("是否同意上报？", ["是否同意上报？"]),  # closing punctuation hangs
        ("办理佐证材（二）", ["办理佐证材", "（二）"]),  # an opening bracket goes on
        ("填写 A4 表", ["填写 A4 表"]),
        ("", []),
    ],
)
def test_text_is_broken_as_chinese_is_set(text, lines):
    assert wrap(text, 78, 13) == lines


def test_latin_words_stay_whole_unless_they_fit_no_line():
    assert wrap("report in", 50, 13) == ["report", "in"]
    assert "".join(wrap("incomprehensibilities", 40, 13)) == "incomprehensibilities"
    assert all(width_of(line, 13) <= 40 for line in wrap("incomprehensibilities", 40, 13))


def test_a_cut_text_says_so():
    assert cut(["一二三", "四五六", "七八九"], 2) == ["一二三", "四五…"]
    assert cut(["一二三"], 2) == ["一二三"]


def test_a_lane_name_stands_upright_with_its_brackets_turned():
    assert columns("乡镇（街道）", 200, 13) == [["乡", "镇", "︵", "街", "道", "︶"]]
    assert columns("县直部门与派驻机构", 75, 13) == [["县", "直", "部", "门", "与"], ["派", "驻", "机", "构"]]
