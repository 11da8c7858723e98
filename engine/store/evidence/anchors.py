"""Anchors: one line a day in a text file outside the database, to be copied or printed where nobody here can reach it.

A line is `2026-10-08 1234 9f86d0…0f00a08 5678`: day, block, its digest, how many cases the chain holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_LINE = re.compile(r"(\d{4}-\d\d-\d\d) ([1-9]\d*) ([0-9a-f]{64}) (\d+)")


@dataclass(frozen=True)
class Anchor:
    """What a line says."""

    day: date
    block: int
    digest: bytes
    cases: int

    def __str__(self) -> str:
        """The line."""
        return f"{self.day.isoformat()} {self.block} {self.digest.hex()} {self.cases}"


def write_anchor(path: Path, anchor: Anchor) -> bool:
    """Append the day's line, on the disk when this returns; False when the file already has one of that day or later.

    Raises OSError when the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _drop_torn_end(path)
    written = [each for _, each in read_anchors(path) if each is not None] if path.exists() else []
    if written and written[-1].day >= anchor.day:
        return False
    with path.open("a", encoding="ascii", newline="\n") as file:
        file.write(f"{anchor}\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def read_anchors(path: Path) -> Iterator[tuple[int, Anchor | None]]:
    """The lines with their numbers, from 1; None for a line that is no anchor. Raises OSError."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            yield number, _read(line.rstrip("\n"))


def _read(line: str) -> Anchor | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return Anchor(day, int(found[2]), bytes.fromhex(found[3]), int(found[4]))


def _drop_torn_end(path: Path) -> None:
    """A line that a power cut left without its end was never an anchor."""
    if path.exists() and (whole := path.read_bytes()) and not whole.endswith(b"\n"):
        with path.open("rb+") as file:
            file.truncate(whole.rfind(b"\n") + 1)
