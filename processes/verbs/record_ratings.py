"""`record_ratings`: turns the scores that people filled in into rating rows, one per unit and aspect (DC-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from engine.store.rows import add_rows
from engine.store.tables import TaskRow
from processes.answers import Answer, answers_in
from processes.tables import RatingRow
from processes.verbs.asking import Asking


def record_ratings(asking: Asking) -> None:
    """Inputs: `steps`, the rating steps. The last answer of each holds a list `ratings` of {unit, <aspect>: number …}.

    Every whole number in such a row is a score of that aspect, `reason` is kept beside it; the rater is the unit that
    held the task.
    """
    steps = asking.asked.inputs.get("steps")
    if not isinstance(steps, list):
        raise asking.misused("steps 应为评分步骤编码的列表")
    of_case = (TaskRow.county == asking.case.county, TaskRow.case_id == asking.case.case_id)
    tasks = {task.id: task for task in asking.session.scalars(select(TaskRow).where(*of_case, TaskRow.step.in_(steps)))}
    answers = [*answers_in(tasks.values()), *_just_given(asking, tasks)]
    latest = {answer.step: answer for answer in answers if answer.answers.get("ratings")}
    rows = [row for answer in latest.values() for row in _rows(answer, tasks[answer.task_id].groups[0][1])]
    add_rows(asking.session, RatingRow, rows)


def _just_given(asking: Asking, tasks: dict[str, TaskRow]) -> Iterator[Answer]:
    """The answer of the act that asks: its task's row is written when all that follows from it is known."""
    act, task = asking.act, tasks.get(asking.act.task_id or "")
    if task is not None and task.answers is None and act.answers is not None:
        key = (task.county, task.case_id, task.id, task.step, task.form)
        yield Answer(*key, act.outcome or "", act.answers, act.at, act.by or "")


def _rows(answer: Answer, rater: str) -> Iterator[dict[str, Any]]:
    for rated in answer.answers["ratings"]:
        scores = {key: value for key, value in rated.items() if isinstance(value, int) and not isinstance(value, bool)}
        for aspect, score in scores.items():
            yield {
                "county": answer.county,
                "task_id": answer.task_id,
                "unit": rated["unit"],
                "aspect": aspect,
                "case_id": answer.case_id,
                "rater": rater,
                "score": score,
                "reason": rated.get("reason"),
                "by": answer.by,
                "at": answer.at,
            }
