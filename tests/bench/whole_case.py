"""A whole case in eleven requests, as the peer was measured: what it costs in processor time, what it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, text

from tests.bench.sampling import at_most, median, progress, tell
from tests.bench.site import REVIEWERS, Visitor, examining, raising
from tests.bench.stage import Stage, dealt
from tests.bench.wire import Answer, Request

_CASES = 40
_TIMES = 3
_FINISHED = 400
_SIZES = text(
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


def measure_cost(stage: Stage) -> None:
    """Tell the processor time of server and database for one case: a form, its raising, 5 inboxes, 4 submits."""
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
    """Milliseconds of processor time a case; the cases go step by step together, so that a window is long enough."""
    clerk, examiner = stage.clerks[0], stage.examiners[0]
    spent, answers = _window(
        stage, [each for _ in range(_CASES) for each in (clerk.look("/cases/new/申请"), raising(clerk))]
    )
    cases = [answer.header("Location")[0].rpartition("/")[2] for answer in answers[1::2]]
    tasks = stage.to_examine(cases).values()
    spent += _window(stage, _looking_first(examiner, [examining(examiner, task) for task in tasks]))[0]
    for unit, acts in zip(REVIEWERS, stage.reviews(cases), strict=True):
        spent += _window(stage, _looking_first(stage.reviewers[unit], acts))[0]
    spent += _window(stage, [clerk.look("/")] * _CASES)[0]
    return spent / _CASES * 1000


def _looking_first(who: Visitor, acts: Sequence[Request]) -> list[Request]:
    """Each act after a look into the inbox."""
    return [each for act in acts for each in (who.look("/"), act)]


def _window(stage: Stage, requests: list[Request]) -> tuple[float, list[Answer]]:
    """Seconds of processor time that one client's requests cost, and the answers."""
    driven, spent = stage.drive([requests])
    return spent.ours, driven.answers[0]


def _finish(stage: Stage, count: int) -> None:
    cases = stage.raise_cases(count)
    tasks = stage.to_examine(cases).values()
    stage.drive(dealt([examining(stage.examiners[0], task) for task in tasks]), of="submit")
    reviews = [request for case in zip(*stage.reviews(cases), strict=True) for request in case]
    quarter = -(-len(cases) // 4) * len(REVIEWERS)
    stage.drive([reviews[first : first + quarter] for first in range(0, len(reviews), quarter)], of="review")


def _sizes(engine: Engine) -> dict[str, float]:
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        return {name: float(size) for name, size in connection.execute(_SIZES)}
