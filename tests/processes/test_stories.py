"""A story is read whole or refused with the step that cannot be; what it names must be there (`check`)."""

from __future__ import annotations

import pytest

from processes.check import check
from processes.comings import Coming
from processes.stories import StoryRefused, read_story
from tests.kit.folders import lakeside_with

HEAD = 'name = "电话"\nbegins = 2026-09-07T09:00:00+08:00\n[[steps]]\n'


def step(told: str) -> Coming | None:
    return read_story("stories/call.toml", (HEAD + told).encode()).steps[0].comes


def test_a_message_has_a_name_a_key_an_id_and_what_it_carries() -> None:
    told = 'message = "reply"\nkey = "东街"\nid = "m1"\npayload = { text = "收到" }'
    assert step(told) == Coming("message", "reply", "东街", "m1", {"text": "收到"})


def test_each_step_has_an_id_of_its_own_unless_it_says_one() -> None:
    assert step('signal = "flood"') == Coming("signal", "flood", "", "call-1", {})


def test_a_step_of_a_person_is_none() -> None:
    assert step('by = "clerk@x"\ndoes = "ask"') is None


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ('message = "a"\nsignal = "b"', "第 1 步的 message、signal 不能写在同一步"),
        ('message = "a"\nby = "clerk@x"\ndoes = "ask"', "第 1 步的 by、does 不和 message、signal 一起写"),
        ('signal = "a"\nkey = "东街"', "第 1 步的 key 只和 message 一起写"),
        ('by = "clerk@x"\ndoes = "ask"\npayload = { a = 1 }', "第 1 步的 payload 只和 message、signal 一起写"),
        ('message = "a"\nkey = 7', "第 1 步的 key 应为文字"),
        ("message = 7", "第 1 步的 message 应为文字"),
        ('message = "a"\npayload = "b"', "第 1 步的 payload 应为若干"),
        ('message = "a"\nthen = { awaited = "no" }', "第 1 步的 then.awaited 应为 true 或 false"),
        ('by = "a@b"\ndoes = "c"\nfails = "send_text"', "第 1 步的 fails 应写成"),
        ('by = "a@b"\ndoes = "c"\nfails = { send_text = 1 }', "第 1 步的 fails 应写成"),
        ("then = { awaited = false }", "第 1 步的 then.awaited 只和 message、signal 一起写"),
        ('mesage = "a"', "第 1 步有不认识的项目 mesage"),
        ("then = 3", "缺少或写错了"),
    ],
)
def test_what_cannot_be_read_is_told(told: str, sentence: str) -> None:
    with pytest.raises(StoryRefused) as refused:
        step(told)
    assert refused.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            '[[steps]]\nmessage = "complant"',
            "文件“stories/call.toml”：第 1 步：流程图里没有名为“complant”的消息，您是不是想写“complaint”？",
            "step 1: no diagram has a message “complant”; did you mean “complaint”?",
        ),
        (
            '[[steps]]\nmessage = "complaint"\nfails = { send_txt = "x" }',
            "第 1 步 fails：没有动作“send_txt”，您是不是想写“send_text”？",
            "step 1 fails: no verb “send_txt”; did you mean “send_text”?",
        ),
        (
            '[[steps]]\nmessage = "complaint"\nfails = { send_text = "unknown_units" }',
            "动作 send_text 没有错误“unknown_units”，您是不是想写“unknown_unit”？",
            "send_text has no error “unknown_units”; did you mean “unknown_unit”?",
        ),
        ('[[steps]]\nsignal = "x"', "没有名为“x”的信号，请核对名称。", "no diagram has a signal “x”; check the name."),
        ('[[steps]]\nmessage = "high_water"', "的消息，它是信号，请写 signal。", "it is a signal."),
        (
            'start = "投诉件"\nsteps = []',
            "[[starts]] 里没有“投诉件”，您是不是想写“投诉”？",
            "no “投诉件” in [[starts]]; did you mean",
        ),
    ],
)
def test_what_a_story_names_and_the_folder_does_not_have_is_told(told: str, zh: str, en: str) -> None:
    checked = check(lakeside_with(call=told))
    (finding,) = checked.findings
    assert (zh in finding.message_zh, en in finding.message_en) == (True, True), finding
    assert (finding.file, finding.severity, checked.pack) == ("stories/call.toml", "error", None)
