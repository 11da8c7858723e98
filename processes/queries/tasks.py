"""One task with what one must know to decide: the matter, what others filled in, the papers, duty items that fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, select
from sqlalchemy.orm import Session

from engine.step import Group
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, TaskRow
from processes.answers import Answer, answers_of
from processes.asks import form_world, instances_in, latest_answer, merged_into, papers_for, times_done
from processes.forms import Form, Posted, World, as_formdata
from processes.installation import Installation
from processes.lists import Duty
from processes.pack import Pack
from processes.people import Asking, Me, NotYours, holders, may_see, names
from processes.queries.waiting_cases import SeenCases
from processes.tables import DraftRow, MatterRow, PaperRow
from processes.work import NoSuchTask


@dataclass(frozen=True)
class TaskPage:
    """A task as its page needs it. Rows have the columns of their tables, as far as the page shows them."""

    task: Any
    matter: Any
    pack: Pack
    form: Form
    world: World
    groups: list[Group]
    shared_with: int
    people: Mapping[str, str]
    answers: list[Answer]
    papers: list[Any]
    draft: Draft | None
    before: Posted | None


_FORM = Prepared(  # asked by drafts, files and rows before the act
    select(TaskRow.form, TaskRow.groups, CaseRow.digest)
    .join(CaseRow, and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id))
    .where(TaskRow.county == bindparam("county"), TaskRow.id == bindparam("task"))
)


def find_form(session: Session, inst: Installation, me: Me, task_id: str) -> Form:
    """The form of a task this person's posts hold; raises NoSuchTask, NotYours."""
    found = _FORM.one(session, {"county": me.county, "task": task_id})
    if found is None:
        raise NoSuchTask
    if not any(me.holds(*group) for group in found.groups):
        raise NotYours
    form: Form = inst.pack(session, me.county, found.digest).forms[found.form]
    return form


def get_task_page(session: Session, inst: Installation, me: Me, task_id: str, *, now: datetime) -> TaskPage:
    """The page of a task of a case this person may see, open or not; raises NoSuchTask, NotYours."""
    task = _TASK[me.sees_county].one(session, {"county": me.county, "task": task_id, "units": me.units})
    if task is None:
        raise NoSuchTask
    if not task.may_see:
        raise NotYours
    pack, of_case = inst.pack(session, me.county, task.digest), {"county": me.county, "case": task.case_id}
    answers = answers_of(session, me.county, task.case_id)
    groups = [Group(*group) for group in task.groups]
    sharing = holders(session, me.county, [(group.post, group.unit) for group in groups])
    return TaskPage(
        task=task,
        matter=task,
        pack=pack,
        form=pack.forms[task.form],
        world=form_world(
            pack,
            task.process_values,
            papers_for(session, me, task.case_id),
            now=now,
            done=times_done(session, me.county, task.case_id),
            latest=latest_answer(session, me.county, task.case_id),
            cases=SeenCases(session, me, pack),
            merged_in=merged_into(session, me.county, task.case_id),
            instances=instances_in(session, pack, me.county, task.case_id, now=now),
        ),
        groups=groups,
        shared_with=len({person for people in sharing.values() for person in people}),
        people=names(session, me.county, [task.claimed_by, task.closed_by, *(each.by for each in answers)]),
        answers=answers,
        papers=_PAPERS.rows(session, of_case),
        draft=find_draft(session, me, task.id),
        before=_before(pack, task, answers),
    )


def _task(sees_county: bool) -> Prepared:
    """The task with its matter, and whether the person may see its case."""
    asking = Asking(bindparam("county"), bindparam("units", expanding=True), sees_county)
    return Prepared(
        select(
            TaskRow.id,
            TaskRow.case_id,
            TaskRow.step,
            TaskRow.name,
            TaskRow.process,
            TaskRow.form,
            TaskRow.groups,
            TaskRow.other_than,
            TaskRow.process_values,
            TaskRow.opened_at,
            TaskRow.due_at,
            TaskRow.due_explained,
            TaskRow.warn_at,
            TaskRow.claimed_by,
            TaskRow.state,
            TaskRow.closed_at,
            TaskRow.closed_by,
            TaskRow.outcome,
            MatterRow.number,
            MatterRow.title,
            MatterRow.start,
            MatterRow.unit,
            CaseRow.digest,
            case((may_see(asking), 1), else_=0).label("may_see"),
        )
        .join(CaseRow, and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id))
        .join(MatterRow, and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id))
        .where(TaskRow.county == bindparam("county"), TaskRow.id == bindparam("task"))
    )


_TASK = {sees_county: _task(sees_county) for sees_county in (True, False)}
_PAPERS = Prepared(
    select(
        PaperRow.id,
        PaperRow.name,
        PaperRow.size,
        PaperRow.media_type,
        PaperRow.view_sha256,
        PaperRow.thumb_sha256,
        PaperRow.by,
        PaperRow.at,
    )
    .where(PaperRow.county == bindparam("county"), PaperRow.case_id == bindparam("case"))
    .order_by(PaperRow.at)
)


@dataclass(frozen=True)
class Draft:
    """A form that somebody has begun: names and texts, as they were posted."""

    fields: list[Any]
    saved_at: datetime


def find_draft(session: Session, me: Me, key: str) -> Draft | None:
    """What this person has begun to fill in."""
    found = _DRAFT.one(session, {"county": me.county, "me": me.id, "key": key})
    return Draft(*found) if found else None


_DRAFT = Prepared(
    select(DraftRow.fields, DraftRow.saved_at).where(
        DraftRow.county == bindparam("county"), DraftRow.person == bindparam("me"), DraftRow.key == bindparam("key")
    )
)


def drafted(draft: Draft) -> Posted:
    """A draft as it was posted."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in draft.fields:
        fields[name] = (*fields.get(name, ()), value)
    return Posted(fields)


def fitting_duties(pack: Pack, texts: Iterable[str], *, most: int = 5) -> list[tuple[Duty, list[str]]]:
    """Duty items whose keywords stand in the matter, the best first, each with the words that were found (DC-5)."""
    whole = "".join(texts)
    found = [(duty, [word for word in duty.keywords if word in whole]) for duty in pack.duties.values()]
    fitting = [(duty, hits) for duty, hits in found if hits]
    return sorted(fitting, key=lambda each: -sum(len(word) for word in each[1]))[:most]


def _before(pack: Pack, task: Any, answers: list[Answer]) -> Posted | None:
    """What was filled in last time, when a matter comes back to the step that raised it: one amends, not retypes."""
    if pack.starts[task.start].step != task.step:
        return None
    earlier = [answer for answer in answers if answer.step == task.step]
    return as_formdata(pack.forms[task.form], earlier[-1].answers) if earlier else None
