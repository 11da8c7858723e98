"""`record_ratings`: turns the scores that people filled in into rating rows, one per unit and aspect (DC-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, insert, select

from engine.store.tables import TaskGroupRow
from processes.tables import AnswerRow, RatingRow
from processes.verbs.asking import Asking


def record_ratings(asking: Asking) -> None:
    """Inputs: `steps`, the rating steps. The last answer of each holds a list `ratings` of {unit, <aspect>: number …}.

    Every whole number in such a row is a score of that aspect, `reason` is kept beside it; the rater is the unit that
    held the task.
    """
    steps = asking.asked.inputs.get("steps")
    if not isinstance(steps, list):
        raise asking.misused("steps 应为评分步骤编码的列表")
    found = asking.session.execute(
        select(AnswerRow, TaskGroupRow.unit)
        .join(TaskGroupRow, and_(TaskGroupRow.county == AnswerRow.county, TaskGroupRow.task_id == AnswerRow.task_id))
        .where(
            AnswerRow.county == asking.case.county,
            AnswerRow.case_id == asking.case.case_id,
            AnswerRow.step.in_(steps),
        )
        .order_by(AnswerRow.at)
    )
    latest = {answer.step: (answer, unit) for answer, unit in found if answer.answers.get("ratings")}
    rows = [row for answer, unit in latest.values() for row in _rows(answer, unit)]
    if rows:
        asking.session.execute(insert(RatingRow), rows)


def _rows(answer: AnswerRow, rater: str) -> Iterator[dict[str, Any]]:
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
