"""Random walks through the real diagrams of every county: valid answers, any order, any outcome, time that jumps.

Nothing may crash, after every step the bytes must say what the live case says (tests.kit.walks), and from wherever a
walk has got to, people who take the main button of each form must come to an end. A failure names its seed;
`walk(county, seed)` repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from engine.feel import compile_expression
from engine.run import answer, fail, instances
from engine.step import Asked, OpenTask, Step
from engine.world import World
from processes.asks import form_world
from processes.beginnings import waiting_starts
from processes.demo.answers import a_filled_form
from processes.forms import Invalid, PaperRef, as_formdata, clean, facts_of
from processes.forms.form import Option
from processes.pack import Pack, first_values
from processes.play import play
from processes.starts import event_of
from processes.verbs import VERBS, BusinessError, Move, Moving, Verb
from tests.kit.sites import COUNTIES, the_pack
from tests.kit.walks import Case

COUNTY_NAMES = sorted(folder.parent.name for folder in COUNTIES.glob("*/county.toml"))
GROUPS, WALKS = 20, 16  # 320 walks for each county
LONGEST, LAST_STEPS = 60, 120
SELDOM = 0.4
PAPERS = {
    name: PaperRef(name, f"{name}.{kind}", 1024, "application/octet-stream")
    for name, kind in (("doc", "pdf"), ("pic", "jpg"))
}


class OtherCases:
    """Two cases elsewhere in the county, which wait for whatever is asked."""

    def awaiting(self, message: str) -> tuple[Option, ...]:
        return tuple(Option(id, self.name(id) or "") for id in ("1" * 32, "2" * 32))

    def name(self, case: object) -> str | None:
        return f"事项 {str(case)[:1]}"

    def persons(self, case: object) -> tuple[str, ...]:
        return ()


class CountyCase(Case):
    """A case of a county that goes through its forms, now live, now from its bytes."""

    def __init__(self, pack: Pack, rng: Random) -> None:
        self.pack, self.rng, self.contrary = pack, rng, rng.random()  # some people refuse again and again
        start = rng.choice(list(pack.starts.values()))
        if start.by:
            unit = rng.choice(pack.units_of_kind[pack.posts[start.by].unit_kind]).code
            event = event_of(pack.program, start)
            super().__init__(pack.program, process=start.process, by=event, **first_values(unit))
        else:
            (_, event), *_ = waiting_starts(pack, *start.awaits)
            told = [story.steps[0].comes for story in pack.stories.values() if story.start == start.name]
            brings = told[0].payload if told and told[0] else self._made_up(event.event)
            super().__init__(
                pack.program, process=start.process, by=event.event, payload=brings, **first_values(start.unit)
            )

    @property
    def world(self) -> World:
        """The county's own limits and calendar."""
        return self.pack.world(self.now)

    def move(self) -> None:
        """One step of a walk: somebody does something, or the clock goes on."""
        self.way = self.rng.choice(["live", "restored"])
        luck = self.rng.random()
        if luck < 0.15 or not (self.tasks or self.step.awaited):
            self._wait()
        elif self.step.awaited and (luck < 0.2 or not self.tasks):
            self._receive()
        else:
            task = self.rng.choice(list(self.tasks.values()))
            outcomes = [outcome.key for outcome in self.pack.forms[task.form].outcomes]
            outcome = self.rng.choice(outcomes) if self.rng.random() < self.contrary else outcomes[0]
            self.fill(task, outcome, must=outcome == outcomes[0] and not task.is_optional)

    def finish(self) -> None:
        """One step towards the end: the main button of some open form, else what the case waits for."""
        self.way = self.rng.choice(["live", "restored"])
        asked = [task for task in self.tasks.values() if not task.is_optional]
        if not asked:
            self._receive() if self.step.awaited else self._wait()
            return
        task = self.rng.choice(asked)
        self.fill(task, self.pack.forms[task.form].outcomes[0].key)

    def fill(self, task: OpenTask, outcome: str, *, must: bool = True) -> None:
        """Fill in a task's form and send it; what nobody `must` do may be against a rule of the form just now."""
        form = self.pack.forms[task.form]
        there = partial(instances, self.program, self.step.state, world=self.world)
        asked = partial(form_world, done=self.passed.count, instances=there)
        world = asked(self.pack, task.values, PAPERS, now=self.now, cases=OtherCases())
        for _ in range(100):
            try:
                answers = a_filled_form(form, outcome, world, self.now, self.rng)
                cleaned = clean(form, as_formdata(form, answers), world=world, outcome=outcome)
            except Invalid as refused:
                why = [f"{error.path}: {error.message}" for error in refused.errors]
                continue
            self.complete(task, outcome, **facts_of(form, cleaned.answers))
            return
        if must:
            pytest.fail(f"{task.form} cannot be filled in for {outcome}: {why}")

    def _verb_done(self, step: Step, key: str) -> Iterator[Step]:
        """A move is done, or fails as the diagram may provide for; other verbs are answered, or fail now and then."""
        asked = next(each for each in self.asked if each.key == key)
        verb, live = VERBS[asked.verb], step.live
        if isinstance(verb, Move):
            try:
                moved = verb.act(Moving(self.program, live, asked, self.world))
            except BusinessError as error:
                yield fail(self.program, live, key, error.code, self.world)
                return
            yield moved
            if key not in moved.asking:
                return
        elif (code := self._error_of(asked)) and self.rng.random() < SELDOM:
            yield fail(self.program, live, key, code, self.world)
            return
        yield answer(self.program, live, key, self._told(asked), self.world)

    def _told(self, asked: Asked) -> Mapping[str, object]:
        """What a verb gives back that tells of other cases; nothing from the others."""
        verb = VERBS[asked.verb]
        try:
            return (verb.told(asked, "", OtherCases()) or {}) if isinstance(verb, Verb) and verb.told else {}
        except BusinessError:
            return {}

    def _receive(self) -> None:
        """What the case waits for comes."""
        wait = self.rng.choice(self.step.awaited)
        brings = self._made_up(wait.element)
        self.deliver(wait.name, key=wait.key, kind=wait.kind, **brings)

    def _made_up(self, element: str) -> dict[str, object]:
        """What a message or signal brings to this element: a text for every name that it asks for."""
        found = (process.find(element) for process in self.pack.definition.processes)
        outputs = next(each.outputs for each in found if each is not None)
        return {name: "来文所写" for text in outputs.values() for name in compile_expression(text).names}

    def _error_of(self, asked: Asked) -> str:
        """A code of the verb that an event on its service task's border catches; "" when none does."""
        process = next(each for each in self.program.definition.processes if each.find(asked.element))
        caught = [event.name for each in process.elements if each.attached_to == asked.element for event in each.events]
        return next((code for code in sorted(VERBS[asked.verb].errors) if code in caught), "")

    def _wait(self) -> None:
        timers = [timer.due_at for timer in self.step.timers]
        far = self.now + timedelta(hours=self.rng.choice([1, 20, 100, 2000]))
        self.wait(hours=(self.rng.choice([*timers, far]) - self.now) / timedelta(hours=1))


def walk(county: str, seed: str) -> CountyCase:
    """Walk at random, then to the end."""
    rng = Random(seed)  # a walk, not a secret
    case = CountyCase(the_pack(county), rng)
    for _ in range(rng.randrange(LONGEST)):
        if case.ended:
            break
        case.move()
    for _ in range(LAST_STEPS):
        if case.ended:
            break
        case.finish()
    assert case.ended, f"no end in sight: {case.open}"
    assert (case.open, case.step.timers, case.step.awaited) == ([], (), ())
    return case


@pytest.mark.parametrize("county", COUNTY_NAMES)
@pytest.mark.parametrize("group", range(GROUPS))
def test_no_walk_goes_wrong_and_every_walk_can_end(county: str, group: int) -> None:
    for number in range(WALKS):
        seed = f"{county}-{group}-{number}"
        try:
            walk(county, seed)
        except BaseException as error:
            error.add_note(f"repeat with walk({county!r}, {seed!r})")
            raise


@pytest.mark.parametrize("county", COUNTY_NAMES)
def test_stories_and_walks_go_everywhere(county: str) -> None:
    pack = the_pack(county)
    drawn = {element.id for process in pack.definition.processes for element in process.elements}
    leave = {flow.source for process in pack.definition.processes for flow in process.flows}
    went = [flow for story in pack.stories.values() for flow in play(pack, story).went]
    seen = {source for _, source, _ in went} | {target for _, _, target in went if target not in leave}
    for number in range(GROUPS * WALKS):
        if drawn <= seen:
            break
        seen |= set(walk(county, f"{county}-{number // WALKS}-{number % WALKS}").passed)
    assert drawn - seen == set()


@pytest.mark.parametrize("county", COUNTY_NAMES)
def test_the_same_seed_is_the_same_walk(county: str) -> None:
    assert walk(county, "again").passed == walk(county, "again").passed
