"""What only a whistle does: blow (提出事项). Starting the case and doing its first step are one command."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.ids import new_id
from engine.run import complete as complete_task
from engine.run import start as start_case
from engine.step import OpenTask, Step, both
from engine.store.journal import case_started
from engine.store.keep import Act, found
from processes.asks import form_world, papers_for
from processes.beginnings import raise_matter
from processes.follow import Moved, PutOff, begin, settle
from processes.forms import Cleaned, FieldError, Form, clean, facts_of
from processes.forms.posted import MultiDict
from processes.installation import Installation
from processes.pack import Pack, first_values
from processes.people import Me, NotYours
from processes.queries.waiting_cases import SeenCases
from processes.similar import gist_of
from processes.starts import Start
from processes.work import Done, done, drop_draft, hang_papers


class NoSuchStart(Rejected):
    """There is nothing of this name to start."""

    code = "no_such_start"
    message = "没有可以发起的“{name}”。"
    advice = "请从首页的“新建”进入。"


def blow(
    inst: Installation,
    me: Me,
    name: str,
    posted: MultiDict,
    *,
    now: datetime,
    unit: str | None = None,
    outcome: str | None = None,
    refused: tuple[FieldError, ...] = (),
) -> Done:
    """Start a case of the kind `name` (county.toml, `starts`) for one's unit and complete its first step.

    Raises NoSuchStart, NotYours, Invalid, DiagramFault: nothing is written then.
    """

    def blown(session: Session, put_off: PutOff) -> Moved:
        pack, staff = inst.present(session, me.county)
        start = may_start(pack, me, name)
        for_unit = _unit(me, start, unit)
        form = form_of(pack, start)
        papers = papers_for(session, me, None) if form.takes_papers else {}
        world = form_world(pack, first_values(for_unit), papers, now=now, cases=SeenCases(session, me, pack))
        cleaned = clean(form, posted, world=world, outcome=outcome, refused=refused)
        step, raised = _first_step(pack, start, for_unit, cleaned, now)
        act = Act(now, me.id, raised.id, cleaned.outcome, dict(cleaned.answers), facts=(case_started(pack.digest),))
        at = found(session, me.county, new_id(now), start.process, pack.digest, act)
        title = str(cleaned.answers[start.title])
        gist = gist_of(pack, title, cleaned.answers)
        raise_matter(session, at, start, for_unit, title, me.id, now, gist=gist)
        hang_papers(session, me, at.case_id, raised.id, cleaned)
        drop_draft(session, me, draft_key(name))
        return begin(session, inst, pack, at, step, act, raised, put_off, staff=staff)

    moved = settle(inst.db, blown)
    moved.committed()
    return done(name, moved)


def may_start(pack: Pack, me: Me, name: str) -> Start:
    """What `name` starts, if this person may; raises NoSuchStart, NotYours."""
    if name not in pack.starts:
        raise NoSuchStart(name=name)
    start = pack.starts[name]
    if not any(held.post == start.by for held in me.postings):
        raise NotYours
    return start


def starts_of(pack: Pack, me: Me) -> list[str]:
    """Names of what this person may start."""
    held = {posting.post for posting in me.postings}
    return [name for name, start in pack.starts.items() if start.by in held]


def form_of(pack: Pack, start: Start) -> Form:
    """The form of the first step."""
    element = pack.program.process(start.process).by_id[start.step]
    return pack.forms[element.attributes.get("formKey", start.step)]


def draft_key(name: str) -> str:
    """Where the draft of a new matter is kept."""
    return f"start:{name}"


def _first_step(pack: Pack, start: Start, unit: str, cleaned: Cleaned, now: datetime) -> tuple[Step, OpenTask]:
    """The case started and its first task done, and that task."""
    world = pack.world(now)
    first = start_case(pack.program, start.process, first_values(unit), world)
    task = next(task for task in first.opened if task.step == start.step)
    answers = facts_of(form_of(pack, start), cleaned.answers)
    second = complete_task(pack.program, first.live, task.id, answers, cleaned.outcome, world)
    return both(first, second), task


def _unit(me: Me, start: Start, unit: str | None) -> str:
    mine = [held.unit for held in me.postings if held.post == start.by]
    if unit is not None and unit not in mine:
        raise NotYours
    return unit or mine[0]
