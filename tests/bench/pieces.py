"""The small pieces a step is made of: a condition, a decision table, a deadline."""

from __future__ import annotations

from datetime import datetime

from engine.feel import compile_expression
from engine.time import deadline
from tests.bench.sampling import microseconds, tell
from tests.kit.sites import the_pack


def measure() -> None:
    """Tell the microseconds of each."""
    pack = the_pack()
    condition = compile_expression('vetting = "forward"')
    values = {"vetting": "forward", "collecting": "forward", "township": "360428100", "number": None}
    tell("FEEL gateway condition", microseconds(lambda: condition.evaluate(values)), "µs", feel='vetting = "forward"')
    table = pack.program.decisions["responder"]
    tell("decision table", microseconds(lambda: table.decide({"size": "ordinary"})), "µs", table="responder")
    moment = datetime(2026, 9, 30, 15, 20, tzinfo=pack.calendar.zone)
    limit = pack.limits.get("respond", moment.date())
    tell(
        "deadline over a week of holidays",
        microseconds(lambda: deadline(limit, moment, pack.calendar)),
        "µs",
        limit="respond",
    )
