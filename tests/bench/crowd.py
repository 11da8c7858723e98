"""With many open cases: the inbox of a person who may do ten thousand of them, and looking for timers that are due."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.jobs import claim
from engine.store.tables import TaskRow
from engine.store.tables_jobs import JobRow
from tests.bench.sampling import Mark, at_most, median, p95, progress, tell, timed
from tests.bench.seeding import copy_case
from tests.bench.site import now
from tests.bench.stage import Stage

_MINE = 10_000
_ALL = 1_000_000
_SAMPLES = 60


def measure(stage: Stage, *, inbox: bool, timers: bool) -> None:
    """Tell both, as far as they are wanted, at 10,000 open cases (all in one inbox) and at 1,000,000."""
    model = stage.raise_cases(1)[0]
    _copy(stage, model, _MINE, desks=1)
    if inbox:
        _tell_inbox(stage, at_most(8))
    if timers:
        _tell_timers(stage, at_most(5))
    _copy(stage, model, _ALL - _MINE, desks=_ALL // _MINE - 1)
    if inbox:
        _tell_inbox(stage, at_most(10))
    if timers:
        _tell_timers(stage, at_most(10))


def _copy(stage: Stage, model: str, count: int, *, desks: int) -> None:
    took = timed(lambda: copy_case(stage.site, model, count, desks=desks))
    progress(f"{count:,} open cases copied in {took / 1000:.0f} s")


def _tell_inbox(stage: Stage, mark: Mark) -> None:
    with stage.site.inst.db.read() as session:
        tasks = session.scalar(select(func.count()).select_from(TaskRow).where(TaskRow.state == "open")) or 0
    look = [stage.examiners[0].look("/")] * _SAMPLES
    stage.drive([look])
    driven, _ = stage.drive([look], of=f"inbox, {tasks:,} open tasks")
    rows = driven.answers[0][0].body.count(b"data-row>")
    more = {"p95": round(p95(driven.times), 1), "rows": rows}
    tell(f"inbox page, {round(tasks, -4):,} open tasks, median", median(driven.times), "ms", mark, **more)


def _tell_timers(stage: Stage, mark: Mark) -> None:
    db = stage.site.inst.db
    with db.read() as session:
        waiting = session.scalar(select(func.count()).select_from(JobRow).where(JobRow.kind == "tick")) or 0
    assert claim(db, now(), most=50) == []
    times = [timed(lambda: claim(db, now(), most=50)) for _ in range(_SAMPLES)]
    tell(
        f"looking for due timers, {round(waiting, -4):,} waiting, none due",
        median(times),
        "ms",
        mark,
        p95=round(p95(times), 1),
    )
