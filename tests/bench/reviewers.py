"""The three reviewers of one case press Send at the same moment: how long the slowest waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.bench.sampling import at_most, median, p95, progress, tell, timed
from tests.bench.site import examining
from tests.bench.stage import Stage, dealt
from tests.bench.wire import Request, Wire

_CASES = 120


def measure(stage: Stage) -> None:
    """Tell what the reviewers of one case wait for each other."""
    cases = stage.raise_cases(_CASES)
    tasks = stage.to_examine(cases).values()
    stage.drive(dealt([examining(stage.examiners[0], task) for task in tasks]))
    progress("three reviewers of one case at once")
    times = _at_once(stage.server.port, stage.reviews(cases))[3 * _CASES // 10 :]  # connections and plans are warm now
    tell("three reviewers of one case at once, p95", p95(times), "ms", at_most(40), median=round(median(times), 1))
    tell("three reviewers of one case at once, max", max(times), "ms", at_most(150))


def _at_once(port: int, reviews: list[list[Request]]) -> list[float]:
    """Milliseconds of every review; the reviewers wait for each other before each case."""
    ready = Barrier(len(reviews))

    def review(requests: list[Request]) -> list[float]:
        wire, times = Wire(port), []
        for request in requests:
            ready.wait(60)
            times.append(timed(lambda request=request: _accepted(wire, request)))  # type: ignore[misc]
        wire.close()
        return times

    with ThreadPoolExecutor(len(reviews)) as pool:
        told = list(pool.map(review, reviews))
    return [time for case in zip(*told, strict=True) for time in case]


def _accepted(wire: Wire, request: Request) -> None:
    answer = wire.ask(request)
    if answer.status != 302:
        raise RuntimeError(f"a review was refused: {answer.status}")
