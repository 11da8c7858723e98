"""A hundred and sixty units responding to one case at the same time: its start, and one of them completing a step."""

from __future__ import annotations

from functools import partial

from engine.run import complete, start
from engine.spiff.program import Program
from engine.step import Step
from tests.bench.pure import cpu_ms
from tests.bench.sampling import at_most, median, tell
from tests.kit.diagrams import a_diagram, a_program, after, boundary, call, each_of, inside, service, user
from tests.kit.walks import a_world

_UNITS = 160
_SAMPLES = 15
_DUTY = "配合做好现场处置和群众工作，按时报送进展"


class _Responding:
    """One case. Each completion is by a unit that has not done anything yet."""

    def __init__(self, program: Program) -> None:
        self.program, self.world = program, a_world()
        self.step = self._started()
        self.tasks = iter([task.id for task in self.step.opened])

    def start(self) -> int:
        """Start a case like it, down to its bytes."""
        return len(self._started().state)

    def complete(self, *, hot: bool) -> int:
        """One unit's step, down to its bytes."""
        state = self.step.live if hot else self.step.state
        self.step = complete(self.program, state, next(self.tasks), {}, "submit", self.world)
        return len(self.step.state)

    def _started(self) -> Step:
        units = [{"unit": f"unit_{number}", "role": "assist", "duty": _DUTY} for number in range(_UNITS)]
        return start(self.program, "main", {"units": units, "lead": "unit_0"}, self.world)


def measure() -> None:
    """Tell the times."""
    case = _Responding(_program())
    starts = [cpu_ms(case.start) for _ in range(9)]
    tell(f"start with {_UNITS} units", median(starts), "ms", at_most(400), bytes=len(case.step.state))
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * _SAMPLES):
        hot = number % 2 == 0
        times[hot].append(cpu_ms(partial(case.complete, hot=hot)))
    for hot, samples in times.items():
        tell(f"one completion among {_UNITS} units, {'hot' if hot else 'cold'}", median(samples), "ms", at_most(20))


def _program() -> Program:
    main = a_diagram(
        "start -> respond -> audit -> done; late -> told -> done",
        inside(
            "respond",
            "begin -> each -> sum_up -> over",
            call(
                "each",
                "one",
                ins={"unit": "item.unit", "role": "item.role", "lead": "lead"},
                outs={"last": "last"},
                each=each_of("units", "item"),
            ),
        ),
        boundary("late", "respond", after("P30D"), interrupting=False),
    )
    steps = (
        user(name, groups="clerk@{unit}", due="respond", warn="soon", outputs={"last": "outcome"})
        for name in ("accept", "plan", "handle", "result")
    )
    one = a_diagram(
        "start -> accept -> plan -> handle -> result -> done; slow -> prod -> prodded",
        *steps,
        boundary("slow", "accept", after("P2D"), interrupting=False),
        service("prod", "notify", who="unit"),
        id="one",
    )
    return a_program(main, one)
