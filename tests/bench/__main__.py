"""`python -m tests.bench`: JSON lines, about a minute; the last line says which marks are met."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench import completion, cost, pieces, submits

COLD_MARK = 2.0
"""A cold completion must take at most half as long as the library's own load, complete and save."""


def main() -> None:
    """Measure everything, on new sites in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("completion", "cost", "submits"):
            (root / name).mkdir()
        cold = completion.measure(root / "completion")
        pieces.measure()
        cost.measure(root / "cost")
        submits.measure(root / "submits")
    mark = {"mark": f"cold completion at least {COLD_MARK:g} times faster than the library", "value": round(cold, 1)}
    print(json.dumps({"marks": [{**mark, "met": cold >= COLD_MARK}]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
