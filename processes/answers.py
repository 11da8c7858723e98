"""What people filled in to complete tasks: it stands in the tasks' rows, and is read as answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

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
    done = (TaskRow.county == county, TaskRow.case_id == case_id, TaskRow.state == "completed")
    return answers_in(session.scalars(select(TaskRow).where(*done)))


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
