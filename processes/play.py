"""Plays a county's stories on the engine, in virtual time and without a database; the journal reads as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from engine.errors import Rejected
from engine.run import instances
from engine.step import OpenTask
from processes.asks import form_world
from processes.comings import Coming
from processes.formers import Filled, Former, refuse_about, units_for
from processes.forms import Invalid, as_formdata, clean, facts_of
from processes.pack import Pack
from processes.people import Posting
from processes.stage import SIGNS
from processes.stage_papers import with_papers
from processes.stage_post import Post
from processes.stages import Stages
from processes.starts import Start
from processes.stories import Story, StoryStep, Then


@dataclass
class Played:
    """How a story went: its journal, where it did not go as told, and the flows of the diagrams it took."""

    story: Story
    journal: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    went: set[tuple[str, str, str]] = field(default_factory=set)

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


@dataclass(frozen=True)
class Refusal:
    """Why a step of the story was refused."""

    code: str
    sentence: str


def play(pack: Pack, story: Story) -> Played:
    """Play one story from its first step to its last."""
    players = _Players(pack, story)
    for number, told in enumerate(story.steps, 1):
        players.played.failures += (f"第 {number} 步：{each}" for each in players.step(told))
    return players.played


class _Players:
    """Everybody in the story, and what they did so far."""

    def __init__(self, pack: Pack, story: Story) -> None:
        self.pack, self.story = pack, story
        self.stages = Stages(pack, story)
        self.stage = self.stages.of("")
        self.post = Post(self.stages)
        self.played = Played(story, self.stages.telling.journal)
        self.did: dict[str, list[tuple[str, str]]] = {name: [] for name in self.stages.all}
        self.got = False

    # -- one step of the story

    def step(self, told: StoryStep) -> list[str]:
        """Let it happen to its case; where it did not go as told."""
        self.stage, self.stages.telling.fails = self.stages.of(told.case), told.fails
        refused = self._happens(told)
        complaints = list(self._complaints(told.then))
        if (refused.code if refused else None) != told.then.refused:
            why = refused.sentence if refused else "没有被拒绝"
            complaints.insert(0, f"应为 {told.then.refused or '成功'}，实际：{why}")
        elif told.comes and not refused and self.got != told.then.awaited:
            complaints.insert(0, self._other_than_awaited(told.comes, told.case))
        self.played.went.update(*(stage.went for stage in self.stages.all.values()))
        return complaints

    def _happens(self, told: StoryStep) -> Refusal | None:
        try:
            self._wait_until(told.at or self.stage.now + (told.after or timedelta()))
        except Rejected as error:
            self.stage.say(f"⚠ {error.sentence}")
            return Refusal(error.code, error.sentence)
        if told.comes:
            return self._receive(told.comes, told.case)
        return self._do(told) if told.does else None

    def _wait_until(self, moment: datetime) -> None:
        """Each light, timer and expiry on the way at its own moment."""
        while (due := min((*self.stages.due(), *self.post.due()), default=None)) is not None and due <= moment:
            self.stages.strike(due)
            self.post.expire()
            self.post.send_on()
        self.stages.telling.now = max(self.stage.now, moment)

    def _receive(self, coming: Coming, case: str) -> Refusal | None:
        try:
            self.got = self.post.receive(coming, case)
        except Rejected as error:
            self.stage.say(f"{SIGNS[coming.kind]} {self.post.called(coming)}未被接受：{error.sentence}")
            return Refusal(error.code, error.sentence)
        return None

    def _do(self, told: StoryStep) -> Refusal | None:
        who = f"{self.stage.called(told.by)} 【{self.stage.name_of(told.does)}】"
        try:
            self._begin_once(told)
            self._complete(self._find(told), told)
        except Invalid as error:
            sentence = "；".join(each.sentence for each in error.errors)
            self.stage.say(f"{who}未被接受：{sentence}")
            return Refusal("missing" if "请" in sentence and _is_missing(error) else "must", sentence)
        except Rejected as error:
            self.stage.say(f"{who}被拒绝：{error.sentence}")
            return Refusal(error.code, error.sentence)
        return None

    # -- what people do

    def _begin_once(self, told: StoryStep) -> None:
        if self.stage.state:
            return
        wanted = told.start or self.story.start
        starts = [each for each in self.pack.starts.values() if _may_be(each, wanted)]
        if not starts:
            raise NotHere(step=told.does, open="（尚未开始）")
        start, (post, _, unit) = starts[0], told.by.partition("@")
        former = self._former(told, start, Posting(post, unit)) if start.about else None
        self.stage.begin(start, unit, former)
        self.post.send_on()

    def _former(self, told: StoryStep, start: Start, by: Posting) -> Former | None:
        """The case that the step's own is to be about, as on a site; raises NotYours and what `refuse_about` does."""
        former = self.stages.former(told.about) if self.stages.of(told.about) is not self.stage else None
        if former is not None:
            units_for(self.pack, start, [by], former.unit)
        refuse_about(self.pack, start, former, self.stage.now)
        return former

    def _find(self, told: StoryStep) -> OpenTask:
        post, _, unit = told.by.partition("@")
        at_step = [task for task, _ in self.stage.lights.open.values() if task.step == told.does]
        if told.unit:
            at_step = [task for task in at_step if any(group.unit == told.unit for group in task.groups)]
        mine = [task for task in at_step if any(g.post == post and g.unit == unit for g in task.groups)]
        if mine:
            return mine[0]
        if not at_step:
            raise NotHere(step=told.does, open="、".join(self.stage.lights.open_names()) or "（无）")
        groups = "、".join(self.stage.called(f"{g.post}@{g.unit}") for task in at_step for g in task.groups)
        raise WrongPerson(step=at_step[0].name, groups=groups)

    def _complete(self, task: OpenTask, told: StoryStep) -> None:
        who = told.person or told.by
        if any(step in task.other_than and person == who for step, person in self.did[self.stage.name]):
            raise SamePersonAgain(step=task.name)
        form = self.pack.forms[task.form]
        answers, papers = with_papers(told.answers)
        now, done = self.stage.now, self._times_done
        merged = partial(self.stages.merged_into, self.stage.name)
        asked = partial(form_world, done=done, latest=self._latest, merged_in=merged, instances=self._instances)
        world = asked(self.pack, task.values, papers, now=now, cases=self.stages)
        cleaned = clean(form, as_formdata(form, answers), world=world, outcome=told.outcome)
        label = next(each.label for each in form.outcomes if each.key == cleaned.outcome)
        said = f"{self.stage.called(told.by)} 【{task.name}】{label}"
        self.stage.complete(task, facts_of(form, cleaned.answers), cleaned.outcome, said)
        self.stage.filled.append(Filled(task.step, cleaned.answers, task.values))
        self.did[self.stage.name].append((task.step, who))
        self.post.send_on()

    def _times_done(self, step: str) -> int:
        return sum(did == step for did, _ in self.did[self.stage.name])

    def _latest(self, field: str) -> object:
        given = (each.answers[field] for each in reversed(self.stage.filled) if field in each.answers)
        return next(given, None)

    def _instances(self, activity: str) -> object:
        return instances(self.pack.program, self.stage.state, activity, self.stage.world)

    # -- whether it went as told

    def _complaints(self, then: Then) -> Iterator[str]:
        lights, ended = self.stage.lights, self.stage.ended
        if then.open is not None and then.open not in (tuple(lights.open_names()), tuple(lights.open_steps())):
            yield f"应打开 {list(then.open)}，实际打开 {lights.open_names()}"
        if then.late is not None and tuple(lights.late_names()) != then.late:
            yield f"应超期 {list(then.late)}，实际超期 {lights.late_names()}"
        if then.ended is not None and ended != then.ended:
            yield f"应结束于 {then.ended}，实际 {ended or '没有结束'}"
        for name, moment in then.due.items():
            found = [task.due.at for task, _ in lights.open.values() if name in _names_of(task) and task.due]
            if found != [moment] * len(found) or not found:
                yield f"{name} 应于 {moment:%Y-%m-%d %H:%M} 到期，实际 {[f'{at:%Y-%m-%d %H:%M}' for at in found]}"

    def _other_than_awaited(self, coming: Coming, case: str) -> str:
        if self.got:
            return f"{self.post.called(coming)}应没有人在等，实际到了这一件"
        return f"这一件没有在等{self.post.called(coming)}，在等的是：{self.post.awaited(case) or '（无）'}"


def _may_be(start: Start, wanted: str) -> bool:
    """Whether a person may begin this: what the story names, else what is about no other case."""
    return bool(start.by) and (wanted == start.name or (not wanted and not start.about))


def _is_missing(error: Invalid) -> bool:
    return all(each.message.startswith(("请填写", "请选择", "请上传", "请至少")) for each in error.errors)


def _names_of(task: OpenTask) -> set[str]:
    return {task.step, *(f"{task.step}@{group.unit}" for group in task.groups)}
