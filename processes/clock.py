"""What happens by itself: BPMN timers fire, a warning is given, a task turns red. Each is a job, done once.

After downtime everything that fell due is done, each with the time at which it should have happened on record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.run import stands, tick
from engine.store.agenda import put_on
from engine.store.cases import take_up
from engine.store.keep import Act, Fact, Kept, note
from engine.store.tables import TaskRow
from engine.time import Teller
from processes.follow import move_on
from processes.installation import Installation
from processes.notices import write_notices
from processes.pack import Pack
from processes.supervision import is_watched


def tick_case(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards:
    """Job `tick`: let the case's timers fire that are due."""
    before, state = take_up(session, job.county, job.case, inst.hot)
    pack = inst.pack(session, job.county, before.digest)
    step = tick(pack.program, state, pack.world(now))
    if not step.moved:  # it came too early for what waits now (engine.store.agenda): no revision is written
        put_on(session, job.county, job.case, "tick", (timer.due_at for timer in step.timers))
        return lambda: inst.hot.put(before, step)
    moved = move_on(session, inst, pack, before, step, Act(now))
    if not moved.step.ended:
        put_on(session, job.county, job.case, "tick", (timer.due_at for timer in moved.step.timers))
    return moved.committed


def light_up(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `light`: warn of the next task of the case that is nearly due, or turn it red, and come again for the rest.

    One at a time, so that what happens by itself happens in order, whatever else of the case is due.
    """
    before, _ = take_up(session, job.county, job.case)
    coming = coming_lights(session, job.county, job.case)
    if coming and coming[0].at <= now:
        _tell(inst, session, before, light := coming.pop(0), now)
        if light.kind == "late" and is_watched(inst.current_pack(session, job.county), light.task.held_by):
            put_on(session, job.county, job.case, "supervise_case", [now])
    put_on(session, job.county, job.case, "light", (light.at for light in coming))


def pass_over(session: Session, job: Job, now: datetime) -> None:
    """Leave out, for good, the one light that this job could not give; the case's later ones come."""
    coming = coming_lights(session, job.county, job.case)
    if coming and coming[0].at <= now:
        _mark(coming.pop(0))
    put_on(session, job.county, job.case, "light", (light.at for light in coming))


def truly_due(inst: Installation, session: Session, job: Job) -> datetime | None:
    """When the next thing is that a case's job `tick` or `light` is for, if there is any: the job may come sooner."""
    if job.kind == "light":
        return min((light.at for light in coming_lights(session, job.county, job.case)), default=None)
    before, state = take_up(session, job.county, job.case)
    pack = inst.pack(session, job.county, before.digest)
    step = stands(pack.program, state, pack.world(job.due_at))
    return min((timer.due_at for timer in step.timers), default=None)


def coming_lights(session: Session, county: str, *cases: str) -> list[Light]:
    """What is still to be told of the open tasks of these cases, the earliest first."""
    waiting = (TaskRow.county == county, TaskRow.case_id.in_(cases), TaskRow.state == "open")
    tasks = session.scalars(select(TaskRow).where(*waiting, TaskRow.due_at.is_not(None)).order_by(TaskRow.id))
    return sorted((light for task in tasks for light in _lights(task)), key=lambda light: light.at)


class Light(NamedTuple):
    """That a task is nearly due (`warning`) or past its time (`late`), and since when."""

    at: datetime
    kind: str
    task: TaskRow


def _lights(task: TaskRow) -> Iterator[Light]:
    """What is still to be told of an open task."""
    due_at, warn_at = task.due_at, task.warn_at
    if due_at is not None and task.late_at is None:
        if warn_at is not None and warn_at < due_at and task.warned_at is None:
            yield Light(warn_at, "warning", task)
        yield Light(due_at, "late", task)


_FACTS = {"warning": "TaskNearlyDue", "late": "TaskTurnedRed"}


def _tell(inst: Installation, session: Session, before: Kept, light: Light, now: datetime) -> None:
    """Put it on record and tell the units that hold the task."""
    task = light.task
    facts = {"task": task.id, "step": task.step, "name": task.name, "fell_due_at": light.at.isoformat()}
    facts |= {"task_due_at": task.due_at.isoformat()} if task.due_at else {}
    note(session, before, Act(now, facts=(Fact(_FACTS[light.kind], facts),)))
    _notify_holders(session, inst.pack(session, before.county, before.digest), task, light.kind, now)
    _mark(light)


def _mark(light: Light) -> None:
    if light.kind == "late":
        light.task.late_at = light.at
    else:
        light.task.warned_at = light.at


def _notify_holders(session: Session, pack: Pack, task: TaskRow, kind: str, now: datetime) -> None:
    units = [group.unit for group in task.held_by]
    due = Teller(pack.calendar.local(now)).instant(pack.calendar.local(task.due_at)) if task.due_at else ""
    text = pack.word("notices", kind, "text", default="{step} {due}").format_map(
        defaultdict(str, step=task.name, due=due)
    )
    write_notices(session, task.county, task.case_id, kind, dict.fromkeys(units, text), at=now)
