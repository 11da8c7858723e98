"""Clocks: what it costs to say where one stands, with every line of its explanation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.time import Amount, Clock, Extended, Held, Paused, Resumed, Started, Transferred, reckon, stopwatch
from tests.bench.sampling import microseconds
from tests.kit.sites import the_pack

MARK = 100.0
"""Microseconds for a clock as most are: one that runs, or was paused once."""


def measure() -> None:
    """Tell the microseconds of clocks with more and more events, and of a stopwatch."""
    pack = the_pack()
    began = datetime(2026, 9, 30, 15, 20, tzinfo=pack.calendar.zone)
    for figure, clock, mark in _clocks(began):
        now = max(clock.stands.last, began + timedelta(days=9)) + timedelta(hours=1)
        _tell(figure, microseconds(lambda clock=clock, now=now: reckon(clock, pack.limits, pack.calendar, now)), mark)
    held, now = list(_held(began)), began + timedelta(days=12)
    _tell("stopwatch of 4 holders and 12 spans", microseconds(lambda: stopwatch(held, pack.calendar, now)), None)


def _clocks(began: datetime) -> Iterator[tuple[str, Clock, float | None]]:
    clock = Clock((Started(began, "水利局", "分哨", "respond"),))
    yield "reckon, running", clock, MARK
    morning = began.replace(month=10, day=8, hour=10)
    clock = clock.then(Paused(morning, "等待批复")).then(Resumed(morning + timedelta(hours=29)))
    yield "reckon, paused once", clock, MARK
    clock = clock.then(Transferred(morning + timedelta(days=2), "水利局", "住建局"))
    clock = clock.then(Extended(morning + timedelta(days=2), Amount.read("2 working days"), "县吹哨办", "第十二条"))
    yield "reckon, paused, transferred, extended", clock, None
    for day in range(3, 23):
        clock = clock.then(Paused(morning + timedelta(days=day), "等待批复"))
        clock = clock.then(Resumed(morning + timedelta(days=day, hours=1)))
    yield "reckon, 44 events", clock, None


def _held(began: datetime) -> Iterator[Held]:
    for number in range(12):
        begins = began + timedelta(hours=13 * number)
        yield Held(f"单位{number % 4}", begins, begins + timedelta(hours=20), waits=number % 5 == 4)


def _tell(figure: str, value: float, mark: float | None) -> None:
    line = {"figure": figure, "value": round(value, 1), "unit": "µs", "mark": mark}
    print(json.dumps({**line, "ok": mark is None or value <= mark}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    measure()
