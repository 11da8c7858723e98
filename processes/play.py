"""Plays a county's stories on the engine, in virtual time and without a database; the journal reads as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import Rejected
from engine.run import State, answer, complete, start, tick
from engine.step import OpenTask, Step, both
from engine.time import Teller
from processes.asks import form_world
from processes.forms import Invalid, PaperRef, as_formdata, clean, facts_of
from processes.pack import Pack, first_values
from processes.stories import Story, StoryStep


@dataclass
class Played:
    """How a story went: its journal, and where it did not go as told."""

    story: Story
    journal: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything went as told."""
        return not self.failures


class NotHere(Rejected):
    """The story's person cannot do this step now."""

    code = "not_open"
    message = "“{step}”现在没有打开，打开的是：{open}"


class WrongPerson(Rejected):
    """The story's person does not hold the post."""

    code = "not_yours"
    message = "“{step}”由 {groups} 办理"


class SamePersonAgain(Rejected):
    """The rule asks for different people."""

    code = "same_person"
    message = "“{step}”须由另一个人办理"


def play(pack: Pack, story: Story) -> Played:
    """Play one story from its first step to its last."""
    stage = _Stage(pack, story)
    for number, told in enumerate(story.steps, 1):
        stage.step(number, told)
    return stage.played


class _Stage:
    """The case, the clock and what the players did so far."""

    def __init__(self, pack: Pack, story: Story) -> None:
        self.pack, self.story = pack, story
        self.played = Played(story)
        self.now = story.begins
        self.state: State | None = None
        self.open: dict[str, tuple[OpenTask, datetime]] = {}
        self.late: set[str] = set()
        self.told: set[tuple[str, str]] = set()
        self.did: list[tuple[str, str]] = []
        self.timers: tuple[datetime, ...] = ()
        self.ended: str | None = None

    # -- one step of the story

    def step(self, number: int, told: StoryStep) -> None:
        self._wait_until(told.at or (self.now + told.after if told.after else self.now))
        refused = self._do(told) if told.does else None
        expected = told.then.refused
        if (refused.code if refused else None) != expected:
            why = refused.sentence if refused else "没有被拒绝"
            self._fail(number, f"应为 {expected or '成功'}，实际：{why}")
        for complaint in self._complaints(told):
            self._fail(number, complaint)

    def _do(self, told: StoryStep) -> Refusal | None:
        who = told.person or told.by
        try:
            if self.state is None:
                self._begin(told)
            task = self._find(told)
            self._refuse_same_person(task, who)
            form = self.pack.forms[task.form]
            answers, papers = _with_papers(told.answers)
            world = form_world(self.pack, task.values, papers, now=self.now)
            cleaned = clean(form, as_formdata(form, answers), world=world, outcome=told.outcome)
        except Invalid as error:
            sentence = "；".join(each.sentence for each in error.errors)
            self._say(f"{self._called(told.by)} 【{self._name(told.does)}】未被接受：{sentence}")
            return Refusal("missing" if "请" in sentence and _is_missing(error) else "must", sentence)
        except Rejected as error:
            self._say(f"{self._called(told.by)} 【{self._name(told.does)}】被拒绝：{error.sentence}")
            return Refusal(error.code, error.sentence)
        label = next(each.label for each in form.outcomes if each.key == cleaned.outcome)
        self._say(f"{self._called(told.by)} 【{task.name}】{label}")
        self.did.append((task.step, who))
        answers = facts_of(form, cleaned.answers)
        self._take(complete(self.pack.program, self._state(), task.id, answers, cleaned.outcome, self._world()))
        return None

    def _begin(self, told: StoryStep) -> None:
        begins = self.pack.starts[self.story.start or next(name for name, each in self.pack.starts.items() if each.by)]
        values = first_values(told.by.partition("@")[2])
        self._take(start(self.pack.program, begins.process, values, self._world()))

    def _find(self, told: StoryStep) -> OpenTask:
        post, _, unit = told.by.partition("@")
        at_step = [task for task, _ in self.open.values() if task.step == told.does]
        if told.unit:
            at_step = [task for task in at_step if any(group.unit == told.unit for group in task.groups)]
        mine = [task for task in at_step if any(g.post == post and g.unit == unit for g in task.groups)]
        if mine:
            return mine[0]
        if not at_step:
            raise NotHere(step=told.does, open="、".join(self._open_names()) or "（无）")
        groups = "、".join(self._called(f"{g.post}@{g.unit}") for task in at_step for g in task.groups)
        raise WrongPerson(step=at_step[0].name, groups=groups)

    def _refuse_same_person(self, task: OpenTask, who: str) -> None:
        if any(step in task.other_than and person == who for step, person in self.did):
            raise SamePersonAgain(step=task.name)

    # -- the clock

    def _wait_until(self, moment: datetime) -> None:
        while (due := self._next_due()) is not None and due <= moment:
            self.now = due
            self._mark()
            if any(timer <= due for timer in self.timers):
                self._take(tick(self.pack.program, self._state(), self._world()))
        self.now = max(self.now, moment)

    def _next_due(self) -> datetime | None:
        return min((*self.timers, *(moment for moment, _, _ in self._marks())), default=None)

    def _marks(self) -> Iterator[tuple[datetime, OpenTask, str]]:
        for task, opened in self.open.values():
            for deadline, kind in ((task.warn, "即将到期"), (task.due, "超期，亮红灯")):
                if deadline and (task.id, kind) not in self.told and (kind != "即将到期" or deadline.at > opened):
                    yield deadline.at, task, kind

    def _mark(self) -> None:
        for moment, task, kind in list(self._marks()):
            if moment <= self.now:
                self.told.add((task.id, kind))
                if "红灯" in kind:
                    self.late.add(task.id)
                self._say(f"⏰ 【{task.name}】{self._holder(task)} {kind}")

    # -- what a step led to

    def _take(self, step: Step) -> None:
        while step.asking:
            step = both(step, answer(self.pack.program, step.live, min(step.asking), {}, self._world()))
        self.state = step.live
        for closed in step.closed:
            self.open.pop(closed.id, None)
            self.late.discard(closed.id)
        for asked in step.asked:
            self._say(f"  ⚙ {asked.name}")
        for task in step.opened:
            self.open[task.id] = (task, self.now)
            due = f"，{Teller(self.now).instant(task.due.at)} 到期" if task.due else ""
            self._say(f"  → 【{task.name}】{self._holder(task)}{due}")
        self.timers = tuple(timer.due_at for timer in step.timers)
        self.ended = step.ended
        if step.ended:
            self._say(f"■ {self.pack.word('ends', step.ended, default=step.ended)}")

    def _complaints(self, told: StoryStep) -> Iterator[str]:
        then = told.then
        if then.open is not None and then.open not in (tuple(self._open_names()), tuple(self._open_steps())):
            yield f"应打开 {list(then.open)}，实际打开 {self._open_names()}"
        if then.late is not None and tuple(sorted(self._named(self.late))) != then.late:
            yield f"应超期 {list(then.late)}，实际超期 {sorted(self._named(self.late))}"
        if then.ended is not None and self.ended != then.ended:
            yield f"应结束于 {then.ended}，实际 {self.ended or '没有结束'}"
        for name, moment in then.due.items():
            found = [task.due.at for task, _ in self.open.values() if name in _names_of(task) and task.due]
            if found != [moment] * len(found) or not found:
                yield f"{name} 应于 {moment:%Y-%m-%d %H:%M} 到期，实际 {[f'{at:%Y-%m-%d %H:%M}' for at in found]}"

    def _open_names(self) -> list[str]:
        return sorted(self._named(self.open))

    def _open_steps(self) -> list[str]:
        return sorted(task.step for task, _ in self.open.values())

    def _named(self, ids: Any) -> list[str]:
        tasks = [self.open[each][0] for each in ids]
        return [f"{task.step}@{task.groups[0].unit}" if task.branch else task.step for task in tasks]

    def _state(self) -> State:
        if self.state is None:
            raise NotHere(step="", open="（尚未开始）")
        return self.state

    def _world(self) -> Any:
        return self.pack.world(self.now)

    def _holder(self, task: OpenTask) -> str:
        return "或".join(self._called(f"{group.post}@{group.unit}") for group in task.groups)

    def _name(self, step: str) -> str:
        found = (process.find(step) for process in self.pack.definition.processes)
        return next((element.name for element in found if element is not None), step)

    def _called(self, by: str) -> str:
        post, _, unit = by.partition("@")
        return f"{self.pack.unit_name(unit)}{self.pack.post_name(post)}"

    def _say(self, sentence: str) -> None:
        self.played.journal.append(f"{self.now.astimezone(self.pack.calendar.zone):%Y-%m-%d %H:%M} {sentence}")

    def _fail(self, number: int, complaint: str) -> None:
        self.played.failures.append(f"第 {number} 步：{complaint}")


@dataclass(frozen=True)
class Refusal:
    """Why a step of the story was refused."""

    code: str
    sentence: str


def _is_missing(error: Invalid) -> bool:
    return all(each.message.startswith(("请填写", "请选择", "请上传", "请至少")) for each in error.errors)


def _names_of(task: OpenTask) -> set[str]:
    return {task.step, *(f"{task.step}@{group.unit}" for group in task.groups)}


def _with_papers(answers: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, PaperRef]]:
    """A story names files by their names; here each becomes a paper of that name."""
    named = sorted({name for value in answers.values() for name in _file_names(value)})
    papers = {
        f"paper{n}": PaperRef(f"paper{n}", name, 1024, "application/octet-stream") for n, name in enumerate(named)
    }
    ids = {paper.name: paper.id for paper in papers.values()}

    def swap(value: Any) -> Any:
        if isinstance(value, str) and value in ids:
            return {"id": ids[value]}
        if isinstance(value, list):
            return [swap(item) for item in value]
        return {key: swap(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: swap(value) for key, value in answers.items()}, papers


_FILE_ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".doc", ".xlsx", ".wps", ".ofd", ".mp4", ".txt")


def _file_names(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.lower().endswith(_FILE_ENDINGS):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _file_names(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _file_names(item)
