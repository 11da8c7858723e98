"""demo.toml: what cannot be read or names what is not there is told by `check`; a folder needs none."""

from __future__ import annotations

import pytest

from processes.check import check
from processes.demo.script import Script, script_of
from processes.pack import read_pack
from tests.kit.sites import the_folder, the_pack

FOLDER = the_folder()


def told(*edits: tuple[str, str]) -> list[str]:
    """What `check` says of the shipped script with these edits."""
    text = FOLDER["demo.toml"].decode()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return [finding.message_zh for finding in check({**FOLDER, "demo.toml": text.encode()}).findings]


def test_the_shipped_one_is_right() -> None:
    assert told() == []
    assert len(script_of(the_pack()).matters) > 60


def test_a_folder_without_one_goes_by_its_stories() -> None:
    files = {name: content for name, content in FOLDER.items() if name != "demo.toml"}
    assert script_of(read_pack(files)) == Script()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[rhythm]", "[rhythm", "不是正确的 TOML"),
        ("[rhythm]", "[rythm]", "有不认识的部分 rythm"),
        ("homes = 2", "home = 2", "[rhythm] 缺少或写错了项目"),
        ("homes = 2", 'homes = "两个"', "[rhythm] 里的 homes 写得不对"),
        ("uses = [8, 55]", "uses = [55, 8]", "[tempers.quick] 里的 uses 写得不对"),
        ('item = "D01"\n', "", "缺少 item（事项编码）"),
        ('item = "D01"', 'item = "D99"', "没有名为“D99”的事项编码"),
        ('start = "考核"', 'start = "考察"', "没有名为“考察”的发起方式"),
        ("360428100 = 10", "999999999 = 10", "没有名为“999999999”的单位"),
        ("[steps.collect]", "[steps.colect]", "没有名为“colect”的步骤，您是不是想写“collect”？"),
        ("forward = 96", "forwards = 96", "没有名为“forwards”的按钮，您是不是想写“forward”？"),
        ('basis = ["按', 'basics = ["按', "没有名为“basics”的填写项，您是不是想写“basis”？"),
        ("arrival = { scored", "arival = { scored", "没有名为“arival”的填写项，您是不是想写“arrival”？"),
        ('subject = "{subject}"', 'subject = "{subjekt}"', "没有名为“subjekt”的内容，您是不是想写“subject”？"),
        ('place = "{village}{place}"', 'place = "{village}{place"', "里的花括号没有配对"),
        ('photos = ["到场照片.jpg"]', 'photos = ["照片.jpg"]', "没有名为“照片.jpg”的材料"),
        ('"远景.jpg" = ""', '"录像.mp4" = ""', "[papers] 的“录像.mp4”做不出来"),
        ("[messages.city_answer]", "[messages.city_anser]", "没有名为“city_anser”的消息，您是不是想写“city_answer”？"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, says: str) -> None:
    found = told((old, new))
    assert any(says in sentence for sentence in found), found
