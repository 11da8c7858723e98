"""Whether the messages, signals and starts that a folder's stories name are there, before anybody plays them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.model.checking import nearest
from engine.model.findings import Finding, about_file
from processes.comings import KINDS, Coming
from processes.pack import Pack
from processes.stories import Story


def loose_stories(pack: Pack) -> Iterator[Finding]:
    """What the stories name and the folder does not have."""
    drawn = {kind: _drawn(pack, kind) for kind in KINDS}
    for story in pack.stories.values():
        yield from _loose_start(pack, story, "", story.start)
        for number, step in enumerate(story.steps, 1):
            yield from _loose_start(pack, story, f"第 {number} 步 ", step.start)
            if step.case == story.id:
                zh = f"：第 {number} 步：case 与故事同名，请另取一个。"
                yield about_file("story", _file(story), zh, f": step {number}: a case is called as the story is.")
            if step.comes and step.comes.name not in drawn[step.comes.kind]:
                yield _unknown(story, number, step.comes, drawn)


def _loose_start(pack: Pack, story: Story, where: str, start: str) -> Iterator[Finding]:
    if start and start not in pack.starts:
        zh = f"{where}start：county.toml 的 [[starts]] 里没有“{start}”，"
        yield _finding(story, zh, f"start: no “{start}” in [[starts]]; ", start, pack.starts)


def _drawn(pack: Pack, kind: str) -> frozenset[str]:
    """The names of the messages or signals that any diagram draws."""
    elements = (element for process in pack.definition.processes for element in process.elements)
    return frozenset(event.name for element in elements for event in element.events if event.kind == kind)


def _unknown(story: Story, number: int, coming: Coming, drawn: Mapping[str, Collection[str]]) -> Finding:
    kind, name = coming.kind, coming.name
    (other,) = (each for each in KINDS if each != kind)
    zh, en = (
        f"第 {number} 步：流程图里没有名为“{name}”的{KINDS[kind]}，",
        f"step {number}: no diagram has a {kind} “{name}”; ",
    )
    if name in drawn[other]:
        return about_file("story", _file(story), f"：{zh}它是{KINDS[other]}，请写 {other}。", f": {en}it is a {other}.")
    return _finding(story, zh, en, name, drawn[kind])


def _finding(story: Story, zh: str, en: str, name: str, names: Collection[str]) -> Finding:
    near = nearest(name, names)
    zh += f"您是不是想写“{near}”？" if near else "请核对名称。"
    en += f"did you mean “{near}”?" if near else "check the name."
    return about_file("story", _file(story), f"：{zh}", f": {en}")


def _file(story: Story) -> str:
    return f"stories/{story.id}.toml"
