"""Rounds of rework in one case: what the hundredth costs beside the second."""

from __future__ import annotations

from engine.run import State, complete, start
from engine.spiff.program import Program
from engine.step import Step
from tests.bench.pure import cpu_ms
from tests.bench.sampling import at_most, median, tell
from tests.kit.diagrams import a_diagram, a_program, after, boundary, call, each_of, exclusive, inside, parallel, user
from tests.kit.walks import a_world

_CASES = 15
_UNITS = [{"code": code} for code in "abc"]


def measure() -> None:
    """Tell the ratio, for a loop of two nodes and for a county's, hot and cold.

    Young cases and old ones take turns, so that a machine that grows slower for a second slows both.
    """
    for name, program in (("two nodes", _two_nodes()), ("departments at work", _departments())):
        for kind in ("hot", "cold"):
            old = [_Rounds(program, hot=kind == "hot", done=99) for _ in range(_CASES)]
            young = [_Rounds(program, hot=kind == "hot", done=1) for _ in range(_CASES)]
            times = [(one.round(), other.round()) for _ in range(2) for one, other in zip(young, old, strict=True)]
            second, hundredth = (median(each) for each in zip(*times, strict=True))
            tell(
                f"round 100 of rework against round 2, {name}, {kind}",
                hundredth / second,
                "×",
                at_most(1.5),
                second_ms=round(second, 3),
                bytes=len(old[0].step.state),
            )


class _Rounds:
    """A case that goes round and round."""

    def __init__(self, program: Program, *, hot: bool, done: int) -> None:
        self.program, self.hot, self.world = program, hot, a_world()
        self.step = start(program, "main", {"units": _UNITS}, self.world)
        self.open = {task.id: task.step for task in self.step.opened}
        for _ in range(done):
            self._go_round()

    def round(self) -> float:
        """What the next round takes, in milliseconds: every open task, until the first step opens again."""
        return cpu_ms(self._go_round)

    def _go_round(self) -> None:
        while True:
            task, name = next(iter(self.open.items()))
            self._take(complete(self.program, self._state, task, {"again": True}, "submit", self.world))
            if name == "check":
                return

    @property
    def _state(self) -> State:
        return self.step.live if self.hot else self.step.state

    def _take(self, step: Step) -> None:
        self.step = step
        len(step.state)
        self.open = {key: name for key, name in self.open.items() if key in step.open_ids}
        self.open |= {task.id: task.step for task in step.opened}


def _two_nodes() -> Program:
    diagram = a_diagram(
        "start -> check -> ok; ok -> check if again; ok -> done",
        user("check", outputs={"again": "again"}),
        exclusive("ok", "done"),
    )
    return a_program(diagram)


def _departments() -> Program:
    main = a_diagram(
        "start -> body -> check -> ok; ok -> body if again; ok -> done; late -> given_up",
        inside(
            "body",
            "begin -> split; split -> each -> join; split -> lead -> join; join -> sum_up -> over",
            *parallel("split", "join"),
            call("each", "one", ins={"unit": "unit.code"}, each=each_of("units", "unit")),
        ),
        boundary("late", "body", after("P30D")),
        user("check", outputs={"again": "again"}),
        exclusive("ok", "done"),
    )
    return a_program(main, a_diagram("start -> plan -> handle -> done", id="one"))
