"""`record_ratings`: turns the scores that people filled in into rating rows, one per unit and aspect (DC-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select

from processes.tables import AnswerRow, MatterRow, RatingRow
from processes.verbs.asking import Asking


def record_ratings(asking: Asking) -> None:
    """Inputs: `steps`, the rating steps. Each one's last answer holds a list `ratings` of {unit, <aspect>: number …}.

    Every number in such a row is a score of that aspect; `reason` is kept beside it.
    """
    steps = asking.asked.inputs.get("steps")
    if not isinstance(steps, list):
        raise asking.misused("steps 应为评分步骤编码的列表")
    answers = asking.session.scalars(
        select(AnswerRow)
        .where(
            AnswerRow.county == asking.case.county,
            AnswerRow.case_id == asking.case.case_id,
            AnswerRow.step.in_(steps),
        )
        .order_by(AnswerRow.at)
    )
    latest = {answer.step: answer for answer in answers}
    rows = [row for answer in latest.values() for row in _rows(asking, answer)]
    if rows:
        asking.session.execute(insert(RatingRow), rows)


def _rows(asking: Asking, answer: AnswerRow) -> Iterator[dict[str, Any]]:
    matter = asking.session.get_one(MatterRow, (answer.county, answer.case_id))
    for rated in answer.answers.get("ratings") or []:
        scores = {key: value for key, value in rated.items() if isinstance(value, int)}
        for aspect, score in scores.items():
            yield {
                "county": answer.county,
                "task_id": answer.task_id,
                "unit": rated["unit"],
                "aspect": aspect,
                "case_id": answer.case_id,
                "rater": matter.unit,
                "score": score,
                "reason": rated.get("reason"),
                "by": answer.by,
                "at": answer.at,
            }
