"""What only a whistle does: blow (提出事项). Starting the case and doing its first step are one command."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.run import both
from engine.run import complete as complete_task
from engine.run import start as start_case
from engine.store.keep import Act, Fact, Kept
from processes.asks import form_world, papers_for
from processes.follow import begin
from processes.forms import FieldError, Form, clean, facts_of
from processes.forms.posted import MultiDict
from processes.installation import Installation
from processes.pack import Pack, Start, first_values
from processes.people import Me, NotYours
from processes.tables import MatterRow
from processes.work import Done, done, store_answers


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
    with inst.db.write() as session:
        pack = inst.current_pack(session, me.county)
        start = may_start(pack, me, name)
        unit = _unit(me, start, unit)
        form = form_of(pack, start)
        values = first_values(unit)
        cleaned = clean(
            form,
            posted,
            world=form_world(pack, values, papers_for(session, me, None), now=now),
            outcome=outcome,
            refused=refused,
        )
        world = pack.world(now)
        first = start_case(pack.program, start.process, values, world)
        task = next(task for task in first.opened if task.step == start.step)
        answers = facts_of(form, cleaned.answers)
        second = complete_task(pack.program, first.live or first.state, task.id, answers, cleaned.outcome, world)
        act = Act(now, me.id, task.id, cleaned.outcome, facts=(Fact("CaseStarted"),))

        def describe(kept: Kept) -> None:
            _raise_matter(session, me, kept.case_id, start, unit, str(cleaned.answers[start.title]), now)
            store_answers(session, me, kept.case_id, task, cleaned, now, draft=draft_key(name))

        moved = begin(session, inst, pack, start.process, both(first, second), act, task, describe)
    moved.committed()
    return done(moved)


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


def _unit(me: Me, start: Start, unit: str | None) -> str:
    mine = [held.unit for held in me.postings if held.post == start.by]
    if unit is not None and unit not in mine:
        raise NotYours
    return unit or mine[0]


def _raise_matter(session: Session, me: Me, case_id: str, start: Start, unit: str, title: str, now: datetime) -> None:
    session.add(
        MatterRow(
            county=me.county,
            case_id=case_id,
            start=start.name,
            title=title[:200],
            unit=unit,
            started_by=me.id,
            started_at=now,
        )
    )
    session.flush()
