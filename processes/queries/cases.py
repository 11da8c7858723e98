"""Cases as lists and as a whole: always through `may_see`, so what a list hides a link cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from engine.ids import is_id
from engine.run import trail
from engine.step import Group
from engine.store.archive import Rows, read_archives, rows_as
from engine.store.cases import NoSuchCase
from engine.store.journal import Line, lines_in
from engine.store.rows import Row
from engine.store.tables import CaseRow, JournalRow, TaskRow
from processes.answers import Answer, answers_in
from processes.pack import Pack
from processes.people import Me, NotYours, may_see, names
from processes.tables import MatterRow, NoticeRow, PaperRow, PostingRow

T = TypeVar("T", bound=Row)
FILTERS = ("open", "late", "mine", "ended", "all")


@dataclass(frozen=True)
class Listed:
    """A case in a list, with its open tasks, the most urgent first."""

    case: CaseRow
    matter: MatterRow
    tasks: list[TaskRow]


@dataclass(frozen=True)
class WholeCase:
    """Everything one page says about a case. `answers` are by task id, `people` are names by id."""

    case: CaseRow
    matter: MatterRow
    tasks: list[TaskRow]
    answers: Mapping[str, Answer]
    papers: list[PaperRow]
    journal: list[Line]
    notices: list[NoticeRow]
    people: Mapping[str, str]
    held: Mapping[str, list[Group]]

    @property
    def open_tasks(self) -> list[TaskRow]:
        """What waits for somebody, the most urgent first."""
        waiting = [task for task in self.tasks if task.state == "open"]
        return sorted(waiting, key=lambda task: (task.due_at is None, task.due_at or task.opened_at))


def find_matter(session: Session, county: str, number_or_id: str) -> MatterRow:
    """A matter by its number or its case's id, whoever asks; raises NoSuchCase."""
    named = MatterRow.case_id == number_or_id if is_id(number_or_id) else MatterRow.number == number_or_id
    found = session.scalar(select(MatterRow).where(MatterRow.county == county, named))
    if found is None:
        raise NoSuchCase
    return found


def find_case_id(session: Session, me: Me, number_or_id: str) -> str:
    """The id of a case by its number or id; raises NoSuchCase, NotYours."""
    case_id = find_matter(session, me.county, number_or_id).case_id
    seen = session.scalar(select(CaseRow.id).where(CaseRow.id == case_id, may_see(me)))
    if seen is None:
        raise NotYours
    return case_id


def get_case(session: Session, me: Me, case_id: str) -> WholeCase:
    """A case with all that hangs on it; the caller has asked `find_case_id` before."""
    of_case = {"county": me.county, "case_id": case_id}
    case = session.get_one(CaseRow, (me.county, case_id))
    archived: Rows = read_archives(session, me.county, [case_id]).get(case_id, {}) if case.ended_at else {}
    tasks = _both(session, TaskRow, of_case, archived, by=("opened_at", "id"))
    journal = [*lines_in(_both(session, JournalRow, of_case, archived, by=("revision",)))]
    papers = list(session.scalars(select(PaperRow).filter_by(**of_case).order_by(PaperRow.at)))
    matter = session.get_one(MatterRow, (me.county, case_id))
    people = {matter.started_by, *(line.by for line in journal), *(task.claimed_by for task in tasks)}
    return WholeCase(
        case=case,
        matter=matter,
        tasks=tasks,
        answers={answer.task_id: answer for answer in answers_in(tasks)},
        papers=papers,
        journal=journal,
        notices=list(session.scalars(select(NoticeRow).filter_by(**of_case).order_by(NoticeRow.at))),
        people=names(session, me.county, people),
        held=_held(session, me.county, {task.closed_by for task in tasks if task.closed_by}),
    )


def _both(session: Session, table: type[T], of_case: dict[str, str], archived: Rows, by: tuple[str, ...]) -> list[T]:
    """The rows of a case in one order, those in its archive and those beside it."""
    rows = [*rows_as(table, archived), *session.scalars(select(table).filter_by(**of_case))]
    return sorted(rows, key=attrgetter(*by))


def case_trail(pack: Pack, case: CaseRow, now: datetime) -> frozenset[tuple[str, str]]:
    """Which node of the main diagram led to which, as far as the case has come."""
    return trail(pack.program, case.state, pack.world(now))


def list_cases(
    session: Session,
    me: Me,
    pack: Pack,
    *,
    now: datetime,
    chosen: str,
    words: str,
    page: int,
    start: str = "",
    size: int = 20,
) -> tuple[list[Listed], int]:
    """The cases this person may see, in one filter, newest first, and how many there are; of one start, if named."""
    where = and_(may_see(me), _filter(chosen, me, now), _found(pack, words), _of(start, pack))
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    query = (
        select(CaseRow, MatterRow)
        .join(MatterRow, on)
        .where(where)
        .order_by(CaseRow.started_at.desc(), CaseRow.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    total = session.scalar(select(func.count()).select_from(CaseRow).join(MatterRow, on).where(where)) or 0
    found = session.execute(query).all()
    tasks = open_tasks(session, me.county, [row.id for row, _ in found])
    return [Listed(row, matter, tasks.get(row.id, [])) for row, matter in found], total


def count_cases(session: Session, me: Me, pack: Pack, *, now: datetime, words: str, start: str = "") -> dict[str, int]:
    """How many cases each filter would show."""
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    where = (may_see(me), _found(pack, words), _of(start, pack))
    base = select(func.count()).select_from(CaseRow).join(MatterRow, on).where(*where)
    return {name: session.scalar(base.where(_filter(name, me, now))) or 0 for name in FILTERS}


def count_starts(session: Session, me: Me, pack: Pack, *, now: datetime, chosen: str, words: str) -> dict[str, int]:
    """How many cases of each start there are in this filter, by the start's name, in the county's order."""
    on = and_(MatterRow.county == CaseRow.county, MatterRow.case_id == CaseRow.id)
    where = (may_see(me), _filter(chosen, me, now), _found(pack, words))
    query = select(MatterRow.start, func.count()).select_from(CaseRow).join(MatterRow, on).where(*where)
    found = {name: count for name, count in session.execute(query.group_by(MatterRow.start))}
    order = [*pack.starts, *sorted(found)]  # the last: what an earlier folder called a start
    return {name: found[name] for name in dict.fromkeys(order) if name in found}


def _held(session: Session, county: str, people: set[str]) -> dict[str, list[Group]]:
    """The posts these people hold."""
    found: dict[str, list[Group]] = {person: [] for person in people}
    rows = session.execute(
        select(PostingRow.person, PostingRow.post, PostingRow.unit).where(
            PostingRow.county == county, PostingRow.person.in_(people)
        )
    )
    for person, post, unit in rows:
        found[person].append(Group(post, unit))
    return found


def open_tasks(session: Session, county: str, cases: list[str]) -> dict[str, list[TaskRow]]:
    """The open tasks of these cases, by case, the most urgent first."""
    query = (
        select(TaskRow)
        .where(TaskRow.county == county, TaskRow.case_id.in_(cases), TaskRow.state == "open")
        .order_by(TaskRow.due_at.is_(None), TaskRow.due_at, TaskRow.opened_at)
    )
    found: dict[str, list[TaskRow]] = {}
    for task in session.scalars(query):
        found.setdefault(task.case_id, []).append(task)
    return found


def _filter(chosen: str, me: Me, now: datetime) -> ColumnElement[bool]:
    is_late = exists().where(
        TaskRow.county == CaseRow.county,
        TaskRow.case_id == CaseRow.id,
        TaskRow.state == "open",
        TaskRow.due_at < now,
    )
    filters: dict[str, Any] = {
        "open": CaseRow.ended_at.is_(None),
        "late": is_late,
        "mine": MatterRow.started_by == me.id,
        "ended": CaseRow.ended_at.is_not(None),
    }
    chosen_filter: ColumnElement[bool] = filters.get(chosen, CaseRow.county == me.county)
    return chosen_filter


def _of(start: str, pack: Pack) -> ColumnElement[bool]:
    return MatterRow.start == start if start else CaseRow.county == pack.code


def _found(pack: Pack, words: str) -> ColumnElement[bool]:
    """Number, title or township contain what was typed."""
    if not words:
        return CaseRow.county == pack.code
    units = [unit.code for unit in pack.units.values() if words in unit.name]
    return or_(
        MatterRow.title.contains(words, autoescape=True),
        MatterRow.number.contains(words, autoescape=True),
        MatterRow.unit.in_(units),
    )
