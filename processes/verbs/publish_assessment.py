"""`publish_assessment`: the last sheet is the result, open to everybody, after two people have signed (DC-13)."""

from __future__ import annotations

from typing import Any

from engine.store.tables import TaskRow
from processes.answers import Answer
from processes.assessment.drawing import publish
from processes.people import names
from processes.verbs.asking import Asking

SIGNATURES = 2


def publish_assessment(asking: Asking) -> None:
    """Input: `signed`, the steps at which people sign; the last answer of each counts, by two people at least."""
    steps = asking.asked.inputs.get("signed")
    if not isinstance(steps, list):
        raise asking.misused("signed 应为签字步骤编号的列表")
    latest = {task.step: (answer, task) for answer, task in asking.answers_to(steps)}
    if latest.keys() != set(steps) or len({answer.by for answer, _ in latest.values()}) < SIGNATURES:
        raise asking.misused("公布前须由两个不同的人签字")
    called = names(asking.session, asking.case.county, [answer.by for answer, _ in latest.values()])
    signed = [_signature(answer, task, called.get(answer.by, "")) for answer, task in (latest[step] for step in steps)]
    publish(asking.session, asking.case.county, asking.case.case_id, signed, asking.act.at)


def _signature(answer: Answer, task: TaskRow, name: str) -> dict[str, Any]:
    """As it will be shown when the case itself is long gone."""
    post, unit = task.groups[0]
    return {"step": task.name, "name": name, "post": post, "unit": unit, "at": answer.at.isoformat()}
