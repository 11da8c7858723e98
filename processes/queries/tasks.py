"""One task with what one must know to decide: the matter, what others filled in, the papers, duty items that fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from engine.step import Group
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, TaskRow
from processes.answers import Answer, answers_of
from processes.asks import form_world, papers_for
from processes.forms import Form, Posted, World, as_formdata
from processes.installation import Installation
from processes.lists import Duty
from processes.pack import Pack
from processes.people import Me, NotYours, holders, may_see, names
from processes.tables import DraftRow, MatterRow, PaperRow
from processes.work import NoSuchTask


@dataclass(frozen=True)
class TaskPage:
    """A task as its page needs it; `may_claim` when several people share it."""

    task: TaskRow
    matter: MatterRow
    pack: Pack
    form: Form
    world: World
    groups: list[Group]
    shared_with: int
    people: Mapping[str, str]
    answers: list[Answer]
    papers: list[PaperRow]
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
    task = session.get(TaskRow, (me.county, task_id))
    if task is None:
        raise NoSuchTask
    case = session.scalar(select(CaseRow).where(CaseRow.id == task.case_id, may_see(me)))
    if case is None:
        raise NotYours
    pack = inst.pack(session, me.county, case.digest)
    matter = session.get_one(MatterRow, (me.county, task.case_id))
    answers = answers_of(session, me.county, task.case_id)
    groups = task.held_by
    sharing = holders(session, me.county, [(group.post, group.unit) for group in groups])
    return TaskPage(
        task=task,
        matter=matter,
        pack=pack,
        form=pack.forms[task.form],
        world=form_world(pack, task.process_values, papers_for(session, me, task.case_id), now=now),
        groups=groups,
        shared_with=len({person for people in sharing.values() for person in people}),
        people=names(session, me.county, [task.claimed_by, task.closed_by, *(each.by for each in answers)]),
        answers=answers,
        papers=list(session.scalars(_papers(me, task))),
        draft=find_draft(session, me, task.id),
        before=_before(pack, matter, task, answers),
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


def _before(pack: Pack, matter: MatterRow, task: TaskRow, answers: list[Answer]) -> Posted | None:
    """What was filled in last time, when a matter comes back to the step that raised it: one amends, not retypes."""
    if pack.starts[matter.start].step != task.step:
        return None
    earlier = [answer for answer in answers if answer.step == task.step]
    return as_formdata(pack.forms[task.form], earlier[-1].answers) if earlier else None


def _papers(me: Me, task: TaskRow) -> Select[PaperRow]:
    where = (PaperRow.county == me.county, PaperRow.case_id == task.case_id)
    return select(PaperRow).where(*where).order_by(PaperRow.at)
