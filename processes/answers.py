"""What people filled in to complete tasks: it stands in the tasks' rows, and is read as answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.store.prepared import Prepared
from engine.store.tables import TaskRow


@dataclass(frozen=True)
class Answer:
    """What a person filled in to complete a task."""

    county: str
    case_id: str
    task_id: str
    step: str
    form: str
    outcome: str
    answers: Mapping[str, Any]
    at: datetime
    by: str


def answers_in(tasks: Iterable[TaskRow]) -> list[Answer]:
    """The answers that completed tasks hold, the oldest first."""
    return sorted(_answers(tasks), key=lambda answer: (answer.at, answer.task_id))


def answers_of(session: Session, county: str, case_id: str) -> list[Answer]:
    """What has been filled in for a case so far, the oldest first."""
    return [Answer(*row) for row in _OF_CASE.rows(session, {"in_county": county, "of_case": case_id})]


_OF_CASE = Prepared(
    select(
        *(TaskRow.county, TaskRow.case_id, TaskRow.id, TaskRow.step, TaskRow.form, TaskRow.outcome),
        *(TaskRow.answers, TaskRow.closed_at, TaskRow.closed_by),
    )
    .where(
        TaskRow.county == bindparam("in_county"),
        TaskRow.case_id == bindparam("of_case"),
        TaskRow.closed_by.is_not(None),
        TaskRow.answers.is_not(None),
    )
    .order_by(TaskRow.closed_at, TaskRow.id)
)


def _answers(tasks: Iterable[TaskRow]) -> Iterator[Answer]:
    for task in tasks:
        if task.answers is not None and task.closed_at is not None and task.closed_by is not None:
            yield Answer(
                task.county,
                task.case_id,
                task.id,
                task.step,
                task.form,
                task.outcome or "",
                task.answers,
                task.closed_at,
                task.closed_by,
            )
