"""Who used how much of a matter's time: each unit that held a step, and the waits for somebody outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.store.tables import TaskRow
from engine.time import Clock, Held, Spent, holdings, stopwatch
from engine.time.unheld import unheld
from processes.pack import Pack
from processes.queries.cases import WholeCase

_OUTSIDE = "外部"
"""A holder of waits alone; its lines read 外部等待 9月1日…"""
_SEEN = timedelta(minutes=1)
_NOTHING = Spent(timedelta(), timedelta())


@dataclass(frozen=True)
class Share:
    """What one holder used; `has_it` when it holds a step now."""

    holder: str
    role: str
    spent: Spent
    has_it: bool


@dataclass(frozen=True)
class TimeUsed:
    """The shares in the order the holders came; `outside` is what the matter waited while nobody could go on.

    `together` counts the time of holders side by side once. The explanation has a line for each span.
    """

    shares: Sequence[Share]
    outside: Spent
    together: Spent
    explanation: Sequence[str]


def time_used(case: WholeCase, pack: Pack, now: datetime) -> TimeUsed:
    """The stopwatch of a matter up to `now`, or to its end."""
    until = min(case.case.ended_at or now, now)
    tasks = [task for task in case.tasks if task.was_held]
    holders = {task.id: _holder(task, pack) for task in tasks}
    held = [Held(holders[task.id], task.opened_at, task.closed_at) for task in tasks]
    waits = [wait for task in tasks for wait in _waits(task, holders[task.id])]
    nobody = [Held(_OUTSIDE, gap.begins, gap.ends, waits=True) for gap in unheld(held, case.case.started_at, until)]
    outside = [Held(_OUTSIDE, wait.begins, wait.ends, waits=True) for wait in waits] + nobody
    watch = stopwatch([*held, *waits, *outside], pack.calendar, until)
    has_it = {holders[task.id] for task in case.open_tasks}
    roles = {holders[task.id]: role for task in tasks if (role := role_of(task, pack))}
    return TimeUsed(
        [Share(holder, roles.get(holder, ""), spent, holder in has_it) for holder, spent in watch.held.items()],
        watch.waited.get(_OUTSIDE, _NOTHING),
        watch.together,
        watch.explanation,
    )


def role_of(task: TaskRow, pack: Pack) -> str:
    """Lead or assistant, in the county's word; nothing for who holds a step that is not one of several."""
    role = str(task.process_values.get("role") or "") if task.branch else ""
    return pack.word("roles", role) if role else ""


def _holder(task: TaskRow, pack: Pack) -> str:
    return "、".join(dict.fromkeys(pack.unit_name(group.unit) for group in task.held_by))


def _waits(task: TaskRow, holder: str) -> Iterator[Held]:
    """When the clock of a task was paused while the task was there; less than a minute is no wait."""
    for each in holdings(Clock.read(task.clock)) if task.clock else ():
        begins = max(each.begins, task.opened_at)
        ends = min((end for end in (each.ends, task.closed_at) if end), default=None)
        if each.waits and (ends is None or ends - begins >= _SEEN):
            yield Held(holder, begins, ends, waits=True)
