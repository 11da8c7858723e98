"""What stands in a ledger: matters that this person may see, with the latest answers the ledger shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow, TaskRow
from processes.answers import Answer, answers_in
from processes.ledgers import Ledger
from processes.people import Me, may_see
from processes.tables import MatterRow


@dataclass(frozen=True)
class Entry:
    """A matter in a ledger: the step at which it stands (`task`: its row), and answers by field."""

    matter: MatterRow
    task: TaskRow
    shown: Mapping[str, tuple[Answer, object]]


def count_ledgers(session: Session, me: Me, ledgers: Sequence[Ledger]) -> dict[str, int]:
    """How many matters stand in each, by key; one query."""
    steps = {step for ledger in ledgers for step in ledger.steps}
    asked = _standing(me, steps, TaskRow.step, func.count(func.distinct(TaskRow.case_id))).group_by(TaskRow.step)
    counted = {step: number for step, number in session.execute(asked)} if steps else {}
    return {ledger.key: sum(counted.get(step, 0) for step in ledger.steps) for ledger in ledgers}


def list_ledger(session: Session, me: Me, ledger: Ledger, *, page: int, size: int = 20) -> list[Entry]:
    """One page of a ledger, what has stood there longest first; two queries, however many matters."""
    asked = _standing(me, set(ledger.steps), MatterRow, TaskRow).order_by(TaskRow.opened_at, TaskRow.id)
    rows = session.execute(asked.limit(size).offset((page - 1) * size)).all()
    said = _latest(session, me.county, [task.case_id for _, task in rows], ledger.shows)
    return [Entry(matter, task, said.get(task.case_id, {})) for matter, task in rows]


def _standing(me: Me, steps: set[str], *columns: Any) -> Select[Any]:
    on_case = and_(CaseRow.county == TaskRow.county, CaseRow.id == TaskRow.case_id)
    on_matter = and_(MatterRow.county == TaskRow.county, MatterRow.case_id == TaskRow.case_id)
    standing = (TaskRow.county == me.county, TaskRow.state.in_(("open", "optional")), TaskRow.step.in_(steps))
    asked = select(*columns).select_from(TaskRow).join(CaseRow, on_case).join(MatterRow, on_matter)
    return asked.where(*standing, may_see(me))


def _latest(
    session: Session, county: str, cases: Sequence[str], fields: Sequence[str]
) -> dict[str, dict[str, tuple[Answer, object]]]:
    """The last answer to each field, by case."""
    if not cases or not fields:
        return {}
    done = (TaskRow.county == county, TaskRow.case_id.in_(cases), TaskRow.state == "completed")
    found: dict[str, dict[str, tuple[Answer, object]]] = {}
    for answer in answers_in(session.scalars(select(TaskRow).where(*done))):
        said = {field: (answer, answer.answers[field]) for field in fields if field in answer.answers}
        found.setdefault(answer.case_id, {}).update(said)
    return found
