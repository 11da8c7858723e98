"""What happens by itself: BPMN timers fire, a warning is given, a task turns red. Each is a job, done once.

After downtime everything that fell due is done, each with the time at which it should have happened on record.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from engine.jobs import Afterwards, Job
from engine.run import tick
from engine.store.cases import take_up
from engine.store.keep import Act, Fact, note
from engine.store.tables import TaskRow
from engine.time import Teller
from processes.follow import move_on
from processes.installation import Installation
from processes.notices import write_notices
from processes.pack import Pack


def tick_case(inst: Installation, session: Session, job: Job, now: datetime) -> Afterwards:
    """Job `tick`: let the case's timers fire that are due."""
    before, state = take_up(session, job.county, job.case, inst.hot)
    pack = inst.pack(session, job.county, before.digest)
    step = tick(pack.program, state, pack.world(now))
    return move_on(session, inst, pack, before, step, Act(now)).committed


def warn(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `warn`: tell those who hold a task that it will soon be due."""
    _tell(inst, session, job, now, "TaskNearlyDue", "warning")


def turn_red(inst: Installation, session: Session, job: Job, now: datetime) -> None:
    """Job `late`: put it on record that a task is past its time, and tell those who hold it."""
    task = _tell(inst, session, job, now, "TaskTurnedRed", "late")
    if task is not None:
        task.late_at = task.due_at


def _tell(inst: Installation, session: Session, job: Job, now: datetime, fact: str, kind: str) -> TaskRow | None:
    """Put it on record and tell the units that hold the task; a task closed meanwhile needs nothing."""
    before, _ = take_up(session, job.county, job.case)
    task = session.get_one(TaskRow, (job.county, job.task_id))
    if task.state != "open":
        return None
    pack = inst.pack(session, job.county, before.digest)
    fell_due = task.due_at if kind == "late" else task.warn_at  # the job's own time moves on when it is tried again
    facts = {"task": task.id, "step": task.step, "name": task.name}
    facts |= {"fell_due_at": fell_due.isoformat()} if fell_due else {}
    facts |= {"task_due_at": task.due_at.isoformat()} if task.due_at else {}
    note(session, before, Act(now, facts=(Fact(fact, facts),)))
    _notify_holders(session, pack, task, kind, now)
    return task


def _notify_holders(session: Session, pack: Pack, task: TaskRow, kind: str, now: datetime) -> None:
    units = [group.unit for group in task.held_by]
    due = Teller(pack.calendar.local(now)).instant(pack.calendar.local(task.due_at)) if task.due_at else ""
    text = pack.word("notices", kind, "text", default="{step} {due}").format_map(
        defaultdict(str, step=task.name, due=due)
    )
    write_notices(session, task.county, task.case_id, kind, dict.fromkeys(units, text), at=now)
