"""A case on its way through a program: done step by step by name, and after each step its bytes must say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

import pytest

from engine.run import State, add, answer, complete, deliver, fail, start, tick, withdraw
from engine.spiff import codec
from engine.spiff.instance import Instance
from engine.spiff.program import Program
from engine.step import Asked, OpenTask, Step, Thrown, Wait, both
from engine.time import Calendar, Limits
from engine.values import from_bytes
from engine.world import World

Way = Literal["live", "restored"]
"""Whether each step goes on with the live instance of the last, or with its bytes."""

both_ways = pytest.mark.parametrize("way", ["live", "restored"])

MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)  # 09:00 in the county
_LIMITS = """
[respond]
name = "响应时限"
[[respond.since]]
from = 2025-01-01
value = "2 working days"
source = "test"

[solve]
name = "办理时限"
[[solve.since]]
from = 2025-01-01
value = "2 working days"
source = "test"
[[solve.since]]
from = 2026-09-08
value = "4 working days"
source = "test, changed"
running = "changes"

[refusals]
name = "退回次数上限"
[[refusals.since]]
from = 2025-01-01
value = 2
source = "test"
[[refusals.since]]
from = 2026-09-08
value = 3
source = "test, changed"

[soon]
name = "提醒"
counts = "before due"
[[soon.since]]
from = 2025-01-01
value = "4 working hours"
source = "test"
"""
_HOURS = [{"from": "2025-01-01", "periods": [["08:30", "12:00"], ["14:30", "17:30"]]}]
LIMITS = Limits.read(_LIMITS)
CALENDAR = Calendar.read("date,kind,name\n", _HOURS, "2026-12-31", "Asia/Shanghai")


def a_world(now: datetime = MONDAY) -> World:
    """Limits, a threshold, office hours without holidays, and this time."""
    return World(now.astimezone(CALENDAR.zone), LIMITS, CALENDAR)


class Case:
    """One case. Every step is checked: its bytes restore to the same open tasks, values, timers and messages.

    Verbs are answered at once, with nothing, unless `answering` is false: then `answer` and `fail` are up to the test.
    `played` are the programs of all cases, so that one can ask what the linter says of them.
    """

    played: ClassVar[list[Program]] = []

    def __init__(
        self,
        program: Program,
        way: Way = "restored",
        *,
        process: str = "main",
        check: bool = True,
        answering: bool = True,
        by: str = "",
        payload: Mapping[str, object] | None = None,
        **values: object,
    ) -> None:
        self.program, self.way, self.now, self.check, self.answering = program, way, MONDAY, check, answering
        self.played.append(program)
        self.tasks: dict[str, OpenTask] = {}
        self.asked: list[Asked] = []
        self.thrown: list[Thrown] = []
        self.passed: list[str] = []
        self.step = self._take(start(program, process, values, self.world, by=by, payload=payload))

    # -- what people and the clock do

    def do(self, step: str, outcome: str = "submit", *, of: object = None, **answers: object) -> Case:
        """Complete the open task of a step; `of` tells apart several by the value of their `item`."""
        return self.complete(self.task(step, of), outcome, **answers)

    def complete(self, task: OpenTask, outcome: str = "submit", **answers: object) -> Case:
        """Complete an open task."""
        self.step = self._take(complete(self.program, self._state, task.id, answers, outcome, self.world))
        return self

    def wait(self, **length: float) -> Case:
        """Let time pass, then look at the clock once, as after a pause of the service."""
        self.now += timedelta(**length)
        self.step = self._take(tick(self.program, self._state, self.world))
        return self

    def deliver(self, message: str, *, key: str = "", kind: str = "message", **payload: object) -> Case:
        """Deliver a message or a signal."""
        self.step = self._take(deliver(self.program, self._state, message, payload, self.world, key=key, kind=kind))
        return self

    def answer(self, element: str, **values: object) -> Case:
        """A verb is done: the answer of the service task that waits longest at this element."""
        self.step = self._take(answer(self.program, self._state, self.key(element), values, self.world))
        return self

    def fail(self, element: str, error: str) -> Case:
        """A verb raised its business error."""
        self.step = self._take(fail(self.program, self._state, self.key(element), error, self.world))
        return self

    def add(self, element: str, item: object, *, within: str = "") -> Case:
        """One more instance."""
        self.step = self._take(add(self.program, self._state, element, item, self.world, within=within))
        return self

    def withdraw(self, element: str, item: object, *, within: str = "") -> Case:
        """One instance less."""
        self.step = self._take(withdraw(self.program, self._state, element, item, self.world, within=within))
        return self

    # -- what stands now

    @property
    def world(self) -> World:
        """The world at this case's time."""
        return a_world(self.now)

    @property
    def open(self) -> list[str]:
        """Names of the open steps."""
        return sorted(task.step for task in self.tasks.values() if not task.is_optional)

    @property
    def optional(self) -> list[str]:
        """Names of the steps that nobody need do."""
        return sorted(task.step for task in self.tasks.values() if task.is_optional)

    @property
    def ended(self) -> str | None:
        """The end event, once the case has ended."""
        return self.step.ended

    @property
    def awaited(self) -> list[str]:
        """Names of the messages and signals the case waits for."""
        return [wait.name for wait in self.step.awaited]

    def key(self, element: str) -> str:
        """The key under which a service task at this element waits."""
        found = [asked.key for asked in self.asked if asked.element == element and asked.key in self.step.asking]
        assert found, f"nothing is asked at {element}"
        return found[0]

    @property
    def due(self) -> list[timedelta]:
        """How long until each timer."""
        return sorted(timer.due_at - self.now for timer in self.step.timers)

    @property
    def bytes(self) -> int:
        """How large its state is."""
        return len(self.step.state)

    def task(self, step: str, of: object = None) -> OpenTask:
        """The open task of a step."""
        found = [t for t in self.tasks.values() if t.step == step and of in (None, t.values.get("item"))]
        assert found, f"{step} is not open, but {self.open}"
        return found[0]

    def values(self, step: str) -> Mapping[str, object]:
        """The process variables as this open task sees them now (it may have opened with older ones)."""
        instance = Instance.restore(self.program, self.step.state, self.world)
        return next(
            instance.values(each) for each in instance.open_tasks().values() if instance.element(each).id == step
        )

    # -- one step

    @property
    def _state(self) -> State:
        return self.step.live if self.way == "live" else self.step.state

    def _take(self, step: Step) -> Step:
        step = self._note(step)
        while self.answering and step.asking:
            for each in self._verb_done(step, min(step.asking)):
                step = both(step, self._note(each))
        assert self.tasks.keys() == step.open_ids
        return step

    def _verb_done(self, step: Step, key: str) -> Iterator[Step]:
        """What follows when a verb is done: its answer, which says nothing."""
        yield answer(self.program, step.live if self.way == "live" else step.state, key, {}, self.world)

    def _note(self, step: Step) -> Step:
        for closed in step.closed:
            del self.tasks[closed.id]
        self.tasks |= {task.id: task for task in step.opened}
        self.asked += step.asked
        self.thrown += step.thrown
        self.passed += [passed.element for passed in step.passed]
        if self.check:
            assert_restores_alike(self.program, step, self.world)
        return step


def answered(program: Program, step: Step, world: World) -> Step:
    """Past every verb asked for, each answered with nothing."""
    while step.asking:
        step = both(step, answer(program, step.live, min(step.asking), {}, world))
    return step


def assert_restores_alike(program: Program, step: Step, world: World) -> None:
    """The bytes of a step say what its live instance says, and mean the same when written again."""
    fresh = Instance.restore(program, step.state, world)
    for tree in fresh.workflow.trees():
        tree.touched = True  # so that it is written anew, not as it was read
        for token in tree.tasks.values():
            token.touched = True
    assert _standing(fresh) == _standing(step.live)
    assert frozenset(fresh.open_tasks()) == step.open_ids
    assert {Wait(*wait) for wait in fresh.waits()} == set(step.awaited)
    assert fresh.asking() == step.asking
    assert {timer[:2]: timer[2] for timer in fresh.timers()} == {
        (timer.task_id, timer.element): timer.due_at for timer in step.timers
    }
    assert fresh.ended() == step.ended
    assert _unpacked(codec.dump(fresh.workflow)) == _unpacked(step.state)


def _standing(instance: Instance) -> Any:
    return {
        key: (instance.element(task).id, instance.place(task), typed(instance.values(task)))
        for key, task in instance.open_tasks().items()
    }


def _unpacked(state: bytes) -> object:
    return [typed(from_bytes(line)) for line in codec.lines_of(state)]


def typed(value: object) -> object:
    """A value with the types of all its parts, for 1, true and 1.0 are not the same thing to FEEL."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return type(value).__name__, value
