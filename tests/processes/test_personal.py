"""What in a text may tell who somebody is: numbers by their look, names by what was filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from processes.personal import Found, loose_personal, names_in, personal_fields, personal_in
from tests.kit.sites import the_pack


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("联系电话13800000001，随时可打", "电话", "13800000001"),
        ("电话 138 0000 0001", "电话", "138 0000 0001"),
        ("手机＋86 13800000001", "电话", "+86 13800000001"),
        ("全角的１３８０００００００１也是", "电话", "13800000001"),
        ("座机0792-5220000", "电话", "0792-5220000"),
        ("座机（0792）5220000", "电话", "（0792）5220000"),
        ("身份证360428199001011234。", "证件号或账号", "360428199001011234"),
        ("身份证36042819900101123x", "证件号或账号", "36042819900101123x"),
        ("老身份证360428900101123", "证件号或账号", "360428900101123"),
        ("卡号6222 0000 1111 2222 333", "证件号或账号", "6222 0000 1111 2222 333"),
        ("信箱 a.b@example.com。", "邮箱", "a.b@example.com"),
    ],
)
def test_numbers_that_tell_who_somebody_is_are_found(text: str, kind: str, words: str) -> None:
    assert personal_in(text) == [Found(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "2026 年 9 月 16 日前修好 18 盏路灯，涉及 126 户。",
        "按赣府发〔2026〕18号办理，编号 DC2026-0012。",
        "投资 1200000 元，管网 3500 米。",
        "拨打 12345 热线；急哨 119、110。",
        "2026-09-16 至 2026-10-31",
        "自 20260916 起",
    ],
)
def test_dates_sums_and_hotlines_are_none(text: str) -> None:
    assert personal_in(text) == []


def test_names_are_found_once_and_numbers_come_first() -> None:
    found = personal_in("陈敏报修，陈敏的电话是13800000001，李强到场。", {"陈敏", "李强", "王磊"})
    assert [each.sentence for each in found] == ["13800000001（电话）", "李强（姓名）", "陈敏（姓名）"]


def test_names_are_those_in_the_personal_fields_in_rows_too() -> None:
    answers = [
        {"contact_name": "陈敏、李强", "contact_phone": "13800000001", "subject": "路灯不亮"},
        {"people": [{"visitor": "王磊 赵倩", "note": "张三"}], "visitor": None},
        {"visitor": "王"},
    ]
    assert names_in(answers, ("contact_name", "contact_phone", "visitor")) == {"陈敏", "李强", "王磊", "赵倩"}


def test_the_model_county_says_which_fields_are_personal() -> None:
    assert "contact_name" in personal_fields(the_pack()) and list(loose_personal(the_pack())) == []


def loose(section: object) -> Iterator[str]:
    return loose_personal(replace(the_pack(), county={**the_pack().county, "knowledge": section}))


def test_a_section_that_cannot_be_used_is_told() -> None:
    assert "应写 personal" in next(loose({}))
    assert "应写 personal" in next(loose({"personal": "contact_name"}))
    assert "应写 personal" in next(loose({"personal": [], "persons": []}))
    (told,) = loose({"personal": ["contact_nam"]})
    assert "填写项“contact_nam”哪张表单也没有" in told and "contact_name" in told


def test_a_county_without_the_section_has_no_personal_fields() -> None:
    bare = replace(the_pack(), county={})
    assert personal_fields(bare) == () and list(loose_personal(bare)) == []
