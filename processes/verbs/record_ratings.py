"""`record_ratings`: turns the scores that people filled in into rating rows, one per unit and aspect (DC-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from engine.store.rows import add_rows
from processes.answers import Answer
from processes.tables import RatingRow
from processes.verbs.asking import Asking


def record_ratings(asking: Asking) -> None:
    """Inputs: `steps`, the rating steps. The last answer of each holds a list `ratings` of {unit, <aspect>: number …}.

    Every whole number in such a row is a score of that aspect, `reason` is kept beside it; the rater is the unit that
    held the task. Answers that were recorded before stay as they are.
    """
    steps = asking.asked.inputs.get("steps")
    if not isinstance(steps, list):
        raise asking.misused("steps 应为评分步骤编码的列表")
    latest = {task.step: (answer, task) for answer, task in asking.answers_to(steps) if answer.answers.get("ratings")}
    new = [(answer, task) for answer, task in latest.values() if answer.task_id not in _recorded(asking)]
    rows = [row for answer, task in new for row in _rows(answer, task.groups[0][1])]
    # a unit that two dispatches came to, by redirecting, stands twice in one form: its last score counts
    once = {(row["task_id"], row["unit"], row["aspect"]): row for row in rows}
    add_rows(asking.session, RatingRow, [*once.values()])


def _recorded(asking: Asking) -> set[str]:
    of_case = (RatingRow.county == asking.case.county, RatingRow.case_id == asking.case.case_id)
    return set(asking.session.scalars(select(RatingRow.task_id).where(*of_case)))


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
                "by_rule": False,
                "answer": None,
            }
