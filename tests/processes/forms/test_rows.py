"""Lists: rows added freely, and rows that must be exactly those of the case."""

from __future__ import annotations

import pytest

from processes.forms import BrokenForm, Form, Posted, as_formdata, bind, clean, edit_rows
from tests.processes.forms.builders import MINUTES, a_form, a_world, errors_of, only_error, part, posted, sent

UNIT = part("select", "unit", "单位", validate={"required": True}, said={"source": "units:department"})
DUTY = part("textfield", "duty", "责任分工", validate={"required": True})
SCORE = part("number", "score", "报到效率", decimalDigits=0, validate={"required": True, "min": 0, "max": 25})


def assistants(**more: object) -> Form:
    said = {"unique": "unit", "must": "every a in assistants satisfies a.unit != lead", "say": "主办单位不能同时协办。"}
    return a_form(
        part("select", "lead", "主办单位", said={"source": "units:department"}),
        part("dynamiclist", "assistants", "协办单位", components=[UNIT, DUTY], said=said, **more),
    )


def ratings() -> Form:
    return a_form(
        part(
            "dynamiclist",
            "ratings",
            "评分",
            components=[SCORE, part("textarea", "why", "理由")],
            said={"each": "round"},
        )
    )


ROUND = a_world({"round": [{"unit": "housing", "role": "lead"}, {"unit": "water", "role": "assist"}]})

# Free rows


def test_rows_come_out_in_order_whatever_numbers_they_were_posted_under() -> None:
    kept = sent(
        assistants(),
        assistants__7__unit="water",
        assistants__7__duty="乙",
        assistants__2__unit="housing",
        assistants__2__duty="甲",
    )
    assert kept.answers == {"assistants": [{"unit": "housing", "duty": "甲"}, {"unit": "water", "duty": "乙"}]}


def test_an_untouched_row_is_no_answer() -> None:
    assert sent(assistants(), assistants__0___key="0", assistants__0__unit="", assistants__0__duty=" ").answers == {}


def test_an_error_in_a_row_says_which_row() -> None:
    error = only_error(assistants(), assistants__0__unit="", assistants__0__duty="甲")
    assert error == ("assistants-0-unit", "第 1 项：请选择单位")


def test_errors_point_at_rows_as_the_page_shows_them_again() -> None:
    form = assistants()
    texts = posted(
        assistants__3__unit="", assistants__3__duty="甲", assistants__9__unit="water", assistants__9__duty=""
    )
    bound = bind(form, texts, world=a_world())
    shown = [entry.form["unit"].name for entry in bound["assistants"].entries]
    assert shown == ["assistants-0-unit", "assistants-1-unit"]
    assert {error.path for error in errors_of(form, **texts.plain)} == {"assistants-0-unit", "assistants-1-duty"}


def test_a_unit_may_stand_in_one_row_only() -> None:
    twice = {f"assistants-{row}-{key}": [value] for row in (0, 1) for key, value in (("unit", "water"), ("duty", "x"))}
    assert only_error(assistants(), **twice) == (
        "assistants-1-unit",
        "第 2 项：单位与第 1 项重复，请改选或删去一项",
    )


def test_a_rule_looks_at_all_rows() -> None:
    error = only_error(assistants(), lead="water", assistants__0__unit="water", assistants__0__duty="甲")
    assert error == ("assistants", "主办单位不能同时协办。")


def test_a_required_list_needs_a_row() -> None:
    assert only_error(assistants(validate={"required": True})) == ("assistants", "请至少填写一项协办单位")


def test_a_list_keeps_to_its_number_of_rows() -> None:
    rows = {f"tasks-{row}-what": ["x"] for row in range(3)}
    form = a_form(
        part("dynamiclist", "tasks", "任务", components=[part("textfield", "what")], validate={"max": 2, "min": 2})
    )
    assert only_error(form, **rows) == ("tasks", "任务最多 2 项，现在 3 项")
    assert only_error(form, tasks__0__what="x") == ("tasks", "任务至少 2 项，现在 1 项")
    assert sent(form).answers == {}


def test_nobody_can_post_more_than_sixty_rows() -> None:
    form = a_form(part("dynamiclist", "tasks", "任务", components=[part("textfield", "what")]))
    assert len(sent(form, **{f"tasks-{row}-what": ["x"] for row in range(60)}).answers["tasks"]) == 60
    assert only_error(form, **{f"tasks-{row}-what": ["x"] for row in range(9999)}) == ("tasks", "任务最多 60 项")


@pytest.mark.parametrize(
    "name",
    [
        *[
            "assistants",
            "assistants-0",
            "assistants-0-",
            "assistants-0-score",
            "assistants-x-unit",
            "assistants-²-unit",
        ],
        *["assistants-0-unit-0", "assistants--1-unit", "assistants-00000-unit", "lead-0-unit", "assistants-0-_lead"],
        "add:assistants",
    ],
)
def test_a_forged_row_name_is_refused(name: str) -> None:
    (error,) = errors_of(assistants(), **{name: ["housing"]})
    assert error.label == "表单之外的内容"


def test_a_row_may_hide_a_column_by_its_own_answer_or_by_one_above() -> None:
    why = part("textfield", "why", "原因", validate={"required": True}, conditional={"hide": "=done = true"})
    note = part("textfield", "note", "说明", validate={"required": True}, conditional={"hide": "=brief = true"})
    rows = part("dynamiclist", "rows", "事项", components=[part("checkbox", "done"), why, note])
    form = a_form(part("checkbox", "brief"), rows)
    two = {"rows-0-done": ["true"], "rows-1-_key": ["1"], "rows-1-why": ["忙"]}
    assert sent(form, brief="true", **two).answers["rows"] == [{"done": True}, {"done": False, "why": "忙"}]
    assert [error.path for error in errors_of(form, **two)] == ["rows-0-note", "rows-1-note"]


def test_a_rule_in_a_row_sees_its_own_row() -> None:
    late = part("number", "late", "迟到", said={"must": "late <= score", "say": "迟到不能多于得分。"})
    form = a_form(part("dynamiclist", "rows", "行", components=[part("number", "score"), late]))
    rows = {"rows-0-score": ["5"], "rows-0-late": ["3"], "rows-1-score": ["1"], "rows-1-late": ["3"]}
    assert only_error(form, **rows) == ("rows-1-late", "第 2 项：迟到不能多于得分。")


def test_a_row_may_hold_files() -> None:
    form = a_form(part("dynamiclist", "proofs", "佐证", components=[part("filepicker", "paper", "文件")]))
    assert sent(form, proofs__0__paper="p1").answers == {"proofs": [{"paper": [MINUTES.plain]}]}


# Rows without a script


def test_add_gives_an_empty_row_and_the_focus() -> None:
    edited = edit_rows(assistants(), posted(assistants__4__unit="water", **{"add:assistants": "1"}))
    assert edited is not None
    assert edited.focus == "assistants-1-unit"
    bound = bind(assistants(), edited.posted, world=a_world(), focus=edited.focus)
    assert [entry.form["unit"].text for entry in bound["assistants"].entries] == ["water", ""]


def test_drop_takes_away_that_row_and_leaves_the_rest_as_typed() -> None:
    texts = posted(
        assistants__0__unit="water", assistants__1__unit="nonsense", assistants__2__unit="housing", lead="water"
    )
    edited = edit_rows(assistants(), Posted({**texts.texts, "drop:assistants:0": ("1",)}))
    assert edited is not None
    bound = bind(assistants(), edited.posted, world=a_world())
    assert [entry.form["unit"].text for entry in bound["assistants"].entries] == ["nonsense", "housing"]
    assert bound["lead"].text == "water"


@pytest.mark.parametrize(
    "act", ["add:lead", "add:nothing", "drop:assistants:9", "drop:assistants:x", "drop:", "add:", "drop:a:²"]
)
def test_a_forged_row_button_changes_nothing(act: str) -> None:
    texts = posted(assistants__0__unit="water")
    edited = edit_rows(assistants(), Posted({**texts.texts, act: ("1",)}))
    assert edited is not None
    assert edited.posted.texts == {"assistants-0-_key": ("0",), "assistants-0-unit": ("water",)}


def test_rows_of_the_case_can_be_neither_added_nor_dropped() -> None:
    for act in ("add:ratings", "drop:ratings:0"):
        edited = edit_rows(ratings(), Posted({"ratings-0-_key": ("housing",), act: ("1",)}))
        assert edited is not None
        assert "ratings-0-_key" in edited.posted


def test_no_row_button_no_edit() -> None:
    assert edit_rows(assistants(), posted(outcome="submit")) is None


def test_a_fresh_list_shows_the_rows_the_form_says() -> None:
    assert len(bind(assistants(defaultRepetitions=2), world=a_world())["assistants"].entries) == 2
    assert len(bind(assistants(validate={"required": True}), world=a_world())["assistants"].entries) == 1
    assert len(bind(assistants(), world=a_world())["assistants"].entries) == 0


# Rows of the case


def test_every_unit_of_the_round_has_its_row_named_after_it() -> None:
    rows = bind(ratings(), world=ROUND)["ratings"]
    assert [rows.title(number) for number in range(len(rows.entries))] == ["县住建局", "县水利局"]


def test_a_rating_carries_what_its_row_was_given() -> None:
    rows = {
        "ratings-0-_key": ["housing"],
        "ratings-0-score": ["25"],
        "ratings-1-_key": ["water"],
        "ratings-1-score": ["20"],
    }
    assert sent(ratings(), ROUND, **rows).answers["ratings"] == [
        {"unit": "housing", "role": "lead", "score": 25},
        {"unit": "water", "role": "assist", "score": 20},
    ]


def test_rows_are_told_by_their_key_and_not_by_their_place() -> None:
    rows = {
        "ratings-0-_key": ["water"],
        "ratings-0-score": ["20"],
        "ratings-1-_key": ["housing"],
        "ratings-1-score": ["25"],
    }
    scores = [(row["unit"], row["score"]) for row in sent(ratings(), ROUND, **rows).answers["ratings"]]
    assert scores == [("housing", 25), ("water", 20)]


@pytest.mark.parametrize(
    "keys",
    [
        ["housing"],
        ["housing", "forest"],
        ["housing", "water", "forest"],
        ["housing", "housing"],
        [],
        ["housing", "water", "water"],
    ],
)
def test_a_row_that_is_missing_forged_or_doubled_is_refused(keys: list[str]) -> None:
    rows: dict[str, str | list[str]] = {}
    for number, key in enumerate(keys):
        rows |= {f"ratings-{number}-_key": [key], f"ratings-{number}-score": ["1"]}
    misfits = [error for error in errors_of(ratings(), ROUND, **rows) if error.path == "ratings"]
    assert [error.message for error in misfits] == ["评分的名单与现在的不一致，已按现在的名单列出，请核对后再提交"]


def test_what_a_row_was_given_cannot_be_posted() -> None:
    rows = {
        "ratings-0-_key": ["housing"],
        "ratings-0-score": ["1"],
        "ratings-1-_key": ["water"],
        "ratings-1-score": ["1"],
    }
    assert only_error(ratings(), ROUND, **rows, **{"ratings-0-role": ["assist"]})[1].startswith("提交了表单之外的内容")


def test_a_story_names_the_rows_by_their_unit_in_any_order() -> None:
    told = {"ratings": [{"unit": "water", "score": 20}, {"unit": "housing", "score": 25, "why": "快"}]}
    answers = clean(ratings(), as_formdata(ratings(), told), world=ROUND).answers
    assert answers["ratings"] == [
        {"unit": "housing", "role": "lead", "score": 25, "why": "快"},
        {"unit": "water", "role": "assist", "score": 20},
    ]


def test_rows_without_a_code_of_their_own_are_told_by_their_place() -> None:
    world = a_world({"round": [{"name": "甲"}, {"name": "甲"}]})
    told = {"ratings": [{"score": 1}, {"score": 2}]}
    answers = clean(ratings(), as_formdata(ratings(), told), world=world).answers
    assert answers["ratings"] == [{"name": "甲", "score": 1}, {"name": "甲", "score": 2}]


def test_rows_that_share_a_code_are_told_by_their_place() -> None:
    world = a_world({"round": [{"unit": "water", "role": "lead"}, {"unit": "water", "role": "assist"}]})
    told = {"ratings": [{"unit": "water", "score": 1}, {"unit": "water", "score": 2}]}
    answers = clean(ratings(), as_formdata(ratings(), told), world=world).answers
    assert [(row["role"], row["score"]) for row in answers["ratings"]] == [("lead", 1), ("assist", 2)]


def test_a_column_can_be_proposed_from_what_its_row_was_given() -> None:
    form = a_form(
        part(
            "dynamiclist",
            "rows",
            "行",
            said={"each": "round"},
            components=[part("textfield", "as", said={"value": "role"})],
        )
    )
    rows = bind(form, world=ROUND)["rows"]
    assert [entry.form["as"].text for entry in rows.entries] == ["lead", "assist"]


@pytest.mark.parametrize("value", [None, "x", [1], [None], {"unit": "a"}])
def test_a_list_that_is_none_is_the_forms_fault(value: object) -> None:
    with pytest.raises(BrokenForm, match="没有给出名单"):
        bind(ratings(), world=a_world({"round": value}))
