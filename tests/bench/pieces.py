"""The small pieces a step is made of: conditions, decision tables, a deadline, and expressions made to do harm."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from engine.dmn import read_decisions
from engine.feel import FeelError, compile_expression
from engine.time import deadline
from tests.bench.sampling import at_most, microseconds, tell
from tests.engine.dmn.models import model, table
from tests.engine.feel.bombs import TOO_MUCH, VALUES
from tests.kit.sites import the_pack

CONDITIONS = ('vetting = "forward"', 'amount > 1000 and unit in ("housing", "water")')
TABLE = model(
    table(
        '"high" | - | true => "mayor"',
        '"low" | >= 1000 | true => "chief"',
        '"low" | < 1000 | true => "clerk"',
        '- | - | false => "nobody"',
        inputs=("level", "amount", "open"),
    )
)


def measure() -> None:
    """Tell the microseconds of each piece, and the milliseconds of the worst expression."""
    _measure_feel()
    pack = the_pack()
    responder = pack.program.decisions["responder"]
    tell("the county's table", _quickest(lambda: responder.decide({"size": "ordinary"})), "µs", table="responder")
    moment = datetime(2026, 9, 30, 15, 20, tzinfo=pack.calendar.zone)
    limit = pack.limits.get("respond", moment.date())
    deadline_of = _quickest(lambda: deadline(limit, moment, pack.calendar))
    tell("deadline over a week of holidays", deadline_of, "µs", limit="respond")


def _measure_feel() -> None:
    values = {"vetting": "forward", "amount": 1200, "unit": "housing", "township": "360428100", "number": None}
    for text in CONDITIONS:
        condition = compile_expression(text)
        spent = _quickest(lambda condition=condition: condition.evaluate(values))
        tell("FEEL gateway condition", spent, "µs", at_most(3), feel=text)
    route = read_decisions(TABLE)["route"]
    given = {"level": "low", "amount": 500, "open": True}
    tell("decision table, 4 rules × 3 inputs", _quickest(lambda: route.decide(given)), "µs", at_most(60))
    worst = max(TOO_MUCH, key=_explode)
    spent = _explode(worst)
    tell(f"the slowest of {len(TOO_MUCH)} bombs, CPU", spent, "ms", at_most(1000), bomb=worst)


def _quickest(act: Callable[[], object]) -> float:
    """Many short rounds, so that some fall between whatever else the machine does."""
    return min(microseconds(act, seconds=0.02) for _ in range(25))


def _explode(bomb: str) -> float:
    began = time.process_time()
    with suppress(FeelError):
        compile_expression(TOO_MUCH[bomb]).evaluate(VALUES, functions={"plus": lambda value: value})
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    measure()
