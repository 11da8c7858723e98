"""Refused acts on record: who tried what, and what they were told. Each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.errors import Rejected
from engine.ids import is_id
from engine.incidents import LONGEST_PLACE, report
from engine.spiff.expressions import DiagramFault
from engine.store.tables import TaskRow
from engine.store.tables_chain import RefusalRow
from engine.store.tables_jobs import IncidentRow
from processes.forms import Invalid
from processes.installation import Installation
from processes.people import Me
from processes.tables import MatterRow, PersonRow

SAME = timedelta(seconds=10)
"""Within this time the same person's same act on the same thing is one refusal: a double click, a hurried retry."""
_LONGEST = 500
FAULT = "fault"


def record(
    inst: Installation,
    me: Me,
    act: str,
    error: Rejected,
    *,
    now: datetime,
    task: str | None = None,
    case: str | None = None,
) -> None:
    """Put on record that `act` (a command's or route's name) was refused.

    `task` is a task's id, `case` a case's id or number, as the person named them: only what is there is kept, so that
    made-up names cannot fill the table. A form that was merely filled in wrong is no refusal. A drawing that could not
    go on is an incident too: whoever submitted cannot mend it.
    """
    if isinstance(error, Invalid):
        return
    with inst.db.write() as session:
        task_id, case_id = _thing(session, me.county, task, case)
        _take_turn(session, me)
        if not _just_now(session, me, act, task_id, case_id, now):
            told = {"code": error.code, "sentence": error.sentence[:_LONGEST]}
            row = {"county": me.county, "id": uuid4().hex, "at": now, "by": me.id, "act": act[:60], **told}
            session.execute(insert(RefusalRow).values(**row, task_id=task_id, case_id=case_id))
        if isinstance(error, DiagramFault):
            _open_incident(session, me.county, error, case_id, now)


def _thing(session: Session, county: str, task: str | None, case: str | None) -> tuple[str | None, str | None]:
    """The task and the case that are meant, as far as they exist."""
    if task is not None:
        if not is_id(task):
            return None, None
        found = session.execute(select(TaskRow.id, TaskRow.case_id).where(TaskRow.county == county, TaskRow.id == task))
        task_id, case_id = found.one_or_none() or (None, None)
        return task_id, case_id
    if not case:
        return None, None
    named = MatterRow.case_id == case if is_id(case) else MatterRow.number == case
    return None, session.scalar(select(MatterRow.case_id).where(MatterRow.county == county, named))


def _open_incident(session: Session, county: str, error: DiagramFault, case_id: str | None, now: datetime) -> None:
    """One for the same place of the same case, however often it is tried; of cases that could not begin too."""
    place = str(error.facts["where"])[:LONGEST_PLACE]
    same = (IncidentRow.county == county, IncidentRow.kind == FAULT, IncidentRow.place == place)
    is_open = (IncidentRow.case_id == case_id, IncidentRow.closed_at.is_(None))
    if session.scalar(select(IncidentRow.id).where(*same, *is_open).limit(1)) is None:
        report(session, county, FAULT, place, error.sentence, now, case_id=case_id)


def _take_turn(session: Session, me: Me) -> None:
    """Two windows of one person may be refused at once."""
    mine = select(PersonRow.id).where(PersonRow.county == me.county, PersonRow.id == me.id)
    session.execute(mine.with_for_update())


def _just_now(session: Session, me: Me, act: str, task_id: str | None, case_id: str | None, now: datetime) -> bool:
    """Whether this very refusal is on record already."""
    mine = (RefusalRow.county == me.county, RefusalRow.by == me.id, RefusalRow.at > now - SAME, RefusalRow.at <= now)
    same = (RefusalRow.act == act[:60], RefusalRow.task_id == task_id, RefusalRow.case_id == case_id)
    return session.scalar(select(RefusalRow.id).where(*mine, *same).limit(1)) is not None
