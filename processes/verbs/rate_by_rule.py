"""`rate_by_rule`: a step of rating that nobody did in time is counted as the county's rule says (DC-11), and marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from engine.store.rows import add_rows
from engine.store.tables import TaskRow
from processes.tables import RatingRow
from processes.verbs.asking import Asking


def rate_by_rule(asking: Asking) -> None:
    """Inputs: `step`, the rating step that lapsed; `units`, who would have been rated; `scores`, a context of whole
    numbers by aspect that each of them gets.

    The rows name the unit that should have rated, no person and no reason, and are marked as counted by rule.
    """
    step, units, scores = (asking.asked.inputs.get(name) for name in ("step", "units", "scores"))
    if not isinstance(units, list) or not isinstance(scores, Mapping) or not all(map(_is_score, scores.values())):
        raise asking.misused("units 应为单位编码的列表，scores 应为各项的整数分，如 {arrival: 20}")
    lapsed = _last_task(asking, str(step))
    if lapsed is None:
        raise asking.misused(f"step 应为一个打开过的评分步骤，没有“{step}”")
    add_rows(asking.session, RatingRow, list(_rows(asking, lapsed, units, scores)))


def _is_score(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int)


def _last_task(asking: Asking, step: str) -> TaskRow | None:
    here = {"county": asking.case.county, "case_id": asking.case.case_id, "step": step}
    opened = select(TaskRow).filter_by(**here).order_by(TaskRow.opened_at.desc(), TaskRow.id.desc())
    return asking.session.scalars(opened.limit(1)).first()


def _rows(
    asking: Asking, lapsed: TaskRow, units: list[object], scores: Mapping[str, object]
) -> Iterator[dict[str, Any]]:
    key = {"county": lapsed.county, "task_id": lapsed.id, "case_id": lapsed.case_id, "rater": lapsed.groups[0][1]}
    told = {"reason": None, "by": "", "at": asking.act.at, "by_rule": True, "answer": None}
    for unit in dict.fromkeys(units):
        for aspect, score in scores.items():
            yield {**key, **told, "unit": str(unit), "aspect": aspect, "score": score}
