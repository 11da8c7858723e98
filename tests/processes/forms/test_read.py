"""A form file becomes a form, or its author learns everything that is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.forms import UnreadableForm, read_form
from tests.processes.forms.builders import a_file, a_form, button, part

SHIPPED = sorted((Path(__file__).parents[3] / "bpmn").glob("*/forms/*.form"))


def findings_of(*components: object) -> list[str]:
    with pytest.raises(UnreadableForm) as refusal:
        a_form(*components)
    return [finding.zh for finding in refusal.value.findings]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_can_be_read_and_is_named_like_its_file(path: Path) -> None:
    assert read_form(path.read_bytes()).id == path.stem


def test_a_field_keeps_what_the_file_says_of_it() -> None:
    form = a_form(
        part(
            "textfield",
            "subject",
            "事项标题",
            description="<b>一句话</b>",
            validate={"required": True, "maxLength": 60},
        ),
        part("select", "unit", "应哨单位", said={"source": "units:department", "outcomes": "forward, back"}),
        button("forward", "同意", ask="确定？"),
        button("back", "退回", look="danger"),
    )
    subject, unit = form.inputs["subject"], form.inputs["unit"]
    assert (subject.label, subject.help, subject.required, subject.limits.longest) == ("事项标题", "一句话", True, 60)
    assert (unit.source, unit.outcomes) == ("units:department", ("forward", "back"))
    assert [(outcome.key, outcome.look, outcome.ask) for outcome in form.outcomes] == [
        ("forward", "primary", "确定？"),
        ("back", "danger", ""),
    ]


def test_a_form_without_a_button_is_submitted() -> None:
    assert [(outcome.key, outcome.label) for outcome in a_form(part("textfield", "note")).outcomes] == [
        ("submit", "提交")
    ]


def test_a_datetime_is_labelled_by_its_date_label() -> None:
    form = a_form({"type": "datetime", "key": "at", "dateLabel": "时间", "subtype": "datetime"})
    assert (form.inputs["at"].kind, form.inputs["at"].label) == ("datetime", "时间")


def test_fields_in_a_group_are_asked_like_any_other() -> None:
    form = a_form(part("group", "", "什么事", components=[part("textfield", "subject")]), part("textarea", "note"))
    assert list(form.inputs) == ["subject", "note"]


@pytest.mark.parametrize(
    "kind", ["html", "iframe", "expression", "image", "table", "taglist", "documentPreview", "", None, []]
)
def test_a_component_we_do_not_have_is_refused_by_name(kind: object) -> None:
    (finding,) = findings_of({"type": kind, "key": "x", "label": "内容"})
    assert finding == f"不支持“{kind}”类型的组件。"


@pytest.mark.parametrize("key", ["", "Subject", "主题", "1st", "_save_draft", "@id", "a-b", "a" * 41, "a.b"])
def test_a_badly_spelt_key_is_refused(key: str) -> None:
    (finding,) = findings_of(part("textfield", key, "标题"))
    assert "只含小写字母、数字和下划线" in finding


@pytest.mark.parametrize("key", ["outcome", "csrf_token", "revision", "and", "for", "null"])
def test_a_key_that_means_something_else_is_refused(key: str) -> None:
    assert findings_of(part("textfield", key, "标题")) == [f"字段名“{key}”是保留字，请换一个。"]


def test_an_outcome_may_be_called_return_for_it_is_a_value_and_no_name() -> None:
    assert a_form(button("return", "退回")).outcomes[0].key == "return"


def test_two_fields_of_one_name_are_refused_even_when_one_stands_in_a_group() -> None:
    twice = part("textfield", "note", "说明")
    assert findings_of(twice, part("group", "", "组", components=[twice])) == ["字段名“note”用了两次。"]


def test_two_columns_of_one_name_are_refused_but_two_lists_may_share_a_name() -> None:
    column = part("textfield", "unit", "单位")
    assert findings_of(part("dynamiclist", "rows", "行", components=[column, column])) == ["字段名“unit”用了两次。"]
    assert a_form(part("dynamiclist", "a", components=[column]), part("dynamiclist", "b", components=[column]))


@pytest.mark.parametrize(
    "condition", ["kind = other", 'kind = "a" and x = 1', 'not(kind = "a")', "kind", "count(kind) > 1", '"a" = kind', 1]
)
def test_a_condition_that_is_more_than_a_comparison_is_refused(condition: object) -> None:
    (finding,) = findings_of(part("textfield", "kind"), part("textfield", "why", conditional={"hide": condition}))
    assert finding.startswith("隐藏条件只能写成")


@pytest.mark.parametrize("condition", ['=later = "a"', "=kind = 1", "=kind = true", '=photos = "a"', '=unknown = "a"'])
def test_a_condition_compares_an_earlier_answer_with_its_own_kind(condition: str) -> None:
    hidden = part("textfield", "why", conditional={"hide": condition})
    (finding,) = findings_of(
        part("textfield", "kind"), part("filepicker", "photos"), hidden, part("textfield", "later")
    )
    assert "排在前面" in finding


def test_an_expression_that_does_not_compile_is_refused() -> None:
    (finding,) = findings_of(part("textfield", "a", said={"must": "a = = 1", "say": "不对"}))
    assert finding.startswith("“must”里的表达式写错了")


def test_an_expression_with_an_unknown_function_is_refused() -> None:
    (finding,) = findings_of(part("textfield", "a", said={"must": "steal(a)", "say": "不对"}))
    assert finding == "“must”里用了没有的函数：steal。"


def test_a_rule_must_say_what_is_wrong() -> None:
    assert findings_of(part("textfield", "a", said={"must": 'a = "1"'})) == [
        "写了核对规则（must），也要写不满足时的提示（say）。"
    ]


@pytest.mark.parametrize(("kind", "said"), [("textfield", "yes"), ("number", "true"), ("checkbox", "true")])
def test_only_a_text_can_be_impersonal_and_only_by_saying_so(kind: str, said: str) -> None:
    assert findings_of(part(kind, "x", said={"impersonal": said})) == ["impersonal 只能写 true，只能用在文字上。"]
    assert a_form(part("textarea", "x", said={"impersonal": "true"})).inputs["x"].impersonal


def test_a_choice_needs_options_or_a_list_but_not_both() -> None:
    options = [{"value": "a", "label": "甲"}]
    assert findings_of(part("select", "unit")) == ["没有选项，也没有指定名单（source）。"]
    assert findings_of(part("radio", "unit", values=options, said={"source": "units"})) == [
        "选项和名单（source）只能用一种。"
    ]


@pytest.mark.parametrize(
    "options", [[{"value": "a", "label": "甲"}, {"value": "a", "label": "乙"}], [{"value": "a"}], ["a"]]
)
def test_options_need_a_value_of_their_own_and_a_label(options: list[object]) -> None:
    assert findings_of(part("radio", "unit", values=options)) == ["选项的值缺失或重复。"]


@pytest.mark.parametrize(
    ("component", "words"),
    [
        (part("textfield", "a", said={"outcome": "back"}), "不认识自定义属性“outcome”"),
        (part("textfield", "a", validate={"minlength": 3}), "不支持校验规则“minlength”"),
        (part("textfield", "a", validate={"required": "=true"}), "是否必填"),
        (part("textfield", "a", validate={"minLength": 9, "maxLength": 3}), "下限大于上限"),
        (part("number", "a", validate={"min": "many"}), "“min”应为数字"),
        (part("textfield", "a", validate={"pattern": "("}), "格式规则（pattern）写错了"),
        (part("textfield", "a", readonly=True), "不支持属性“readonly”"),
        (part("textfield", "a", "=label"), "名称不能是表达式"),
        ({"type": "textfield", "key": "a"}, "缺少名称"),
        (part("datetime", "a", subtype="time"), "只能选“日期”"),
        (part("text", "", text="{{ secret }}"), "不能写表达式"),
        (part("select", "a", said={"source": "people"}), "名单“people”不可用"),
        (part("textfield", "a", said={"outcomes": "approve"}), "“approve”不是本表单的按钮"),
        (part("textfield", "a", said={"each": "[]"}), "只能用在列表上"),
        (part("filepicker", "a", accept="exe"), "不认识文件类型“exe”"),
        (part("dynamiclist", "a"), "没有任何字段"),
        (part("dynamiclist", "a", components=[part("text", "", text="x")]), "不能放“text”"),
        (part("dynamiclist", "a", components=[part("dynamiclist", "b")]), "不能放“dynamiclist”"),
        (part("dynamiclist", "a", said={"unique": "x"}, components=[part("textfield", "b")]), "没有字段“x”"),
        (part("dynamiclist", "a", allowAddRemove=False, components=[part("textfield", "b")]), "each"),
        (part("dynamiclist", "a", validate={"max": 61}, components=[part("textfield", "b")]), "最多 60 行"),
        (part("button", "go", "走", action="reset"), "按钮只能用于提交"),
        (part("button", "go", "走", said={"look": "red"}), "不认识按钮样式"),
        ("textfield", "不是对象"),
    ],
)
def test_what_is_not_supported_is_refused_in_words(component: object, words: str) -> None:
    assert any(words in finding for finding in findings_of(component)), findings_of(component)


def test_all_findings_come_at_once_with_the_field_they_belong_to_and_in_both_languages() -> None:
    with pytest.raises(UnreadableForm) as refusal:
        a_form(part("iframe", "map", "地图"), part("select", "unit", "单位"))
    first, second = refusal.value.findings
    assert (first.key, first.label, second.key, second.label) == ("map", "地图", "unit", "单位")
    assert first.en == "Components of type 'iframe' are not supported."
    assert refusal.value.sentence == "表单文件有 2 处问题，不能使用。"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"components": 3}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"components":[],"x":NaN}',
        b" " * 600_000,
    ],
)
def test_a_file_that_is_no_form_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableForm) as refusal:
        read_form(raw)
    assert refusal.value.findings[0].zh.startswith("文件不是有效的表单")


ATTRIBUTES = ["type", "key", "path", "label", "description", "text", "layout", "validate", "conditional", "values"]
MORE = ["properties", "components", "subtype", "defaultValue", "decimalDigits", "multiple", "accept", "action"]
INNER = [
    "required",
    "min",
    "maxLength",
    "pattern",
    "hide",
    "value",
    "must",
    "say",
    "each",
    "outcomes",
    "unique",
    "source",
]
NAMES = [*ATTRIBUTES, *MORE, *INNER]
KINDS = ["textfield", "select", "group", "dynamiclist", "datetime", "button", "filepicker", "number"]
WORDS = [*KINDS, "a", "=a = 1", "1e99999"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=16,
)


@given(components=st.lists(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=8), max_size=4))
def test_whatever_a_file_holds_it_is_read_or_refused_but_never_crashes(components: list[object]) -> None:
    for component in components:
        component["type"] = component.get("type", "textfield")
    try:
        form = read_form(json.dumps({"id": "step", "components": components}).encode())
    except UnreadableForm as refusal:
        assert refusal.findings
    else:
        assert form.outcomes


@given(raw=st.binary(max_size=200))
def test_whatever_bytes_a_file_holds_they_are_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableForm):
        read_form(raw)


def test_the_id_of_a_form_is_spelt_like_a_key() -> None:
    with pytest.raises(UnreadableForm):
        read_form(a_file(id="../vet"))
