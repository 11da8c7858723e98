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
from engine.store.cases import state_of
from engine.store.keep import Act, Fact, Kept, note
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, OfferRow, TaskRow
from engine.time import Teller
from processes.asks import form_world, instances_in, latest_answer, merged_into, papers_for, times_done
from processes.follow import Moved, PutOff, move_on, settle
from processes.forms import Cleaned, FieldError, clean, facts_of
from processes.forms.posted import MultiDict, Posted
from processes.installation import Installation
from processes.numbers import Numbered, remember_matter
from processes.pack import Pack
from processes.people import Me, NotYours, names
from processes.queries.waiting_cases import SeenCases
from processes.similar import gist_of
from processes.tables import CountyRow, DraftRow, MatterRow, PaperRow, PersonRow

_MINE = (DraftRow.county == bindparam("county"), DraftRow.person == bindparam("me"), DraftRow.key == bindparam("key"))


_TO_DO = Prepared(
    select(
        *(TaskRow.id, TaskRow.case_id, TaskRow.step, TaskRow.name, TaskRow.form, TaskRow.groups),
        *(TaskRow.other_than, TaskRow.process_values, TaskRow.state, TaskRow.claimed_by),
        *(TaskRow.closed_at, TaskRow.closed_by),
        *(CaseRow.revision, CaseRow.digest, CaseRow.head, CaseRow.units),
        *(MatterRow.start, MatterRow.number, MatterRow.title, CountyRow.staff),
        exists().where(*_MINE).label("drafted"),
    )
    .join(CaseRow, and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id))
    .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
    .join(CountyRow, CountyRow.code == TaskRow.county)
    .where(TaskRow.county == bindparam("county"), TaskRow.id == bindparam("task"))
    .with_for_update(of=[CaseRow, TaskRow, MatterRow])
)
"""The task, its case and its matter, locked: whoever comes second waits, and then sees what the first has done.

Only of the rows that are locked is that so: who may do it is therefore told by the task's row, not by its offers.
"""

_THIS_TASK = (TaskRow.county == bindparam("in_county"), TaskRow.id == bindparam("its_id"))
_THIS_OFFER = (OfferRow.county == bindparam("in_county"), OfferRow.task_id == bindparam("its_id"))
_THIS_MATTER = (MatterRow.county == bindparam("in_county"), MatterRow.case_id == bindparam("its_id"))
_CLAIM = Prepared(
    update(TaskRow).where(*_THIS_TASK).values(claimed_by=bindparam("by"), claimed_at=bindparam("claimed_at"))
)
_CLAIM_OFFERS = Prepared(update(OfferRow).where(*_THIS_OFFER).values(claimed_by=bindparam("by")))
_TITLE = Prepared(update(MatterRow).where(*_THIS_MATTER).values(title=bindparam("new"), gist=bindparam("its_gist")))
_DROP_DRAFT = Prepared(
    delete(DraftRow).where(
        DraftRow.county == bindparam("county"), DraftRow.person == bindparam("me"), DraftRow.key == bindparam("its_key")
    )
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


class NobodyHolds(Rejected):
    """An optional task is nobody's until it is done."""

    code = "nobody_holds"
    message = "“{step}”可办可不办，不必签收。"
    advice = "需要时直接填写、提交。"


@dataclass(frozen=True)
class Done:
    """A completed task: which step of which case, what opened next, and how it ended if it did.

    `led_to`: the ends that an optional task came to, in the diagram's words: whoever adds a unit learns whether it was.
    """

    step: str
    case_id: str
    opened: tuple[str, ...]
    ended: str | None
    led_to: tuple[str, ...] = ()


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

    def completed(session: Session, put_off: PutOff) -> tuple[Any, Moved]:
        task = lock_work(session, inst, me, task_id)
        pack = inst.pack(session, me.county, task.digest)
        cleaned = clean_answers(session, pack, me, task, posted, now=now, outcome=outcome, refused=refused)
        before = _stood(me, task)
        state = state_of(session, before, inst.hot)  # only now: a refused form leaves the live case where it is
        answers = facts_of(pack.forms[task.form], cleaned.answers)
        step = complete_task(pack.program, state, task_id, answers, cleaned.outcome, pack.world(now))
        hang_papers(session, me, task.case_id, task_id, cleaned)
        if task.drafted:
            drop_draft(session, me, task_id)
        _retitle(session, pack, me, task, cleaned)
        act = Act(now, me.id, task_id, cleaned.outcome, dict(cleaned.answers))
        return task, move_on(session, inst, pack, before, step, act, put_off, staff=task.staff)

    task, moved = settle(inst.db, completed)
    moved.committed()
    return done(task.name, moved, optional=task.step if task.state == "optional" else "")


def claim(inst: Installation, me: Me, task_id: str, *, now: datetime) -> None:
    """Take a pool task as one's own (签收)."""
    with inst.db.write() as session:
        task = lock_work(session, inst, me, task_id)
        if task.state == "optional":
            raise NobodyHolds(step=task.name)
        if task.claimed_by is None:
            _note(session, me, task, "TaskClaimed", now)
            _set_claim(session, me, task_id, me.id, now)


def release(inst: Installation, me: Me, task_id: str, *, now: datetime) -> None:
    """Put a claimed task back into its pool."""
    with inst.db.write() as session:
        task = lock_work(session, inst, me, task_id)
        if task.claimed_by is not None:
            _note(session, me, task, "TaskReleased", now)
            _set_claim(session, me, task_id, None, None)


def save_draft(inst: Installation, me: Me, key: str, posted: MultiDict, *, now: datetime) -> None:
    """Keep what a person has typed so far, right or not; it is theirs alone."""
    fields = [[name, value] for name, values in Posted.of(posted).plain.items() for value in values]
    with inst.db.write() as session:
        mine = select(PersonRow.id).where(PersonRow.county == me.county, PersonRow.id == me.id)
        session.execute(mine.with_for_update())  # two tabs may save at once
        session.execute(delete(DraftRow).where(*_draft(me, key)))
        values = {"county": me.county, "person": me.id, "key": key, "fields": fields, "saved_at": now}
        session.execute(insert(DraftRow).values(values))


def lock_work(session: Session, inst: Installation, me: Me, task_id: str) -> Any:
    """The open task if this person may complete it now, with its case and its matter, locked; one query.

    What is found has the columns of `_TO_DO`. Raises the refusal that says why not.
    """
    task = _TO_DO.one(session, {"county": me.county, "me": me.id, "task": task_id, "key": task_id})
    if task is None:
        raise NoSuchTask
    if not _may_do(me, task):
        raise _why_not(session, inst, me, task)
    _refuse_same_person(session, me, task)
    remember_matter(session, task.case_id, Numbered(task.start, task.number))
    return task


def clean_answers(
    session: Session,
    pack: Pack,
    me: Me,
    task: Any,
    posted: MultiDict,
    *,
    now: datetime,
    outcome: str | None = None,
    refused: tuple[FieldError, ...] = (),
) -> Cleaned:
    """The answers, checked against the form, the county's lists and the process variables."""
    form = pack.forms[task.form]
    papers = papers_for(session, me, task.case_id) if form.takes_papers else {}
    done = times_done(session, me.county, task.case_id)
    latest, merged = latest_answer(session, me.county, task.case_id), merged_into(session, me.county, task.case_id)
    cases = SeenCases(session, me, pack)
    world = form_world(
        pack,
        task.process_values,
        papers,
        now=now,
        done=done,
        latest=latest,
        cases=cases,
        merged_in=merged,
        instances=instances_in(session, pack, me.county, task.case_id, now=now),
    )
    return clean(form, posted, world=world, outcome=outcome, refused=refused)


def hang_papers(session: Session, me: Me, case_id: str, task_id: str, cleaned: Cleaned) -> None:
    """Hang the papers among a step's answers on its case."""
    papers = paper_ids(cleaned.answers)
    if papers:
        session.execute(
            update(PaperRow)
            .where(PaperRow.county == me.county, PaperRow.id.in_(papers), PaperRow.case_id.is_(None))
            .values(case_id=case_id, task_id=task_id)
        )


def drop_draft(session: Session, me: Me, key: str) -> None:
    """Forget what a person has begun to fill in."""
    _DROP_DRAFT.send(session, {"county": me.county, "me": me.id, "its_key": key})


def done(name: str, moved: Moved, *, optional: str = "") -> Done:
    """What to tell the person; `optional` is the event that an optional task brought about."""
    step = moved.step
    places = {(each.process, each.branch) for each in step.passed if each.element == optional}
    here = (each for each in step.passed if (each.process, each.branch) in places)
    ends = tuple(each.name for each in here if each.kind == "endEvent")
    return Done(
        name, moved.kept.case_id, tuple(task.name for task in step.opened if not task.is_optional), step.ended, ends
    )


def paper_ids(answers: object) -> list[str]:
    """Ids of the papers among answers, those in rows included."""
    if isinstance(answers, Mapping):
        if answers.keys() >= {"id", "name", "media_type"}:
            return [str(answers["id"])]
        return [found for value in answers.values() for found in paper_ids(value)]
    return [found for value in answers for found in paper_ids(value)] if isinstance(answers, list) else []


def _may_do(me: Me, task: Any) -> bool:
    """As its offers say, which follow from this."""
    held = any(me.holds(*group) for group in task.groups)
    return held and task.state in ("open", "optional") and task.claimed_by in (None, me.id)


def _stood(me: Me, task: Any) -> Kept:
    return Kept(me.county, task.case_id, task.revision, task.digest, task.head, frozenset(task.units))


def _set_claim(session: Session, me: Me, task_id: str, by: str | None, at: datetime | None) -> None:
    """The task's row says who has claimed it since when; its offers leave the inboxes of the others."""
    here = {"in_county": me.county, "its_id": task_id, "by": by}
    _CLAIM.send(session, {**here, "claimed_at": at})
    _CLAIM_OFFERS.send(session, here)


def _retitle(session: Session, pack: Pack, me: Me, task: Any, cleaned: Cleaned) -> None:
    """A matter amended by the step that raised it is called what the amended form says, and found by that."""
    titles = {start.title for start in pack.starts.values() if start.step == task.step}
    for title in titles & cleaned.answers.keys():
        new = str(cleaned.answers[title])[:200]
        gist = gist_of(pack, new, cleaned.answers)
        _TITLE.send(session, {"in_county": me.county, "its_id": task.case_id, "new": new, "its_gist": gist})


def _why_not(session: Session, inst: Installation, me: Me, task: Any) -> Rejected:
    if not any(me.holds(*group) for group in task.groups):
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


def _refuse_same_person(session: Session, me: Me, task: Any) -> None:
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


def _note(session: Session, me: Me, task: Any, fact: str, now: datetime) -> None:
    told = Fact(fact, {"task": task.id, "step": task.step, "name": task.name})
    note(session, _stood(me, task), Act(now, me.id, facts=(told,)))


def _draft(me: Me, key: str) -> tuple[Any, ...]:
    return DraftRow.county == me.county, DraftRow.person == me.id, DraftRow.key == key
