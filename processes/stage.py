"""The stage on which a story is played: one case on the engine, where it stands, and the journal as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from engine.run import complete, deliver, fail, start, tick
from engine.step import Asked, ClosedTask, OpenTask, Step, Thrown, Wait, both
from engine.time import Teller
from engine.world import World
from processes.comings import Coming
from processes.formers import Filled, Former, told_of
from processes.forms import NO_CASES, Cases
from processes.moves import answered, moved
from processes.pack import Pack, first_values
from processes.stage_lights import Lights
from processes.starts import Beginning, Start, event_of
from processes.verbs import VERBS, BusinessError, Verb

SIGNS = {"message": "✉", "signal": "△"}
"""Messages and signals in the journal, as BPMN draws them."""


class Telling:
    """The moment it is `now` in a story, and its `journal` so far; the cases of the story share it.

    `fails`: the error that each of these verbs meets in the step that is told.
    """

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        """Nothing has been told."""
        self.now, self._zone = now, zone
        self.journal: list[str] = []
        self.fails: Mapping[str, str] = {}

    def say(self, sentence: str) -> None:
        """One line of the journal."""
        self.journal.append(f"{self.now.astimezone(self._zone):%Y-%m-%d %H:%M} {sentence}")


class Stage:
    """One case: `state` is empty before it begins, `lights` holds what is open, `thrown` what is yet to be sent,
    `told` the verbs that looked at other cases, `went` the flows it took (process, source, target), `filled` what
    people filled in, in order. The journal says which case it speaks of if that `is_named` in the story.

    Whatever moves it may raise DiagramFault, VerbMisused and Uncaught (a verb's error); then it stands where it stood,
    and nothing was `said`.
    """

    def __init__(
        self, pack: Pack, telling: Telling, name: str, cases: Cases = NO_CASES, *, is_named: bool = False
    ) -> None:
        """An empty stage; `name` stands for the case's id, `cases` are those of the story."""
        self.pack, self.name, self._telling, self._cases = pack, name, telling, cases
        self._sign = f"〔{name}〕" if is_named else ""
        self.lights = Lights()
        self.state = b""
        self.went: set[tuple[str, str, str]] = set()
        self.waits: tuple[Wait, ...] = ()
        self.thrown: list[Thrown] = []
        self.told: list[Asked] = []
        self.ended: str | None = None
        self.ended_at: datetime | None = None
        self.start: Start | None = None
        self.unit = self.former = ""
        self.filled: list[Filled] = []
        self._timers: tuple[datetime, ...] = ()

    # -- what moves the case

    def begin(self, by: Start, unit: str, former: Former | None = None) -> None:
        """A person of this unit begins it, about a `former` case or not."""
        told = told_of(self.pack, by, former) if former else None
        event, given = event_of(self.pack.program, by), first_values(unit, told)
        self._take(start(self.pack.program, by.process, given, self.world, by=event, payload=told or {}))
        self.start, self.unit, self.former = by, unit, former.case if former else ""

    def begin_by(self, by: Start, event: Beginning, payload: Mapping[str, object], said: str) -> None:
        """A message or signal begins it."""
        values = first_values(by.unit)
        self.start, self.unit = by, by.unit
        self._take(start(self.pack.program, by.process, values, self.world, by=event.event, payload=payload), said)

    def complete(self, task: OpenTask, answers: Mapping[str, object], outcome: str, said: str) -> None:
        """A person has done an open task."""
        self._take(complete(self.pack.program, self.state, task.id, answers, outcome, self.world), said)

    def deliver(self, coming: Coming, said: str) -> None:
        """It gets what it waits for, under the key it asks for or its own name; raises NotAwaited, SeveralAwait."""
        kind, name, payload = coming.kind, coming.name, coming.payload
        key = "" if coming.key == self.name else coming.key
        self._take(deliver(self.pack.program, self.state, name, payload, self.world, key=key, kind=kind), said)

    def strike(self) -> None:
        """Lights change and timers fire."""
        for task, light in self.lights.change(self.now):
            self.say(f"⏰ 【{task.name}】{self._holder(task)} {light}")
        if any(timer <= self.now for timer in self._timers):
            self._take(tick(self.pack.program, self.state, self.world))

    def due(self) -> Iterator[datetime]:
        """When the clock has something to do here."""
        yield from self._timers
        yield from self.lights.due()

    @property
    def now(self) -> datetime:
        """The moment it is in the story."""
        return self._telling.now

    @property
    def world(self) -> World:
        """What the diagrams may ask of the world now."""
        return self.pack.world(self.now)

    # -- what that led to

    def _take(self, step: Step, said: str = "") -> None:
        while asked := next((each for each in step.asked if each.key in step.asking), None):
            step = self._ask(step, asked)
        self.state, self.waits, self.ended = step.state, step.awaited, step.ended
        self.ended_at = self.now if step.ended else None
        self._timers = tuple(timer.due_at for timer in step.timers)
        self.thrown += step.thrown
        self.went.update(step.went)
        if said:
            self.say(said)
        for closed in step.closed:
            self._closes(closed)
        for asked in step.asked:
            self.say(f"  ⚙ {asked.name}")
        for each in step.thrown:
            self.say(f"  {SIGNS[each.kind]} {self.name_of(each.element)}")
        for task in step.opened:
            self._opens(task)
        if step.ended:
            self.say(f"■ {self.pack.word('ends', step.ended, default=step.ended)}")

    def _ask(self, step: Step, asked: Asked) -> Step:
        """Verbs move the case or look at others here, write nothing, and are answered at once."""
        program, verb = self.pack.program, VERBS[asked.verb]
        try:
            if asked.verb in self._telling.fails:
                raise BusinessError(self._telling.fails[asked.verb], "")
            told = verb.told(asked, self.name, self._cases) if isinstance(verb, Verb) and verb.told else None
            step = moved(program, step, asked, self.world)
        except BusinessError as error:
            return both(step, fail(program, step.live, asked.key, error.code, self.world))
        self.told += [asked] if told is not None else []
        return answered(program, step, asked, told or {}, self.world)

    def _closes(self, closed: ClosedTask) -> None:
        task = self.lights.open[closed.id][0]
        self.lights.closes(closed.id)
        if closed.how == "withdrawn" and not task.is_optional:
            self.say(f"  ✕ 【{task.name}】{self._holder(task)} 不必再办")

    def _opens(self, task: OpenTask) -> None:
        self.lights.opens(task, self.now)
        if task.is_optional:
            return
        due = f"，{Teller(self.now).instant(task.due.at)} 到期" if task.due else ""
        self.say(f"  → 【{task.name}】{self._holder(task)}{due}")

    # -- words

    def say(self, sentence: str) -> None:
        """One line of the journal, about this case."""
        self._telling.say(f"{self._sign}{sentence}")

    def called(self, by: str) -> str:
        """What people call post@unit."""
        post, _, unit = by.partition("@")
        return f"{self.pack.unit_name(unit)}{self.pack.post_name(post)}"

    def name_of(self, element: str) -> str:
        """What people call an element of the diagrams."""
        found = (process.find(element) for process in self.pack.definition.processes)
        return next((each.name for each in found if each is not None), element)

    def _holder(self, task: OpenTask) -> str:
        return "或".join(self.called(f"{group.post}@{group.unit}") for group in task.groups)
