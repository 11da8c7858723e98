"""Whether the messages, signals and starts that a folder's stories name are there, before anybody plays them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.model.checking import nearest
from engine.model.findings import Finding, about_file
from processes.comings import KINDS, Coming
from processes.pack import Pack
from processes.stories import Story, StoryStep
from processes.verbs import VERBS


def loose_stories(pack: Pack) -> Iterator[Finding]:
    """What the stories name and the folder does not have."""
    drawn = {kind: _drawn(pack, kind) for kind in KINDS}
    for story in pack.stories.values():
        yield from _loose_start(pack, story, "", story.start)
        for number, step in enumerate(story.steps, 1):
            yield from _loose_start(pack, story, f"第 {number} 步 ", step.start)
            yield from _loose_about(pack, story, number, step)
            yield from _loose_fails(story, number, step)
            if step.case == story.id:
                zh = f"：第 {number} 步：case 与故事同名，请另取一个。"
                yield about_file("story", _file(story), zh, f": step {number}: a case is called as the story is.")
            if step.comes and step.comes.name not in drawn[step.comes.kind]:
                yield _unknown(story, number, step.comes, drawn)


def _loose_start(pack: Pack, story: Story, where: str, start: str) -> Iterator[Finding]:
    if start and start not in pack.starts:
        zh = f"{where}start：county.toml 的 [[starts]] 里没有“{start}”，"
        yield _finding(story, zh, f"start: no “{start}” in [[starts]]; ", start, pack.starts)


def _loose_about(pack: Pack, story: Story, number: int, step: StoryStep) -> Iterator[Finding]:
    if not step.about:
        return
    start = pack.starts.get(step.start or story.start)
    if start is not None and not start.about:
        zh = f"：第 {number} 步：about 只和针对另一件发起的 start 一起写，“{start.name}”不是。"
        yield about_file("story", _file(story), zh, f": step {number}: “{start.name}” is about no other case.")
    if step.about not in (*story.cases, story.id):
        zh = f"第 {number} 步 about：故事里没有“{step.about}”这一件，"
        en = f"step {number} about: no case “{step.about}”; "
        yield _finding(story, zh, en, step.about, [each for each in story.cases if each])


def _loose_fails(story: Story, number: int, step: StoryStep) -> Iterator[Finding]:
    for verb, error in step.fails.items():
        errors = VERBS[verb].errors if verb in VERBS else frozenset[str]()
        if verb not in VERBS:
            zh, en = f"第 {number} 步 fails：没有动作“{verb}”，", f"step {number} fails: no verb “{verb}”; "
            yield _finding(story, zh, en, verb, VERBS)
        elif error not in errors:
            zh = f"第 {number} 步 fails：动作 {verb} 没有错误“{error}”，"
            yield _finding(story, zh, f"step {number} fails: {verb} has no error “{error}”; ", error, errors)


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
