"""The open tasks of a story's case and their lights: which are near their deadline or over it, and when one will be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from engine.step import OpenTask

NEAR, OVER = "即将到期", "超期，亮红灯"


class Lights:
    """What is open, since when, and which lights were told already."""

    def __init__(self) -> None:
        """Nothing is open."""
        self.open: dict[str, tuple[OpenTask, datetime]] = {}
        self._late: set[str] = set()
        self._told: set[tuple[str, str]] = set()

    def opens(self, task: OpenTask, now: datetime) -> None:
        """A task is open from now on."""
        self.open[task.id] = (task, now)

    def closes(self, id: str) -> None:
        """A task is no longer open."""
        self.open.pop(id, None)
        self._late.discard(id)

    def due(self) -> Iterator[datetime]:
        """When lights change."""
        return (moment for moment, _, _ in self._changes())

    def change(self, now: datetime) -> Iterator[tuple[OpenTask, str]]:
        """The tasks whose light changes by now, each with its new light in words."""
        for moment, task, light in list(self._changes()):
            if moment <= now:
                self._told.add((task.id, light))
                if light == OVER:
                    self._late.add(task.id)
                yield task, light

    def open_names(self) -> list[str]:
        """The open steps, without those that nobody need do, as a story names them: within a branch step@unit."""
        return self._named(key for key, (task, _) in self.open.items() if not task.is_optional)

    def open_steps(self) -> list[str]:
        """The open steps by their ids alone."""
        return sorted(task.step for task, _ in self.open.values() if not task.is_optional)

    def late_names(self) -> list[str]:
        """Those that are over their deadline."""
        return self._named(self._late)

    def _changes(self) -> Iterator[tuple[datetime, OpenTask, str]]:
        for task, opened in self.open.values():
            for deadline, light in ((task.warn, NEAR), (task.due, OVER)):
                if deadline and (task.id, light) not in self._told and (light != NEAR or deadline.at > opened):
                    yield deadline.at, task, light

    def _named(self, ids: Iterable[str]) -> list[str]:
        tasks = [self.open[each][0] for each in ids]
        return sorted(f"{task.step}@{task.groups[0].unit}" if task.branch else task.step for task in tasks)
