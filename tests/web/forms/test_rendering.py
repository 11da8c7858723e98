"""A drawn form can be used by everyone: with a keyboard, a screen reader, no script, and a strict content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from processes.forms import Form, Lists, Posted, World, read_form, show
from tests.processes.forms.builders import MINUTES, UNITS, a_form, a_world, button, part, posted
from tests.web.forms.rendering import WEB, drawn, drawn_with_errors, shown

SHIPPED = sorted((WEB.parent / "bpmn").glob("*/forms/*.form"))
OPTIONS = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]
NASTY = '"><script>alert(1)</script><b onclick=x>&'


def every_kind() -> Form:
    """A form with one field of every kind, helped, required, conditional, for one outcome."""
    more = {"description": "帮助", "validate": {"required": True}}
    kinds = ["textfield", "textarea", "number", "checkbox", "filepicker"]
    fields = [part(kind, kind, f"{kind}项", **more) for kind in kinds]
    fields += [part(kind, kind, f"{kind}项", values=OPTIONS, **more) for kind in ("select", "radio", "checklist")]
    columns = [*fields[:3], *fields[5:7]]
    return a_form(
        part("group", "", "分组", components=fields),
        part("datetime", "day", "日期", layout={"columns": 8}, **more),
        part("datetime", "moment", "时刻", subtype="datetime", conditional={"hide": '=textfield = "x"'}, **more),
        part("dynamiclist", "free", "列表", components=columns, **more),
        part("dynamiclist", "fixed", "评分", components=columns, said={"each": '[{unit: "housing"}, {unit: "water"}]'}),
        part("text", "", text="一行<br>\n二行"),
        part("separator", ""),
        part("textarea", "reason", "退回理由", said={"outcomes": "back"}, **more),
        button("go", "同意，转下一步", ask="确定？"),
        button("back", "退回", look="plain"),
    )


def a_wide_world(form: Form) -> World:
    """A world in which any shipped form can be drawn: each source it names has the same few options."""
    columns = [column for field in form.inputs.values() for column in (field, *field.fields)]
    lists = Lists.of({"units": UNITS, **{column.source: UNITS for column in columns if column.source}})
    round_of_two = {
        "lead": "housing",
        "assistants": [{"unit": "water"}],
        "round_units": [{"unit": "water"}],
        "members": ["water"],
        "agenda": [{"case": "c1"}],
        "unit_candidates": [{"unit": "water", "suggested": True}],
        "person_candidates": [{"unit": "water", "person": "p1", "suggested": True}],
    }
    return World(lists, round_of_two)


def states() -> list[html.HtmlElement]:
    wrong = posted(outcome="back", textfield="长" * 201, filepicker="p1", free__0__number="x", radio="forged")
    return [drawn(every_kind()), drawn_with_errors(every_kind(), wrong)]


def ids_of(page: html.HtmlElement) -> list[str]:
    return page.xpath("//@id")


@pytest.mark.parametrize("page", states(), ids=["fresh", "refused"])
def test_every_control_has_a_label_of_its_own(page: html.HtmlElement) -> None:
    for control in page.xpath("//form//*[self::input[not(@type='hidden')] or self::select or self::textarea]"):
        labels = page.xpath("//label[@for=$id]", id=control.get("id"))
        assert len(labels) == 1, control.get("name")
        assert labels[0].text_content().strip()


@pytest.mark.parametrize("page", states(), ids=["fresh", "refused"])
def test_every_id_is_there_once_and_everything_said_to_exist_exists(page: html.HtmlElement) -> None:
    ids = ids_of(page)
    assert len(ids) == len(set(ids))
    named = [*page.xpath("//@for"), *" ".join(page.xpath("//@aria-describedby | //@aria-labelledby")).split()]
    assert set(named) <= set(ids)


@pytest.mark.parametrize("page", states(), ids=["fresh", "refused"])
def test_radios_boxes_and_rows_stand_under_their_question(page: html.HtmlElement) -> None:
    for control in page.xpath("//input[@type='radio'] | //input[@type='checkbox'][@name='checklist']"):
        assert control.xpath("ancestor::fieldset[1]/legend")[0].text_content().strip()


def test_every_error_link_leads_to_something_that_can_have_the_focus() -> None:
    page = drawn_with_errors(every_kind(), posted(outcome="go"))
    links = page.xpath("//*[@id='form-errors']//a/@href")
    assert len(links) > 10
    for link in links:
        (target,) = page.xpath("//*[@id=$id]", id=link[1:])
        assert target.tag in ("input", "select", "textarea") or target.get("tabindex") == "-1"


def test_an_error_stands_beside_its_field_and_is_told_with_it() -> None:
    page = drawn_with_errors(every_kind(), posted(outcome="go", number="many"))
    (field,) = page.xpath("//input[@id='f-number']")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == "many"
    said = [page.get_element_by_id(each).text_content() for each in field.get("aria-describedby").split()]
    assert said == ["帮助", "需修改：number项请填写数字，例如 12.5"]
    (summary,) = page.xpath("//*[@role='alert']")
    assert "number项请填写数字" in summary.text_content()


def test_an_error_of_the_whole_form_is_told_without_a_link() -> None:
    page = drawn_with_errors(a_form(part("textfield", "x")), posted(stranger="1"))
    assert "表单之外的内容" in page.get_element_by_id("form-errors").text_content()
    assert page.xpath("//*[@id='form-errors']//a") == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_is_drawn_with_all_it_asks(path: Path) -> None:
    form = read_form(path.read_bytes())
    page = drawn(form, world=a_wide_world(form))
    names = set(page.xpath("//form//@name")) | set(page.xpath("//@data-rows"))
    assert set(form.inputs) <= names
    assert page.xpath("//button[@name='outcome'][not(@tabindex)]/@value") == [outcome.key for outcome in form.outcomes]
    assert len(ids_of(page)) == len(set(ids_of(page)))


def test_nothing_on_the_page_needs_a_softer_content_policy() -> None:
    for page in states():
        assert page.xpath("//@style | //style | //script[not(@src)] | //script[text()]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        addresses = page.xpath("//@src | //@href | //@action")
        assert not [address for address in addresses if re.match(r"\s*(javascript|data):", address)]


def test_what_people_typed_is_shown_as_text_and_nothing_else() -> None:
    form = a_form(
        part("textfield", "x", NASTY), part("textarea", "y", description=NASTY), button("go", NASTY, ask=NASTY)
    )
    page = drawn_with_errors(form, posted(x=NASTY * 30, y=NASTY), "go")
    assert page.xpath("//script[not(@src)] | //b[@onclick]") == []
    assert page.get_element_by_id("f-x").get("value") == NASTY * 30
    assert page.get_element_by_id("f-y").text.strip() == NASTY


def test_a_long_text_that_begins_with_a_line_break_keeps_it() -> None:
    page = drawn(a_form(part("textarea", "x")), posted(x="\n二"))
    # a browser drops one line break after the opening tag: there must be one more than was typed
    assert page.get_element_by_id("f-x").text == "\n\n二"


def test_a_field_for_one_outcome_says_so_and_is_visible_without_a_script() -> None:
    page = drawn(every_kind())
    (field,) = page.xpath("//*[@data-outcomes='back']")
    assert "仅“退回”时填写" in field.text_content()
    assert page.xpath("//@hidden/..") == page.xpath("//*[@data-count]")


def test_the_page_tells_the_script_when_a_field_is_hidden() -> None:
    (field,) = drawn(every_kind()).xpath("//*[@data-hide-key]")
    assert (field.get("data-hide-key"), field.get("data-hide-op"), field.get("data-hide-value")) == (
        "textfield",
        "=",
        '"x"',
    )


def test_enter_presses_the_harmless_button() -> None:
    first = drawn(every_kind()).xpath("//form//button[@type='submit']")[0]
    assert first.get("name") == "_save_draft"
    without_drafts = drawn(every_kind(), draft=False).xpath("//form//button[@type='submit']")[0]
    assert (without_drafts.get("name"), without_drafts.get("value")) == ("outcome", "go")


def test_the_outcomes_are_buttons_named_by_what_happens_and_looking_like_it() -> None:
    go, back = drawn(every_kind()).xpath("//button[@name='outcome']")
    assert (go.text_content(), "btn-primary" in go.get("class"), go.get("data-ask")) == (
        "同意，转下一步",
        True,
        "确定？",
    )
    assert (back.text_content(), "btn-plain" in back.get("class"), back.get("data-ask")) == ("退回", True, None)


def test_a_question_before_sending_can_be_read_without_a_script() -> None:
    assert drawn(every_kind()).xpath("//noscript")[0].text_content() == "“同意，转下一步”：确定？"


def test_rows_can_be_added_and_dropped_without_a_script() -> None:
    page = drawn(every_kind(), posted(free__0___key="0", free__1___key="1"))
    names = page.xpath("//fieldset[@id='f-free']/div//button/@name | //fieldset[@id='f-free']/button/@name")
    assert names == ["drop:free:0", "drop:free:1", "add:free"]


def test_fixed_rows_are_named_and_can_be_neither_added_nor_dropped() -> None:
    (rows,) = drawn(every_kind()).xpath("//fieldset[@id='f-fixed']")
    assert rows.xpath(".//b[@data-row-title]/text()") == ["县住建局", "县水利局"]
    assert rows.xpath(".//input[@type='hidden']/@value") == ["housing", "water"]
    assert rows.xpath(".//button | .//template") == []


def test_the_script_finds_an_empty_row_to_copy() -> None:
    (blank,) = drawn(every_kind()).xpath("//template[@data-blank]")
    assert "free-__-textfield" in blank.xpath(".//@name")
    assert all("__" in name for name in blank.xpath(".//@id | .//@for"))


def test_a_kept_file_can_be_unticked_and_another_chosen() -> None:
    page = drawn(every_kind(), posted(filepicker="p1"))
    (kept,) = page.xpath("//input[@name='filepicker'][@type='checkbox']")
    assert (kept.get("value"), kept.get("checked") is not None) == ("p1", True)
    assert MINUTES.name in page.xpath("//label[@for=$id]", id=kept.get("id"))[0].text_content()
    assert page.get_element_by_id("f-filepicker").get("type") == "file"


def test_options_stand_under_their_headings_and_the_chosen_one_is_chosen() -> None:
    form = a_form(part("select", "unit", "单位", said={"source": "units"}))
    page = drawn(form, posted(unit="water"))
    assert page.xpath("//select/optgroup/@label") == ["政府部门"]
    assert page.xpath("//select/option/text()") == ["请选择", "县林业局"]
    assert page.xpath("//option[@selected]/@value") == ["water"]


def test_a_moment_is_given_to_the_browser_as_wall_clock_time() -> None:
    form = a_form(part("datetime", "at", subtype="datetime"))
    assert (
        drawn(form, posted(at="2026-11-20T09:30:00+08:00")).get_element_by_id("f-at").get("value") == "2026-11-20T09:30"
    )


def test_the_focus_goes_where_the_last_act_was() -> None:
    page = drawn(every_kind(), posted(free__0___key="0"), focus="free-0-textfield")
    assert page.xpath("//@autofocus/../@id") == ["f-free-0-textfield"]


def test_answers_are_shown_with_files_and_rows() -> None:
    form = a_form(
        part("textarea", "text", "说明"),
        part("filepicker", "papers", "附件"),
        part("dynamiclist", "ratings", "评分", said={"each": "[]"}, components=[part("number", "score", "得分")]),
    )
    answers = {"text": NASTY, "papers": [MINUTES.plain], "ratings": [{"unit": "housing", "score": 25}]}
    page = shown(show(form, answers, a_world().lists))
    assert [dt.text for dt in page.xpath("//dt")] == ["说明", "附件", "评分"]
    words = [" ".join(dd.text_content().split()) for dd in page.xpath("//dd")]
    assert words == [NASTY, "会议纪要.pdf 1.2 MB", "县住建局得分 25"]
    assert page.xpath("//a/@href") == ["/papers.view/p1"]


def test_a_posted_draft_is_drawn_whatever_it_holds() -> None:
    strange = Posted.of(
        {"radio": ["x", "y"], "number": ["\x01"], "free-0-select": ["gone"], "fixed-9-_key": ["?"], "select": []}
    )
    assert drawn(every_kind(), strange).get_element_by_id("f-number") is not None
