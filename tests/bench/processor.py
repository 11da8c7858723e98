"""Processor time from /proc: of a process with all that it started, and of the whole machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Spent:
    """Seconds that passed, and seconds of processor time: ours (the watched processes), the driver's, anybody's."""

    wall: float = 0.0
    ours: float = 0.0
    driver: float = 0.0
    machine: float = 0.0

    @property
    def foreign(self) -> float:
        """The share of the machine that others took meanwhile."""
        whole = self.wall * (os.cpu_count() or 1)
        return max(0.0, self.machine - self.ours - self.driver) / whole if whole else 0.0


@contextmanager
def spending(roots: Iterable[int]) -> Iterator[Spent]:
    """Counts what these processes, with their descendants, spend meanwhile."""
    watched = list(roots)
    spent, before = Spent(), _moment(watched)
    yield spent
    spent.wall, spent.ours, spent.driver, spent.machine = (
        now - then for now, then in zip(_moment(watched), before, strict=True)
    )


def _moment(roots: list[int]) -> tuple[float, float, float, float]:
    ours = sum(_of_process(pid) for root in roots for pid in (root, *_descendants(root)))
    return time.perf_counter(), ours, time.process_time(), _of_machine()


def _of_process(pid: int) -> float:
    """User and system time, with that of children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICK


def _descendants(root: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in map(int, children):
        yield child
        yield from _descendants(child)


def _of_machine() -> float:
    """All processor time but idleness and waiting for disks."""
    user, nice, system, _idle, _waiting, *interrupts = map(
        int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9]
    )
    return (user + nice + system + sum(interrupts[:2])) / _TICK
