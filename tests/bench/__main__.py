"""`python -m tests.bench`: JSON lines, about a minute; the last line says which marks are met."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench import completion, cost, pieces, rounds, submits, units

COLD_MARK = 2.0
"""A cold completion must take at most half as long as the library's own load, complete and save."""

STATEMENTS_MARK = 20
"""A submit sends at most so many statements, from the request's first to its last."""


def main() -> None:
    """Measure everything, on new sites in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("completion", "cost", "submits"):
            (root / name).mkdir()
        cold = completion.measure(root / "completion")
        pieces.measure()
        rounds.measure()
        units.measure()
        statements = cost.measure(root / "cost")
        submits.measure(root / "submits")
    faster = {"mark": f"cold completion at least {COLD_MARK:g} times faster than the library", "value": round(cold, 1)}
    fewer = {"mark": f"at most {STATEMENTS_MARK} SQL statements in a submit without files", "value": statements}
    marks = [{**faster, "met": cold >= COLD_MARK}, {**fewer, "met": statements <= STATEMENTS_MARK}]
    print(json.dumps({"marks": marks}, ensure_ascii=False))


if __name__ == "__main__":
    main()
