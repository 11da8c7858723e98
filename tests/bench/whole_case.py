"""A whole case in eleven requests, as the peer was measured: what it costs in processor time, what it leaves behind."""

from __future__ import annotations

import re
from uuid import uuid4

from sqlalchemy import Engine, text

from tests.bench.processor import spending
from tests.bench.sampling import at_most, median, progress, tell
from tests.bench.site import REVIEWERS, Visitor, examining, raising, reviewing
from tests.bench.stage import Stage, dealt
from tests.bench.wire import Answer, Request, Wire

_CASES = 40
_TIMES = 3
_FINISHED = 400
_SIZES = text(
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


def measure_cost(stage: Stage) -> None:
    """Tell the processor time of server and database for one case: a form, its raising, 5 inboxes, 4 submits."""
    _cost(stage)
    costs = [_cost(stage) for _ in range(_TIMES)]
    progress(f"whole case, ms of CPU: {[round(cost, 1) for cost in costs]}")
    tell("whole case of 11 requests, CPU of server and database", median(costs), "ms", at_most(25))


def measure_bytes(stage: Stage) -> None:
    """Tell what one more finished case adds to the database, indexes included, after VACUUM.

    As many cases have been finished before: what open work leaves behind is used again, as in a database that has run
    for a day.
    """
    engine = stage.site.inst.db.writing
    _finish(stage, _FINISHED)
    before = _sizes(engine)
    _finish(stage, _FINISHED)
    grown = {name: (size - before[name]) / _FINISHED for name, size in _sizes(engine).items()}
    by_table = {name: round(size) for name, size in sorted(grown.items(), key=lambda each: -each[1]) if size >= 1}
    tell("bytes in the database per finished case", sum(grown.values()), "bytes", at_most(8192), by_table=by_table)


def _cost(stage: Stage) -> float:
    """Milliseconds of processor time a case; one after the other, so many that the window is long enough."""
    with spending([*stage.server.pids, stage.database_pid]) as spent:
        wire = Wire(stage.server.port)
        for _ in range(_CASES):
            _play(stage, wire)
        wire.close()
    return spent.ours / _CASES * 1000


def _play(stage: Stage, wire: Wire) -> None:
    """A case as people go about it: each opens the inbox and does what it offers there."""
    clerk, examiner, subject = stage.clerks[0], stage.examiners[0], f"开设门店 {uuid4().hex[:12]}"
    _accepted(wire, clerk.look("/cases/new/申请"))
    _accepted(wire, raising(clerk, subject))
    _accepted(wire, examining(examiner, _offered(wire, examiner, subject)))
    for reviewer in stage.reviewers.values():
        _accepted(wire, reviewing(reviewer, _offered(wire, reviewer, subject)))
    _accepted(wire, clerk.look("/"))


def _offered(wire: Wire, who: Visitor, subject: str) -> str:
    """The id of the task that this person's inbox shows for a matter."""
    page = _accepted(wire, who.look("/")).body.decode()
    found = re.search(rf'href="/tasks/([0-9a-f]{{32}})">{subject}<', page)
    if found is None:
        raise RuntimeError(f"the inbox does not show {subject}")
    return found[1]


def _accepted(wire: Wire, request: Request) -> Answer:
    answer = wire.ask(request)
    if answer.status not in (200, 302):
        raise RuntimeError(f"{request[:60]!r}: {answer.status}")
    return answer


def _finish(stage: Stage, count: int) -> None:
    """Cases from beginning to end; the database tidies up after each step, as its own autovacuum would in an hour."""
    cases = stage.raise_cases(count)
    tasks = stage.to_examine(cases).values()
    stage.vacuum()
    stage.drive(dealt([examining(stage.examiners[0], task) for task in tasks]), of="submit")
    stage.vacuum()
    reviews = [request for case in zip(*stage.reviews(cases), strict=True) for request in case]
    quarter = -(-len(cases) // 4) * len(REVIEWERS)
    stage.drive([reviews[first : first + quarter] for first in range(0, len(reviews), quarter)], of="review")
    stage.vacuum()


def _sizes(engine: Engine) -> dict[str, float]:
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        return {name: float(size) for name, size in connection.execute(_SIZES)}
