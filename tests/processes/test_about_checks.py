"""What begins about an ended case must name what is there; stories say which case it is about."""

from __future__ import annotations

import pytest

from processes.check import check
from processes.pack import PackRefused, read_pack
from processes.play import play
from tests.kit.follow_ups import ENTRY, STORY, a_county


def said(entry: str = ENTRY, *, by_message: bool = False, story: str = "") -> str:
    findings = check(a_county(entry, by_message=by_message, story=story)).findings
    return "\n".join(each.message_zh for each in findings if each.rule != "missing_drawing")


@pytest.mark.parametrize("by_message", [True, False])
def test_a_folder_that_names_what_is_there_is_in_order(by_message: bool) -> None:
    assert said(by_message=by_message) == ""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('about = "吹哨"', 'about = ["吹哨", "吹号"]', "about“吹号”：[[starts]] 里没有"),
        ('about = "吹哨"\n', "", "写了 ends、offer、within、carries、tells、once、again_after，却没有写 about"),
        (
            '"withdrawn_early"',
            '"withdrawn_erly"',
            "ends“withdrawn_erly”：流程图的结束事件里没有，您是不是想写“withdrawn_early”",
        ),
        ('"dropped"', '"closed"', "again_after“closed”：流程图的结束事件里没有"),
        ('"respond"', '"respnd"', "within“respnd”：limits.toml 里没有，您是不是想写“respond”"),
        ('"respond"', '"step_warning"', "within“step_warning”是往回算的时限"),
        ('"place", ', '"plaice", ', "carries“plaice”：没有这一步，或者它的表单里没有这一项"),
        ('"place", ', '"photos", ', "附件、列表不能预先填"),
        ('"approve.opinion"', '"approve.nothing"', "carries“approve.nothing”"),
        ('"collect.opinion"', '"collected.opinion"', "tells“collected.opinion”：没有这一步"),
        ("{ opinion", "{ number", "tells“number”不能用这个名称"),
        ('offer = "再看一眼"\n', "", "offer（按钮上的字）没有写"),
        ('step = "ask_back"\nby = "clerk"', "", "about 要和 step、by 一起写"),
        ('name = "回看"', f'name = "{"长" * 31}"', "名称应不超过 30 个字"),
        ("once = true", 'once = true\nmessage = "nothing"', "message“nothing”不是流程 look_back 里的消息开始事件"),
        ("once = true", 'once = true\nsignal = "asked_back"', "“asked_back”不是流程 look_back 里的消息开始事件"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, sentence: str) -> None:
    assert sentence in said(ENTRY.replace(old, new))


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(PackRefused):
        read_pack(a_county(ENTRY.replace('about = "吹哨"', "about = 3")))


@pytest.mark.parametrize("by_message", [True, False])
def test_a_story_begins_one_about_its_own_case(by_message: bool) -> None:
    pack = read_pack(a_county(by_message=by_message, story=STORY))
    played = play(pack, pack.stories["looked_back"])
    assert played.failures == []
    assert any("〔回看〕" in line and "【say】" in line for line in played.journal)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("09-08T09", "09-10T09", "最晚在9月9日（周三）17:30可以“再看一眼”"),
        ("09-08T09:00", "09-07T09:30", "还没有结束"),
        ("109", "100", "与您的单位无关"),
        ("does", 'about = "回看"\ndoes', "这里没有说是哪一件"),
    ],
)
def test_a_story_is_refused_as_people_are(old: str, new: str, sentence: str) -> None:
    steps = a_county(story=STORY.replace(old, new))
    pack = read_pack(steps)
    story = pack.stories["looked_back"]
    early = [story.steps[-1], *story.steps[4:5]] if new.endswith("09:30") else list(story.steps[4:])
    told = type(story)(**{**vars(story), "steps": (*story.steps[:4], *early)})
    assert any(sentence in each for each in play(pack, told).failures)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('start = "回看"', 'start = "回看"\nabout = "回頭"', "about：故事里没有“回頭”这一件"),
        ('start = "回看"', 'start = "吹哨"\nabout = "looked_back"', "“吹哨”不是"),
    ],
)
def test_a_story_that_names_another_case_is_pointed_out(old: str, new: str, sentence: str) -> None:
    assert sentence in said(story=STORY.replace(old, new))
