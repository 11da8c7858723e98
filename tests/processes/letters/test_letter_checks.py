"""A folder whose letters could not be written is refused, each fault with a sentence that says where and what to do."""

from __future__ import annotations

import pytest

from processes.check import check
from processes.letter_checks import loose_letters
from processes.pack import read_pack
from tests.kit.diagrams import a_diagram, service
from tests.kit.errands import _START, _form, user
from tests.kit.sites import the_folder
from tests.processes.letters.a_template import a_template, with_part

GOOD = {"template": '"notice"', "series": '"supervision"', "fields": '{unit_name: "x", subject: subject}'}


def told(letter: bytes | None = None, **inputs: str) -> list[str]:
    """What is wrong with the letters of a folder with one more letter, written by an errand."""
    files = dict(the_folder())
    letter = letter or a_template("{{ number }} {{ date }}", "{{ unit_name }}：{{ subject }}")
    task = service("write", "write_letter", **(GOOD | inputs))  # type: ignore[arg-type]  # inputs only
    ask = user("ask", outputs={"subject": "subject", "how": "outcome"})
    files["errand.bpmn"] = a_diagram("start -> ask -> write -> done", ask, task, id="errand").encode()
    files["forms/errand.form"] = _form()
    files["county.toml"] += _START.encode()
    pack = read_pack(files | {"letters/notice.docx": letter})
    return [finding.message_zh for finding in loose_letters(pack)]


def test_a_folder_with_a_good_letter_has_nothing_to_say() -> None:
    assert told() == []


def test_a_field_that_nothing_gives_is_named_with_the_one_that_was_meant() -> None:
    (sentence,) = told(a_template("{{ unit_nmae }}"))
    assert sentence.startswith("文件“letters/notice.docx”：模板里的 {{ unit_nmae }} 没有来处，errand.bpmn 的“write”")
    assert sentence.endswith("您是不是想写 {{ unit_name }}？")
    (sentence,) = told(a_template("{{ 完全不同的一项 }}"))
    assert sentence.endswith("可以写的有：county、date、number、subject、unit_name。")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (
            {"template": '"notise"'},
            "的 template 应写出 letters/ 里一个模板的文件名，不带后缀，加引号；您是不是想写“notice”？",
        ),
        ({"template": "subject"}, "的 template 应写出 letters/ 里一个模板的文件名，不带后缀，加引号。"),
        (
            {"series": '"supervison"'},
            "的 series 应写出 county.toml 的 [letters] 里的一项，加引号；您是不是想写“supervision”？",
        ),
        ({"fields": "subject"}, "的 fields 应直接写成 {项目: 值, …}，才能核对信函模板。"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_a_service_task_that_names_nothing_is_told_of(inputs: dict[str, str], said: str) -> None:
    (sentence,) = told(**inputs)
    assert sentence.startswith("文件“errand.bpmn”：“") and sentence.endswith(said)


def test_a_template_with_macros_is_refused() -> None:
    (sentence,) = told(with_part(a_template("x"), "word/vbaProject.bin", b"x"))
    assert sentence.startswith("文件“letters/notice.docx”：") and "宏" in sentence


def test_an_old_format_among_the_templates_is_refused() -> None:
    files = {**the_folder(), "letters/notice.doc": b"x"}
    (finding,) = (each for each in check(files).findings if each.rule == "letter")
    assert "请用 WPS 或 Word 另存为 .docx" in finding.message_zh


def test_a_pattern_that_gives_no_numbers_is_refused() -> None:
    files = dict(the_folder())
    files["county.toml"] = files["county.toml"].replace("督办〔{year}〕{seq}号".encode(), "督办".encode())
    assert any("[letters] 里“supervision”的编号样式不能用" in each.message_zh for each in check(files).findings)
