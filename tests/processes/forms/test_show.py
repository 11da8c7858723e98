"""What was answered, said in words for reading."""

from __future__ import annotations

from processes.forms import Lists, show
from tests.processes.forms.builders import MINUTES, UNITS, a_form, part

LISTS = Lists.of({"units": UNITS, "units:department": UNITS[:2]})
OPTIONS = [{"value": "a", "label": "甲类"}, {"value": "b", "label": "乙类"}]


def words_of(component: dict, answer: object) -> str:
    (line,) = show(a_form(component), {"x": answer}, LISTS)
    return line.text


def test_choices_are_shown_by_their_words() -> None:
    assert words_of(part("radio", "x", values=OPTIONS), "a") == "甲类"
    assert words_of(part("checklist", "x", values=OPTIONS), ["b", "a"]) == "乙类、甲类"
    assert words_of(part("select", "x", said={"source": "units:department"}), "water") == "县水利局"


def test_a_choice_that_left_its_list_is_shown_as_it_was_kept() -> None:
    assert words_of(part("select", "x", said={"source": "units:department"}), "dissolved") == "dissolved"


def test_dates_are_said_as_people_say_them() -> None:
    assert words_of(part("datetime", "x"), "2026-11-20") == "2026年11月20日（周五）"
    assert (
        words_of(part("datetime", "x", subtype="datetime"), "2026-11-20T09:05:00+08:00")
        == "2026年11月20日（周五） 09:05"
    )


def test_a_box_is_yes_or_no() -> None:
    assert (words_of(part("checkbox", "x"), True), words_of(part("checkbox", "x"), False)) == ("是", "否")


def test_what_was_not_answered_is_left_out_and_the_order_is_that_of_the_form() -> None:
    form = a_form(
        part("textfield", "b", "乙"),
        part("group", "", "组", components=[part("textfield", "c", "丙")]),
        part("textfield", "a", "甲"),
    )
    assert [(line.label, line.text) for line in show(form, {"a": "1", "c": "3", "gone": "x"}, LISTS)] == [
        ("丙", "3"),
        ("甲", "1"),
    ]


def test_files_are_shown_as_files() -> None:
    (line,) = show(a_form(part("filepicker", "x", "附件")), {"x": [MINUTES.plain]}, LISTS)
    assert line.papers == (MINUTES,)
    assert MINUTES.size_words == "1.2 MB"


def test_rows_are_shown_under_the_name_of_their_unit_or_by_their_place() -> None:
    score = part("number", "score", "得分")
    fixed = a_form(part("dynamiclist", "x", "评分", said={"each": "round"}, components=[score]))
    free = a_form(part("dynamiclist", "x", "任务", components=[score]))
    rows = [{"unit": "housing", "score": 25}, {"unit": "water", "score": "2.5"}]
    (line,) = show(fixed, {"x": rows}, LISTS)
    assert [(row.title, row.lines[0].label, row.lines[0].text) for row in line.rows] == [
        ("县住建局", "得分", "25"),
        ("县水利局", "得分", "2.5"),
    ]
    (line,) = show(free, {"x": rows}, LISTS)
    assert [row.title for row in line.rows] == ["第 1 项", "第 2 项"]
