"""What any task can have done to it: claim, release, save a draft, complete. One command, one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import complete as complete_task
from engine.step import OpenTask
from engine.store.cases import standing
from engine.store.keep import Act, Fact, note
from engine.store.rows import add_rows
from engine.store.tables import CaseRow, TaskGroupRow, TaskRow
from engine.time import Teller
from processes.asks import form_world, papers_for
from processes.follow import Moved, PutOff, move_on, settle
from processes.forms import Cleaned, FieldError, clean, facts_of
from processes.forms.posted import MultiDict, Posted
from processes.installation import Installation
from processes.pack import Pack
from processes.people import MAY_DO, Me, NotYours, doing, names
from processes.tables import AnswerRow, DraftRow, MatterRow, PaperRow, PersonRow

_TO_DO = (  # built once: asked by every submit; locks the case first, as everybody does
    select(
        CaseRow,
        TaskRow,
        MatterRow,
        MAY_DO,
        exists().where(
            DraftRow.county == bindparam("county"),
            DraftRow.person == bindparam("me"),
            DraftRow.key == TaskRow.id,
        ),
    )
    .join(TaskRow, and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id))
    .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
    .where(TaskRow.county == bindparam("county"), TaskRow.id == bindparam("task"))
    .with_for_update(of=[CaseRow, TaskRow])  # whoever comes second waits here, and then sees what the first has done
)


class NoSuchTask(Rejected):
    """There is no such task."""

    code = "no_such_task"
    message = "没有找到这个待办。"
    advice = "请从待办列表重新进入。"


class AlreadyDone(Rejected):
    """Somebody has already done this task."""

    code = "already_done"
    message = "“{step}”已由 {who} 于 {at} 办理。"
    advice = "您这次的填写没有提交。请打开事项查看最新进度。"


class NoLongerNeeded(Rejected):
    """The case has moved on without this task."""

    code = "no_longer_needed"
    message = "流程已经往前走，“{step}”不再需要办理。"
    advice = "请打开事项查看最新进度。"


class SamePerson(Rejected):
    """Different people must do these steps, and you did one of them."""

    code = "same_person"
    message = "按规定，“{step}”须由另一个人办理：您已办理过本事项的“{done}”。"
    advice = "请由本单位担任这一岗位的其他同志办理。"


class ClaimedByAnother(Rejected):
    """Somebody else has claimed this task."""

    code = "claimed_by_another"
    message = "“{step}”已由 {who} 签收，正在办理。"
    advice = "如需由您办理，请对方先退回签收。"


@dataclass(frozen=True)
class Done:
    """A completed task: which step of which case, what opened next, and how it ended if it did."""

    step: str
    case_id: str
    opened: tuple[str, ...]
    ended: str | None


def complete(
    inst: Installation,
    me: Me,
    task_id: str,
    posted: MultiDict,
    *,
    now: datetime,
    outcome: str | None = None,
    refused: tuple[FieldError, ...] = (),
) -> Done:
    """Complete a task with what was filled in.

    Raises NoSuchTask, NotYours, AlreadyDone, NoLongerNeeded, ClaimedByAnother, SamePerson, Invalid (with every field
    to mend), DiagramFault, Stale: in each case nothing is written.
    """

    def completed(session: Session, put_off: PutOff) -> tuple[str, Moved]:
        task, case, matter, drafted = lock_work(session, inst, me, task_id)
        pack = inst.pack(session, me.county, case.digest)
        cleaned = clean_answers(session, pack, me, task, posted, now=now, outcome=outcome, refused=refused)
        before, state = standing(case, inst.hot)  # only now: a refused form leaves the live case where it is
        form = pack.forms[task.form]
        step = complete_task(
            pack.program, state, task_id, facts_of(form, cleaned.answers), cleaned.outcome, pack.world(now)
        )
        store_answers(session, me, task.case_id, task, cleaned, now)
        if drafted:
            drop_draft(session, me, task_id)
        _retitle(pack, matter, task, cleaned)
        act = Act(now, me.id, task_id, cleaned.outcome)
        return task.name, move_on(session, inst, pack, before, step, act, put_off)

    name, moved = settle(inst.db, completed)
    moved.committed()
    return done(name, moved)


def claim(inst: Installation, me: Me, task_id: str, *, now: datetime) -> None:
    """Take a pool task as one's own (签收)."""
    with inst.db.write() as session:
        task, case = task_to_do(session, inst, me, task_id)
        if task.claimed_by is None:
            _note(session, me, task, case, "TaskClaimed", now)
            task.claimed_by, task.claimed_at = me.id, now


def release(inst: Installation, me: Me, task_id: str, *, now: datetime) -> None:
    """Put a claimed task back into its pool."""
    with inst.db.write() as session:
        task, case = task_to_do(session, inst, me, task_id)
        if task.claimed_by is not None:
            _note(session, me, task, case, "TaskReleased", now)
            task.claimed_by, task.claimed_at = None, None


def save_draft(inst: Installation, me: Me, key: str, posted: MultiDict, *, now: datetime) -> None:
    """Keep what a person has typed so far, right or not; it is theirs alone."""
    fields = [[name, value] for name, values in Posted.of(posted).plain.items() for value in values]
    with inst.db.write() as session:
        mine = select(PersonRow.id).where(PersonRow.county == me.county, PersonRow.id == me.id)
        session.execute(mine.with_for_update())  # two tabs may save at once
        session.execute(delete(DraftRow).where(*_draft(me, key)))
        values = {"county": me.county, "person": me.id, "key": key, "fields": fields, "saved_at": now}
        session.execute(insert(DraftRow).values(values))


def task_to_do(session: Session, inst: Installation, me: Me, task_id: str) -> tuple[TaskRow, CaseRow]:
    """The open task and its case, locked, if this person may complete it now; else the refusal that says why."""
    return lock_work(session, inst, me, task_id)[:2]


def lock_work(session: Session, inst: Installation, me: Me, task_id: str) -> tuple[TaskRow, CaseRow, MatterRow, bool]:
    """As `task_to_do`, and its matter, and whether this person has a draft of it; one query."""
    found = session.execute(_TO_DO, {**doing(me), "task": task_id}).one_or_none()
    if found is None:
        raise NoSuchTask
    case, task, matter, may, has_draft = found
    if not may:
        raise _why_not(session, inst, me, task)
    _refuse_same_person(session, me, task)
    return task, case, matter, has_draft


def clean_answers(
    session: Session,
    pack: Pack,
    me: Me,
    task: TaskRow,
    posted: MultiDict,
    *,
    now: datetime,
    outcome: str | None = None,
    refused: tuple[FieldError, ...] = (),
) -> Cleaned:
    """The answers, checked against the form, the county's lists and the process variables."""
    form = pack.forms[task.form]
    papers = papers_for(session, me, task.case_id) if form.takes_papers else {}
    world = form_world(pack, task.process_values, papers, now=now)
    return clean(form, posted, world=world, outcome=outcome, refused=refused)


def store_answers(
    session: Session, me: Me, case_id: str, task: TaskRow | OpenTask, cleaned: Cleaned, now: datetime
) -> None:
    """Keep a step's answers, and hang its papers on the case."""
    answer = {
        "county": me.county,
        "task_id": task.id,
        "case_id": case_id,
        "step": task.step,
        "form": task.form,
        "outcome": cleaned.outcome,
        "answers": dict(cleaned.answers),
        "at": now,
        "by": me.id,
    }
    add_rows(session, AnswerRow, [answer])
    papers = paper_ids(cleaned.answers)
    if papers:
        session.execute(
            update(PaperRow)
            .where(PaperRow.county == me.county, PaperRow.id.in_(papers), PaperRow.case_id.is_(None))
            .values(case_id=case_id, task_id=task.id)
        )


def drop_draft(session: Session, me: Me, key: str) -> None:
    """Forget what a person has begun to fill in."""
    session.execute(delete(DraftRow).where(*_draft(me, key)))


def done(name: str, moved: Moved) -> Done:
    """What to tell the person."""
    step = moved.step
    return Done(name, moved.kept.case_id, tuple(task.name for task in step.opened), step.ended)


def paper_ids(answers: object) -> list[str]:
    """Ids of the papers among answers, those in rows included."""
    if isinstance(answers, Mapping):
        if answers.keys() >= {"id", "name", "media_type"}:
            return [str(answers["id"])]
        return [found for value in answers.values() for found in paper_ids(value)]
    return [found for value in answers for found in paper_ids(value)] if isinstance(answers, list) else []


def _retitle(pack: Pack, matter: MatterRow, task: TaskRow, cleaned: Cleaned) -> None:
    """A matter amended by the step that raised it is called what the amended form says."""
    titles = {start.title for start in pack.starts.values() if start.step == task.step}
    for title in titles & cleaned.answers.keys():
        matter.title = str(cleaned.answers[title])[:200]


def _why_not(session: Session, inst: Installation, me: Me, task: TaskRow) -> Rejected:
    offered = select(TaskGroupRow.post, TaskGroupRow.unit).where(TaskGroupRow.county == me.county)
    if not any(me.holds(*group) for group in session.execute(offered.where(TaskGroupRow.task_id == task.id))):
        return NotYours()  # a stranger is not told who has it either
    called = names(session, me.county, [task.closed_by, task.claimed_by])
    if task.state == "completed" and task.closed_at:
        at = task.closed_at.astimezone(inst.current_pack(session, me.county).calendar.zone)
        return AlreadyDone(step=task.name, who=called.get(task.closed_by or "", "他人"), at=Teller(at).instant(at))
    if task.state == "withdrawn":
        return NoLongerNeeded(step=task.name)
    if task.claimed_by and task.claimed_by != me.id:
        return ClaimedByAnother(step=task.name, who=called.get(task.claimed_by, "他人"))
    return NotYours()


def _refuse_same_person(session: Session, me: Me, task: TaskRow) -> None:
    if not task.other_than:
        return
    did = session.scalar(
        select(TaskRow.name).where(
            TaskRow.county == me.county,
            TaskRow.case_id == task.case_id,
            TaskRow.step.in_(task.other_than),
            TaskRow.closed_by == me.id,
        )
    )
    if did is not None:
        raise SamePerson(step=task.name, done=did)


def _note(session: Session, me: Me, task: TaskRow, case: CaseRow, fact: str, now: datetime) -> None:
    told = Fact(fact, {"task": task.id, "step": task.step, "name": task.name})
    note(session, standing(case)[0], Act(now, me.id, facts=(told,)))


def _draft(me: Me, key: str) -> tuple[Any, ...]:
    return DraftRow.county == me.county, DraftRow.person == me.id, DraftRow.key == key
