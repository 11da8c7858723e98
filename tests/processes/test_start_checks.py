"""What begins by itself must be drawn, and what is drawn to begin be registered; one message begins one process."""

from __future__ import annotations

import pytest

from engine.model import Files
from processes.pack import read_pack
from processes.start_checks import loose_starts
from tests.kit.diagrams import Node, a_diagram, a_folder, about, user
from tests.kit.sites import the_folder

UNIT = "360428109"


def begun(id: str, message: str, kind: str = "message") -> str:
    start = Node("begun", "startEvent", "", about(kind, message))
    return a_diagram("begun -> look -> done", start, user("look", groups="clerk@{township}"), id=id)


def entry(process: str, message: str, called: str = "投诉", unit: str = UNIT, more: str = "") -> str:
    return f"""
[[starts]]
process = "{process}"
name = "{called}"
message = "{message}"
unit = "{unit}"
title = "subject"
number = "T{{year}}-{{seq:04}}"
{more}
"""


def said(*diagrams: str, starts: str) -> str:
    files: Files = {**the_folder(), **a_folder(*diagrams)}
    files = {**files, "county.toml": files["county.toml"] + starts.encode()}
    return "\n".join(loose_starts(read_pack(files)))


def test_a_folder_that_says_what_it_draws_is_in_order() -> None:
    assert said(begun("complaint", "complaint"), starts=entry("complaint", "complaint")) == ""


def test_several_processes_may_begin_by_one_signal() -> None:
    diagrams = (begun("flood", "high_water", "signal"), begun("sandbags", "high_water", "signal"))
    entries = entry("flood", "high_water", "防汛") + entry("sandbags", "high_water", "沙袋")
    assert said(*diagrams, starts=entries.replace("message =", "signal =")) == ""


def test_one_message_cannot_begin_two_processes() -> None:
    diagrams = (begun("complaint", "call"), begun("praise", "call"))
    told = said(*diagrams, starts=entry("complaint", "call") + entry("praise", "call", "表扬"))
    assert "有 2 个开始事件等待消息“call”" in told


def test_a_start_event_that_nothing_speaks_of_is_pointed_out() -> None:
    assert "流程 complaint 由 message“call”开始，[[starts]] 里没有登记" in said(begun("complaint", "call"), starts="")


@pytest.mark.parametrize(
    ("starts", "sentence"),
    [
        (entry("complaint", "cal"), "等待 message“cal”，流程 complaint 里没有这样的开始事件"),
        (entry("complain", "call"), "流程 complain 里没有这样的开始事件"),
        (entry("complaint", "call", unit="nowhere"), "的单位 nowhere 不在 units.csv 里"),
        (entry("complaint", "call", "长" * 51), "的名称应有 1 至 50 个字"),
        (entry("complaint", "call").replace("{seq:04}", "{no}"), "的编号样式“T{year}-{no}”不能用"),
        (entry("complaint", "call").replace("{seq:04}", "{seq:050}"), "不能用"),
        (entry("complaint", "call").replace("{seq:04}", "{seq:x"), "不能用"),
        (entry("complaint", "call", unit=""), "的单位 （空） 不在 units.csv 里"),
        (entry("complaint", "call", more='by = "clerk"'), "只能写一种发起方式"),
        (entry("complaint", "call", more='signal = "call"'), "只能写一种发起方式"),
        (entry("complaint", "call") + entry("complaint", "call", "又一个"), "登记了 2 次"),
    ],
)
def test_a_mistake_is_named(starts: str, sentence: str) -> None:
    assert sentence in said(begun("complaint", "call"), starts=starts)
