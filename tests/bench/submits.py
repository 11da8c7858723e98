"""Form submits over HTTP beside a bare skeleton that writes the same rows, rounds interleaved: rate, latency, share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import skeleton
from tests.bench.processor import spending
from tests.bench.sampling import at_least, at_most, median, p95, tell
from tests.bench.served import Server, gunicorn
from tests.bench.site import examining
from tests.bench.stage import CLIENTS, Stage, dealt
from tests.bench.wire import drive, post
from tests.kit.postgres import a_database

ROUNDS = 5
SUPPOSED = 700
"""Requests a second of a bare skeleton on the machine for which the marks of the submits were set."""
_EACH = 60  # submits of each client in a round
_ALONE = 60  # submits of one client in a round


@dataclass
class Rounds:
    """What the rounds brought: submits a second and ms of CPU each, ours and the skeleton's; ms of one client alone."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    bare_costs: list[float] = field(default_factory=list)
    driver: list[float] = field(default_factory=list)


def measure(stage: Stage, root: Path, postgres: str) -> None:
    """Tell the rate of four clients, the latency of one, and our share of the skeleton's rate."""
    rounds = Rounds()
    with _skeleton(stage, root, postgres, (ROUNDS + 1) * CLIENTS * _EACH) as bare:
        _round(stage, bare, 0, Rounds())
        for number in range(1, ROUNDS + 1):
            stage.vacuum()
            _round(stage, bare, number, rounds)
    rate = median(rounds.ours)
    share = median([ours / floor for ours, floor in zip(rounds.ours, rounds.bare, strict=True)])
    spread = {"rounds": [round(each) for each in rounds.ours], "driver_share": round(median(rounds.driver), 3)}
    tell("form submits, 4 clients", rate, "1/s", at_least(350), **spread)
    tell("form submit, 1 client, median", median(rounds.alone), "ms", at_most(5))
    tell("form submit, 1 client, p95", p95(rounds.alone), "ms", at_most(8))
    tell(
        "skeleton writing the same rows, 4 clients",
        median(rounds.bare),
        "1/s",
        rounds=[round(each) for each in rounds.bare],
    )
    tell("share of the skeleton's rate", share * 100, "%", at_least(50))
    tell(
        "speed of this machine, by the skeleton, against the one the marks suppose",
        median(rounds.bare) / SUPPOSED,
        "×",
        submits_there=round(share * SUPPOSED),
    )
    tell(
        "CPU of a form submit, server and database",
        median(rounds.costs),
        "ms",
        skeleton=round(median(rounds.bare_costs), 2),
    )


def _round(stage: Stage, bare: Server, number: int, rounds: Rounds) -> None:
    cases = stage.raise_cases(CLIENTS * _EACH + _ALONE)
    tasks = list(stage.to_examine(cases).values())
    first = number * CLIENTS * _EACH
    numbers = range(first, first + CLIENTS * _EACH)
    fields = [("parcel", "999901-0417"), ("amount", "1200"), ("findings", "现场查看，资料齐全。" * 8)]
    with spending([bare.pids[0], stage.database_pid]) as spent:
        driven = drive(bare.port, dealt([post(f"/{case}", fields) for case in numbers]), anew=True)
    rounds.bare.append(driven.rate)
    rounds.bare_costs.append(spent.ours / len(driven.times) * 1000)
    together = [
        [examining(examiner, task) for task in dealt_tasks]
        for examiner, dealt_tasks in zip(stage.examiners, dealt(tasks[_ALONE:]), strict=True)
    ]
    driven, spent = stage.drive(together, of="submit, 4 clients", anew=True)
    rounds.ours.append(driven.rate)
    rounds.costs.append(spent.ours / len(driven.times) * 1000)
    rounds.driver.append(spent.driver / spent.wall)
    alone, _ = stage.drive([[examining(stage.examiners[0], task) for task in tasks[:_ALONE]]], of="submit, 1 client")
    rounds.alone += alone.times


@contextmanager
def _skeleton(stage: Stage, root: Path, postgres: str, cases: int) -> Iterator[Server]:
    """The skeleton, served like us, on a database of its own."""
    case = stage.raise_cases(1)[0]
    before = skeleton.rows_of(stage.site, case)
    stage.drive([[examining(stage.examiners[0], stage.to_examine([case])[case])]])
    written = skeleton.seen(before, skeleton.rows_of(stage.site, case))
    rows = root / "rows"
    with a_database(postgres) as url:
        skeleton.prepare(rows, url, written, cases)
        environment = {"SKELETON_DATABASE": url, "SKELETON_ROWS": str(rows)}
        with gunicorn("tests.bench.skeleton:build()", environment) as server:
            yield server
