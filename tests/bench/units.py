"""A hundred and sixty units responding to one case at the same time: its start, and one of them completing a step."""

from __future__ import annotations

import time

from engine.run import Step, complete, start
from engine.spiff.program import Program
from tests.bench.sampling import at_most, median, tell, timed
from tests.kit.diagrams import a_diagram, a_program, after, boundary, call, each_of, inside, service, user
from tests.kit.walks import a_world

_UNITS = 160
_SAMPLES = 15
_DUTY = "配合做好现场处置和群众工作，按时报送进展"


def measure() -> None:
    """Tell the times; each completion is of another unit, and cold and hot of the same."""
    program, world = _responding(), a_world()
    units = [{"unit": f"unit_{number}", "role": "assist", "duty": _DUTY} for number in range(_UNITS)]

    def begun() -> Step:
        step = start(program, "main", {"units": units, "lead": "unit_0"}, world)
        return _written(step)

    step = begun()
    size = len(step.state)
    tell(f"start with {_UNITS} units", median([timed(begun) for _ in range(7)]), "ms", at_most(400), bytes=size)
    times: dict[str, list[float]] = {"hot": [], "cold": []}
    for task in [task.id for task in step.opened][:_SAMPLES]:
        ways = {"cold": step.state, "hot": step.live}
        for kind, state in ways.items():
            began = time.perf_counter()
            step = _written(complete(program, state, task, {}, "submit", world))
            times[kind].append((time.perf_counter() - began) * 1000)
    for kind, samples in times.items():
        tell(f"one completion among {_UNITS} units, {kind}", median(samples), "ms", at_most(20))


def _written(step: Step) -> Step:
    """The step, its state in bytes too."""
    return step if step.state else step


def _responding() -> Program:
    main = a_diagram(
        "start -> respond -> audit -> done; late -> told -> done",
        inside(
            "respond",
            "begin -> each -> sum_up -> over",
            call("each", "one", ins=_INS, outs={"last": "last"}, each=each_of("units", "item")),
        ),
        boundary("late", "respond", after("P30D"), interrupting=False),
    )
    one = a_diagram(
        "start -> accept -> plan -> handle -> result -> done; slow -> prod -> prodded",
        *(
            user(name, groups="clerk@{unit}", due="respond", warn="soon", outputs={"last": "outcome"})
            for name in ("accept", "plan", "handle", "result")
        ),
        boundary("slow", "accept", after("P2D"), interrupting=False),
        service("prod", "notify", who="unit"),
        id="one",
    )
    return a_program(main, one)


_INS = {"unit": "item.unit", "role": "item.role", "lead": "lead"}
