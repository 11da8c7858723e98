"""What is asked depends on the pressed button and on earlier answers; rules compare answers with each other."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from engine.time import Limits
from engine.world import World as EngineWorld
from processes.forms import BrokenForm, Form, bind
from tests.kit.walks import CALENDAR, MONDAY
from tests.processes.forms.builders import MINUTES, a_form, a_world, button, errors_of, only_error, part, posted, sent

REASON = {"required": True, "minLength": 5}


def an_approval() -> Form:
    """DC-3: approved only with minutes or a principal's approval attached; sent back only with a reason."""
    return a_form(
        part("filepicker", "minutes", "会议纪要", multiple=True, said={"outcomes": "approve"}),
        part(
            "filepicker",
            "approval",
            "审核同意材料",
            said={
                "outcomes": "approve",
                "must": "count(minutes) + count(approval) > 0",
                "say": "请附会议纪要或审核同意材料。",
            },
        ),
        part("textarea", "reason", "退回理由", validate=REASON, said={"outcomes": "back"}),
        part("textfield", "note", "备注"),
        button("approve", "批准"),
        button("back", "退回"),
    )


def test_a_field_of_another_outcome_is_neither_required_nor_kept() -> None:
    kept = sent(an_approval(), outcome="approve", minutes="p1", reason="不必看")
    assert kept.outcome == "approve"
    assert kept.answers == {"minutes": [MINUTES.plain]}


def test_a_field_of_the_pressed_outcome_is_required() -> None:
    assert only_error(an_approval(), outcome="back") == ("reason", "请填写退回理由")
    assert sent(an_approval(), outcome="back", reason="材料不够齐全").answers == {"reason": "材料不够齐全"}


def test_minutes_or_an_approval_must_be_attached() -> None:
    assert only_error(an_approval(), outcome="approve", note="急") == ("approval", "请附会议纪要或审核同意材料。")
    assert sent(an_approval(), outcome="approve", approval="p1").answers == {"approval": [MINUTES.plain]}


def test_the_pressed_button_is_read_from_the_post_unless_the_caller_knows_it() -> None:
    form = an_approval()
    assert sent(form, outcome="back", reason="材料不够齐全").outcome == "back"
    assert sent(form, pressed="back", outcome="approve", reason="材料不够齐全").outcome == "back"


@pytest.mark.parametrize("outcome", ["", "forward", "Approve", "approve "])
def test_an_unknown_outcome_is_refused(outcome: str) -> None:
    assert only_error(an_approval(), outcome=outcome, minutes="p1") == ("", "请用表单下方的按钮提交")


def test_with_several_buttons_one_must_be_pressed_and_only_one() -> None:
    assert only_error(an_approval(), minutes="p1") == ("", "请用表单下方的按钮提交")
    (error,) = errors_of(an_approval(), minutes="p1", outcome=["approve", "back"])
    assert error.message == "请用表单下方的按钮提交"


def a_hiding_form(condition: str, kind: str = "textfield", **attributes: object) -> Form:
    return a_form(
        part(kind, "kind", "类别", **attributes),
        part("textfield", "why", "原因", validate={"required": True}, conditional={"hide": condition}),
    )


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    form = a_hiding_form('=kind != "other"')
    assert sent(form, kind="road", why="看不见的").answers == {"kind": "road"}
    assert only_error(form, kind="other") == ("why", "请填写原因")


@pytest.mark.parametrize(
    ("condition", "kind", "typed", "hidden"),
    [
        ('=kind = "a"', "textfield", "a", True),
        ('=kind = "a"', "textfield", "", False),
        ('=kind != "a"', "textfield", "", True),
        ("=kind = null", "textfield", "", True),
        ("=kind != null", "textfield", "x", True),
        ("=kind > 3", "number", "4", True),
        ("=kind > 3", "number", "3", False),
        ("=kind <= 3", "number", "3.0", True),
        ("=kind < 3", "number", "", False),
        ("=kind = 0.1", "number", "0.10", True),
        ("=kind = true", "checkbox", "true", True),
        ("=kind = false", "checkbox", "", True),
    ],
)
def test_a_condition_knows_null_and_exact_numbers(condition: str, kind: str, typed: str, hidden: bool) -> None:
    form = a_hiding_form(condition, kind)
    accepted = (
        not any(error.path == "why" for error in errors_of(form, kind=typed))
        if not hidden
        else bool(sent(form, kind=typed))
    )
    assert accepted is hidden


def test_what_depends_on_a_hidden_answer_sees_no_answer() -> None:
    form = a_form(
        part("checkbox", "urgent"),
        part("textfield", "kind", conditional={"hide": "=urgent = false"}),
        part("textfield", "why", "原因", validate={"required": True}, conditional={"hide": '=kind != "fire"'}),
    )
    assert sent(form, kind="fire").answers == {"urgent": False}
    assert only_error(form, urgent="true", kind="fire") == ("why", "请填写原因")


def test_a_hidden_group_hides_all_it_holds() -> None:
    form = a_form(
        part("checkbox", "urgent"),
        part(
            "group",
            "",
            "经过",
            conditional={"hide": "=urgent = false"},
            components=[part("textfield", "a", validate={"required": True})],
        ),
        part(
            "group",
            "",
            "退回",
            said={"outcomes": "back"},
            components=[part("textfield", "b", validate={"required": True})],
        ),
        button("go"),
        button("back"),
    )
    assert sent(form, outcome="go").answers == {"urgent": False}
    assert [error.path for error in errors_of(form, outcome="back", urgent="true")] == ["a", "b"]


def test_a_rule_compares_answers_with_each_other_and_with_the_case() -> None:
    form = a_form(
        part("datetime", "start", "开始"),
        part(
            "datetime",
            "finish",
            "结束",
            said={"must": "finish >= start and finish <= latest", "say": "结束不能早于开始，也不能晚于时限。"},
        ),
    )
    world = a_world({"latest": datetime.date(2026, 12, 31)})
    assert sent(form, world, start="2026-11-20", finish="2026-12-31").answers["finish"] == "2026-12-31"
    assert only_error(form, world, start="2026-11-20", finish="2026-11-19")[0] == "finish"
    assert only_error(form, world, start="2026-11-20", finish="2027-01-01")[0] == "finish"


def test_a_rule_compares_answers_with_a_threshold_of_the_county() -> None:
    limits = Limits.read('[most]\nname = "上限"\n[[most.since]]\nfrom = 2026-01-01\nvalue = 2.5\nsource = "第六条"\n')
    lent = EngineWorld(MONDAY, limits, CALENDAR).functions
    form = a_form(part("number", "x", "数", said={"must": 'x <= threshold("most")', "say": "超过上限。"}))
    world = replace(a_world(), functions=lent)
    assert sent(form, world, x="2.5").answers == {"x": "2.5"}
    assert only_error(form, world, x="2.51") == ("x", "超过上限。")


def test_a_rule_that_cannot_be_answered_is_not_met() -> None:
    form = a_form(part("number", "x", "人数", said={"must": "x > nobody_knows", "say": "人数不对。"}))
    assert only_error(form, x="3") == ("x", "人数不对。")


def test_an_answer_not_given_is_null_to_a_rule_even_when_the_case_has_one_of_that_name() -> None:
    form = a_form(
        part("textfield", "reason"), part("textfield", "x", said={"must": "reason = null", "say": "已有理由。"})
    )
    assert sent(form, a_world({"reason": "旧的"}), x="a").answers == {"x": "a"}


def test_a_rule_over_a_wrong_answer_does_not_add_its_own_complaint() -> None:
    form = a_form(
        part("number", "x", "人数"), part("number", "y", "户数", said={"must": "x > y", "say": "人数应多于户数。"})
    )
    assert only_error(form, x="many", y="3") == ("x", "人数请填写数字，例如 12.5")


def test_a_fresh_page_shows_what_the_case_already_knows() -> None:
    form = a_form(
        part("textfield", "village", said={"value": "place.village"}), part("textfield", "note", defaultValue="无")
    )
    bound = bind(form, world=a_world({"place": {"village": "金街社区"}}))
    assert (bound["village"].text, bound["note"].text) == ("金街社区", "无")


def test_what_was_emptied_on_purpose_stays_empty() -> None:
    form = a_form(part("textfield", "note", defaultValue="无"))
    assert bind(form, posted(note=""), world=a_world())["note"].text == ""
    assert sent(form, note="").answers == {}


def test_a_list_the_county_does_not_have_is_the_countys_fault_and_says_so() -> None:
    form = a_form(part("select", "unit", "应哨单位", said={"source": "units:village"}))
    with pytest.raises(BrokenForm, match="“应哨单位”暂时无法使用：没有名单“units:village”"):
        sent(form, unit="x")
