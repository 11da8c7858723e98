"""One answer at a time: what is accepted, how it is kept, and the sentence for what is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from processes.forms import Invalid, as_formdata, clean, facts_of
from processes.forms.facts import kinds_of
from tests.processes.forms.builders import a_form, a_world, errors_of, only_error, part, posted, sent

OPTIONS = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]


def answer(component: dict, *texts: str) -> object:
    return sent(a_form(component), x=list(texts)).answers.get("x")


def complaint(component: dict, *texts: str) -> str:
    path, sentence = only_error(a_form(component), x=list(texts))
    assert path == "x"
    return sentence


def test_those_who_check_expressions_learn_the_kind_of_each_answer() -> None:
    form = a_form(
        part("textfield", "name"),
        part("number", "people"),
        part("checkbox", "urgent"),
        part("datetime", "day", subtype="date"),
        part("select", "choice", values=OPTIONS),
        part("checklist", "choices", values=OPTIONS),
        part("radio", "mixed", values=[*OPTIONS, {"value": 3, "label": "丙"}]),
        part("select", "unit", said={"source": "units"}),
    )
    assert kinds_of(form) == {
        "name": "string",
        "people": "number",
        "urgent": "boolean",
        "day": "date",
        "choice": "string",
        "choices": "list",
    }


# Texts


def test_a_text_is_kept_without_the_blanks_around_it() -> None:
    assert answer(part("textfield", "x"), " \u3000金街社区 ") == "金街社区"


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "\u200b\ufeff", " \u200d "])
def test_a_text_nobody_can_see_is_no_answer(text: str) -> None:
    assert complaint(part("textfield", "x", "联系电话", validate={"required": True}), text) == "请填写联系电话"
    assert answer(part("textfield", "x"), text) is None


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x07", "a\nb", "a\tb", "\x00", "a\ud800", "a\u202eexe.fdp", "a\u2028b", "a\x85b"]
)
def test_a_text_with_control_characters_is_refused(text: str) -> None:
    assert complaint(part("textfield", "x", "姓名"), text) == "姓名含有看不见的控制字符，请删去后重新填写"


def test_what_came_in_another_encoding_is_refused_and_not_kept_as_question_marks() -> None:
    assert complaint(part("textarea", "x", "事项"), "半\ufffd\ufffd个") == "事项里有乱码（\ufffd），请改正后重新填写"


def test_a_long_text_keeps_its_lines_and_no_other_control_character() -> None:
    assert answer(part("textarea", "x"), "一\r\n二\r三\t四") == "一\n二\n三\t四"
    assert "控制字符" in complaint(part("textarea", "x"), "一\x0b二")


def test_signs_are_counted_as_people_count_them() -> None:
    component = part("textfield", "x", "事项标题", validate={"minLength": 4, "maxLength": 60})
    assert complaint(component, "字" * 73) == "事项标题最多 60 个字，现在 73 个字"
    assert complaint(component, "字" * 3) == "事项标题至少 4 个字，现在 3 个字"
    assert answer(component, "𠮷" * 60) == "𠮷" * 60


@pytest.mark.parametrize(("kind", "most"), [("textfield", 200), ("textarea", 5000)])
def test_a_text_has_a_longest_length_even_when_the_form_says_none(kind: str, most: int) -> None:
    assert answer(part(kind, "x"), "a" * most) == "a" * most
    assert complaint(part(kind, "x", "说明"), "a" * (most + 1)) == f"说明最多 {most} 个字，现在 {most + 1} 个字"


def test_a_pattern_is_explained_in_the_words_of_the_form() -> None:
    phone = part(
        "textfield", "x", "联系电话", validate={"pattern": r"^1\d{10}$", "minLength": 7}, said={"say": "请填写手机号。"}
    )
    assert answer(phone, "13800001111") == "13800001111"
    assert complaint(phone, "1380000111x") == "请填写手机号。"
    assert complaint(phone, "123") == "请填写手机号。"
    assert complaint(phone, "１３８００００１１１１") == "请填写手机号。"


def test_a_pattern_that_would_take_for_ever_does_not_fit() -> None:
    slow = part("textfield", "x", "编号", validate={"pattern": "^(a|a)*$|^(a|aa)+$"})
    assert complaint(slow, "a" * 190 + "!") == "编号的格式不对，请核对后重新填写"


def test_a_phone_and_a_mail_address_are_told_by_their_look() -> None:
    assert answer(part("textfield", "x", validate={"validationType": "phone"}), "0792-5220000") == "0792-5220000"
    assert "电话号码" in complaint(part("textfield", "x", validate={"validationType": "phone"}), "none")
    assert answer(part("textfield", "x", validate={"validationType": "email"}), "a@b.cn") == "a@b.cn"
    assert "邮箱" in complaint(part("textfield", "x", validate={"validationType": "email"}), "a@b")


def test_a_field_for_one_answer_refuses_two() -> None:
    assert complaint(part("textfield", "x", "姓名"), "张三", "李四") == "姓名只能填一项"


# Numbers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *[("12", 12), ("2.0", 2), ("-3", -3), ("+4", 4), ("007", 7), ("-0", 0)],
        *[
            ("12.50", "12.5"),
            ("１２．５", "12.5"),
            ("0.1", "0.1"),
            ("999999999999999.999999", "999999999999999.999999"),
        ],
    ],
)
def test_a_number_is_kept_exactly_whole_ones_as_int_others_as_text(typed: str, kept: int | str) -> None:
    assert answer(part("number", "x"), typed) == kept
    assert type(answer(part("number", "x"), typed)) is type(kept)


def test_a_rule_sees_the_number_and_not_its_text() -> None:
    form = a_form(part("number", "x", said={"must": "x + 0.2 = 0.3", "say": "应为 0.1"}))
    assert sent(form, x="0.1").answers == {"x": "0.1"}
    assert facts_of(form, {"x": "0.1"}) == {"x": Decimal("0.1")}
    assert only_error(form, x="0.10001") == ("x", "应为 0.1")


@pytest.mark.parametrize(
    "typed", ["abc", "1e5", "NaN", "Infinity", "1,000", "1 2", "--1", "1.", ".5", "0x10", "²", "１e９"]
)
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    assert complaint(part("number", "x", "人数"), typed) == "人数请填写数字，例如 12.5"


def test_a_number_beyond_all_measure_is_refused() -> None:
    assert complaint(part("number", "x", "金额"), "9" * 5000) == "金额的数字太长，整数部分最多 15 位"


def test_a_number_keeps_to_its_range_and_its_places() -> None:
    score = part("number", "x", "报到效率", decimalDigits=0, validate={"min": 0, "max": 25})
    assert answer(score, "25") == 25
    assert complaint(score, "26") == "报到效率应在 0 到 25 之间"
    assert complaint(score, "2.5") == "报到效率请填写整数"
    assert complaint(score, "x") == "报到效率请填写整数，例如 12"
    assert complaint(part("number", "x", "金额", decimalDigits=2), "1.005") == "金额最多保留 2 位小数"
    assert complaint(part("number", "x", "人数", validate={"min": 1}), "0") == "人数不能小于 1"
    assert complaint(part("number", "x", "人数", validate={"max": "0.5"}), "1") == "人数不能大于 0.5"


# Dates


def test_a_date_is_kept_as_iso_text() -> None:
    assert answer(part("datetime", "x", subtype="date"), "2026-11-20") == "2026-11-20"


@pytest.mark.parametrize("typed", ["2026-02-30", "20.11.2026", "20261120", "2026-W47-5", "明天", "2026-11-20T10:00"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    assert complaint(part("datetime", "x", "办理时限"), typed) == "办理时限请填写正确的日期，例如 2026-11-20"


def test_a_year_nobody_means_is_refused() -> None:
    assert complaint(part("datetime", "x", "办理时限"), "0026-11-20") == "办理时限的年份应在 1900 到 2100 年之间"


def test_a_moment_carries_the_zone_of_the_county() -> None:
    moment = part("datetime", "x", subtype="datetime")
    assert answer(moment, "2026-11-20T09:30") == "2026-11-20T09:30:00+08:00"
    assert answer(moment, "2026-11-20T01:30:00Z") == "2026-11-20T09:30:00+08:00"
    assert "正确的日期和时间" in complaint(moment, "2026-11-20")


@pytest.mark.parametrize(
    "typed", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-11-20T09:30:00+99:99"]
)
def test_a_moment_at_the_edge_of_time_is_refused(typed: str) -> None:
    assert errors_of(a_form(part("datetime", "x", subtype="datetime")), x=typed)


# Choices


@pytest.mark.parametrize("kind", ["select", "radio"])
def test_a_choice_is_one_of_its_options(kind: str) -> None:
    assert answer(part(kind, "x", values=OPTIONS), "a") == "a"
    assert complaint(part(kind, "x", "类别", values=OPTIONS), "forged") == "类别里没有这个选项，请重新选择"
    assert complaint(part(kind, "x", "类别", values=OPTIONS, validate={"required": True}), "") == "请选择类别"


def test_a_choice_from_the_countys_list_is_checked_against_that_list() -> None:
    unit = part("select", "x", "应哨单位", said={"source": "units:department"})
    assert answer(unit, "housing") == "housing"
    assert complaint(unit, "forest") == "应哨单位里没有这个选项，请重新选择"


def test_a_numbered_choice_is_kept_as_a_number() -> None:
    stars = part(
        "radio",
        "x",
        values=[{"value": 1, "label": "差"}, {"value": 5, "label": "好"}],
        said={"must": "x > 3", "say": "差"},
    )
    assert answer(stars, "5") == 5
    assert complaint(stars, "1") == "差"


def test_a_checklist_keeps_each_choice_once() -> None:
    several = part("checklist", "x", "原因", values=OPTIONS, validate={"required": True})
    assert answer(several, "b", "a", "b") == ["b", "a"]
    assert complaint(several) == "请选择原因"
    assert complaint(several, "a", "forged") == "原因里没有这个选项，请重新选择"
    assert (
        complaint(part("checklist", "x", "原因", values=OPTIONS, validate={"max": 1}), "a", "b")
        == "原因最多选 1 项，现在选了 2 项"
    )


def test_a_box_is_ticked_or_not() -> None:
    assert answer(part("checkbox", "x"), "true") is True
    assert answer(part("checkbox", "x")) is False
    assert complaint(part("checkbox", "x", "已告知群众", validate={"required": True})) == "请勾选“已告知群众”"
    assert complaint(part("checkbox", "x", "已告知群众"), "maybe") == "已告知群众只能勾选或不勾选"


# The whole


def test_what_does_not_belong_to_the_form_is_refused() -> None:
    path, sentence = only_error(a_form(part("textfield", "x")), x="a", approved="true")
    assert (path, sentence) == ("", "提交了表单之外的内容（approved），没有接受")


def test_what_belongs_to_the_page_is_passed_over() -> None:
    kept = sent(a_form(part("textfield", "x")), x="a", csrf_token="t", revision="3", _save_draft="1", outcome="submit")
    assert kept.answers == {"x": "a"}


def test_every_error_is_told_at_once_in_the_order_of_the_form() -> None:
    required = {"required": True}
    form = a_form(part("textfield", "b", validate=required), part("textfield", "a", validate=required))
    assert [error.path for error in errors_of(form, strange="1")] == ["", "b", "a"]


def test_a_refusal_says_how_much_is_to_be_mended() -> None:
    form = a_form(part("textfield", "x", validate={"required": True}))
    with pytest.raises(Invalid, match="有 1 处需要修改，内容还没有提交。"):
        clean(form, posted(), world=a_world())


def test_plain_answers_pass_the_same_checks_as_a_browsers() -> None:
    form = a_form(
        part("textfield", "name"),
        part("number", "count"),
        part("checkbox", "told"),
        part("datetime", "by"),
        part("checklist", "why", values=OPTIONS),
    )
    answers = {"name": "张三", "count": "2.5", "told": True, "by": "2026-11-20", "why": ["a", "b"]}
    assert clean(form, as_formdata(form, answers), world=a_world()).answers == answers


@pytest.mark.parametrize(
    "answers",
    [{"name": {"a": 1}}, {"name": ["a", "b"]}, {"count": [[1]]}, {"count": {}}, {"other": 1}, {"name-0-x": "a"}],
)
def test_plain_answers_of_the_wrong_shape_are_refused(answers: dict) -> None:
    form = a_form(part("textfield", "name"), part("number", "count"))
    with pytest.raises(Invalid):
        clean(form, as_formdata(form, answers), world=a_world())


# Texts that must not tell who somebody is


def test_an_impersonal_text_is_asked_about_and_what_was_found_is_said() -> None:
    form = a_form(part("textarea", "x", "经验", said={"impersonal": "true"}), part("textfield", "y"))
    world = replace(a_world(), personal=lambda text: ["陈敏（姓名）"] if "陈敏" in text else [])
    (error,) = errors_of(form, world, x="陈敏说好", y="陈敏")
    assert error.path == "x"
    assert error.message == "经验里好像有个人信息：陈敏（姓名）。请删去，或者换个说法，如“一位居民”"
    assert sent(form, world, x="居民说好", y="陈敏").answers == {"x": "居民说好", "y": "陈敏"}
