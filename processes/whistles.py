"""What only a whistle does: blow (提出事项). Starting the case and doing its first step are one command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.ids import new_id
from engine.run import complete as complete_task
from engine.run import start as start_case
from engine.step import OpenTask, Step, both
from engine.store.journal import case_started
from engine.store.keep import Act, found
from engine.store.rows import add_rows
from processes.asks import form_world, papers_for
from processes.beginnings import raise_matter
from processes.follow import Moved, PutOff, begin, settle
from processes.formers import Former, told_of, units_for
from processes.forms import Cleaned, FieldError, Form, clean, facts_of
from processes.forms.posted import MultiDict
from processes.installation import Installation
from processes.pack import Pack, first_values
from processes.people import Me, NotYours
from processes.queries.formers import find_former
from processes.queries.waiting_cases import SeenCases
from processes.similar import gist_of
from processes.starts import Start, event_of
from processes.tables_former import FormerRow
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
    about: str | None = None,
    outcome: str | None = None,
    refused: tuple[FieldError, ...] = (),
) -> Done:
    """Start a case of the kind `name` (county.toml, `starts`) for one's unit and complete its first step.

    `about` is the ended case (number or id) that such a case is about, where the county says so. Raises NoSuchStart,
    NotYours, Invalid, DiagramFault, and what `find_former` raises: nothing is written then.
    """

    def blown(session: Session, put_off: PutOff) -> Moved:
        pack, staff = inst.present(session, me.county)
        start = may_start(pack, me, name)
        former = find_former(session, me, pack, start, about, now=now, lock=True)
        for_unit = unit_of(pack, me, start, former, unit)
        told = told_of(pack, start, former) if former else None
        given = first_values(for_unit, told)
        form = form_of(pack, start)
        papers = papers_for(session, me, None) if form.takes_papers else {}
        world = form_world(pack, given, papers, now=now, cases=SeenCases(session, me, pack))
        cleaned = clean(form, posted, world=world, outcome=outcome, refused=refused)
        step, raised = _first_step(pack, start, given, told or {}, cleaned, now)
        fact = case_started(pack.digest, **({"former": former.case} if former else {}))
        act = Act(now, me.id, raised.id, cleaned.outcome, dict(cleaned.answers), facts=(fact,))
        at = found(session, me.county, new_id(now), start.process, pack.digest, act)
        title = str(cleaned.answers[start.title])
        gist = gist_of(pack, title, cleaned.answers)
        raise_matter(session, at, start, for_unit, title, me.id, now, gist=gist)
        if former:
            tie = {"county": at.county, "case_id": at.case_id, "former_id": former.case}
            add_rows(session, FormerRow, [tie])
        hang_papers(session, me, at.case_id, raised.id, cleaned)
        drop_draft(session, me, draft_key(name, former.case if former else None))
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
    """Names of what this person may start out of hand: what is about another case is begun from that one's page."""
    held = {posting.post for posting in me.postings}
    return [name for name, start in pack.starts.items() if start.by in held and not start.about]


def form_of(pack: Pack, start: Start) -> Form:
    """The form of the first step."""
    element = pack.program.process(start.process).by_id[start.step]
    return pack.forms[element.attributes.get("formKey", start.step)]


def draft_key(name: str, about: str | None = None) -> str:
    """Where the draft of a new matter is kept; one for each case (its id) that it may be `about`."""
    return f"start:{about}:{name}" if about else f"start:{name}"


def unit_of(pack: Pack, me: Me, start: Start, former: Former | None, unit: str | None = None) -> str:
    """The unit a case is begun for: the one that is named, if it may be, else the first; raises NotYours."""
    if former is None:
        mine = [held.unit for held in me.postings if held.post == start.by]
    else:
        mine = units_for(pack, start, me.postings, former.unit)
    if unit is not None and unit not in mine:
        raise NotYours
    return unit or mine[0]


def _first_step(
    pack: Pack,
    start: Start,
    given: Mapping[str, object],
    told: Mapping[str, object],
    cleaned: Cleaned,
    now: datetime,
) -> tuple[Step, OpenTask]:
    """The case started and its first task done, and that task."""
    world = pack.world(now)
    event = event_of(pack.program, start)
    first = start_case(pack.program, start.process, given, world, by=event, payload=told)
    task = next(task for task in first.opened if task.step == start.step)
    answers = facts_of(form_of(pack, start), cleaned.answers)
    second = complete_task(pack.program, first.live, task.id, answers, cleaned.outcome, world)
    return both(first, second), task
