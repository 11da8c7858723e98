"""`python -m tests.bench [figure,…]`: JSON lines on stdout, progress on stderr; six minutes for everything."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import clocks, completion, cost, crowd, pieces, reviewers, rounds, submits, units, whole_case
from tests.bench.sampling import progress
from tests.bench.stage import a_stage
from tests.kit.postgres import a_server_of_our_own

OVER_HTTP = ("submit", "reviewers", "case", "bytes", "inbox", "timers")
FIGURES = ("engine", "rounds", "units", "pieces", "clocks", "statements", *OVER_HTTP)


def main() -> None:
    """Measure what was asked for, on new sites in a folder that is removed afterwards."""
    asked = [name for each in sys.argv[1:] for name in each.split(",") if name] or list(FIGURES)
    unknown = set(asked) - set(FIGURES)
    if unknown:
        sys.exit(f"no figures {', '.join(sorted(unknown))}; there are: {', '.join(FIGURES)}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if "engine" in asked:
            _measure("engine", partial(completion.measure, _room(root, "completion")))
        alone = {"rounds": rounds.measure, "units": units.measure, "pieces": pieces.measure, "clocks": clocks.measure}
        for name, measure in alone.items():
            if name in asked:
                _measure(name, measure)
        if {"statements", *OVER_HTTP} & set(asked):
            with a_server_of_our_own() as server:
                _measure_on_database(asked, root, server.url)


def _measure_on_database(asked: list[str], root: Path, postgres: str) -> None:
    if "statements" in asked:
        _measure("statements", partial(cost.measure, root, postgres))
    if not set(OVER_HTTP) & set(asked):
        return
    with a_stage(_room(root, "stage"), postgres) as stage:
        measures = {
            "case": partial(whole_case.measure_cost, stage),  # first: its people find each matter in their inbox
            "submit": partial(submits.measure, stage, root, postgres),
            "reviewers": partial(reviewers.measure, stage),
            "bytes": partial(whole_case.measure_bytes, stage),
        }
        for name, measure in measures.items():
            if name in asked:
                _measure(name, measure)
        if {"inbox", "timers"} & set(asked):
            _measure("crowd", partial(crowd.measure, stage, inbox="inbox" in asked, timers="timers" in asked))


def _measure(name: str, measure: Callable[[], object]) -> None:
    progress(f"measuring: {name}")
    measure()


def _room(root: Path, name: str) -> Path:
    room = root / name
    room.mkdir()
    return room


if __name__ == "__main__":
    main()
