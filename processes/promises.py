"""What the service has promised about a running case, and what another version of its folder would break of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.migrate import Promised, deadlines
from engine.spiff.obstacles import Obstacle
from engine.step import Step
from engine.store.tables import CaseRow, TaskRow
from engine.time import Teller
from processes.pack import Pack
from processes.tables import MatterRow


def broken_promises(session: Session, case: CaseRow, step: Step, old: Pack, new: Pack) -> list[Obstacle]:
    """Forms, holders and deadlines of this case's tasks that the new version lacks or would change; in order.

    `step` is the moved case. What is open keeps its form, its holders and its deadline; what is done can still be read.
    """
    tasks = list(session.scalars(select(TaskRow).filter_by(county=case.county, case_id=case.id)))
    waiting = [task for task in tasks if task.state == "open"]
    matter = session.get_one(MatterRow, (case.county, case.id))
    found = [*_unreadable(tasks, new), *_nobody(session, case.county, waiting, new)]
    if matter.start not in new.starts:
        found.append(Obstacle("", matter.start, "已经发起，新版本里没有这一类事项"))
    if not found and waiting:
        found += _moved_deadlines(case, step, waiting, old, new)
    return sorted(set(found))


def _unreadable(tasks: list[TaskRow], new: Pack) -> Iterator[Obstacle]:
    drawn = {process.id: process for process in new.definition.processes}
    for task in tasks:
        stands = task.state in ("open", "optional")
        done = "正在办理" if stands else "已经办过"
        element = drawn[task.process].find(task.step) if task.process in drawn else None
        if element is None:
            yield Obstacle(task.step, task.name, f"{done}，新版本里没有了")
        elif task.form not in new.forms:
            yield Obstacle(task.step, task.name, f"{done}，新版本里没有它的表单")
        elif stands and element.attributes.get("formKey", element.id) != task.form:
            yield Obstacle(task.step, task.name, "正在办理，新版本给它换了表单")


def _nobody(session: Session, county: str, waiting: list[TaskRow], new: Pack) -> Iterator[Obstacle]:
    for task in waiting:
        if not any(group.post in new.posts and group.unit in new.units for group in task.held_by):
            yield Obstacle(task.step, task.name, "正在办理，办理它的岗位或单位在新版本里没有了")


def _moved_deadlines(case: CaseRow, step: Step, waiting: list[TaskRow], old: Pack, new: Pack) -> Iterator[Obstacle]:
    before = deadlines(old.program, case.state, {task.id: old.world(task.opened_at) for task in waiting})
    try:
        after = deadlines(new.program, step.state, {task.id: new.world(task.opened_at) for task in waiting})
    except Rejected as error:
        yield Obstacle("", "时限", f"在新版本里算不出来（{error.sentence}）")
        return
    for task in waiting:
        if before[task.id] != after[task.id]:
            yield Obstacle(task.step, task.name, f"正在办理，它的时限{_told(before, after, task, new)}")


def _told(before: Mapping[str, Promised], after: Mapping[str, Promised], task: TaskRow, pack: Pack) -> str:
    (due, _), (other, _) = before[task.id], after[task.id]
    if due == other:
        return "提醒会改动"
    teller = Teller(pack.calendar.local(task.opened_at))
    words = [teller.instant(pack.calendar.local(each)) if each else "不限时" for each in (due, other)]
    return f"会从 {words[0]} 变为 {words[1]}"
