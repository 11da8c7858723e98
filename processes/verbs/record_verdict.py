"""`record_verdict`: remembers what was decided when a unit refused a matter, so that it is a precedent for the next."""

from __future__ import annotations

from collections.abc import Container

from engine.store.rows import add_rows
from processes.answers import Answer
from processes.tables import VerdictRow
from processes.verbs.asking import Asking

LONGEST_VERDICT = 60


def record_verdict(asking: Asking) -> None:
    """Inputs: `step`, whose last answer is the verdict; `unit` that refused; `item` of the duty list, or none;
    `given_to`, the unit that has to do it now, or none; `verdict`, the outcome's key (the answer's own when it is not
    given); `reason_field`, the key of the reason in that answer, or none. One row for each asking.
    """
    answer = _answer(asking)
    row = {
        "county": asking.case.county,
        "key": asking.asked.key,
        "case_id": asking.case.case_id,
        "task_id": answer.task_id,
        "item": _code(asking, "item", asking.pack.duties) or "",
        "unit": _unit(asking),
        "given_to": _code(asking, "given_to", asking.pack.units),
        "verdict": _verdict(asking, answer),
        "reason": _reason(asking, answer),
        "by": answer.by,
        "at": answer.at,
    }
    if asking.session.get(VerdictRow, (asking.case.county, asking.asked.key)) is None:
        add_rows(asking.session, VerdictRow, [row])


def _answer(asking: Asking) -> Answer:
    step = asking.asked.inputs.get("step")
    answers = asking.answers_to([step]) if isinstance(step, str) else []
    if not answers:
        raise asking.misused("step 应为已经办理过的一步的编号")
    return answers[-1][0]


def _unit(asking: Asking) -> str:
    unit = _code(asking, "unit", asking.pack.units)
    if unit is None:
        raise asking.misused("unit 应为拒收单位的编码")
    return unit


def _code(asking: Asking, name: str, known: Container[str]) -> str | None:
    """The code that an input gives, None for none; raises VerbMisused for one that its list does not have."""
    code = asking.asked.inputs.get(name)
    if code in (None, ""):
        return None
    if not isinstance(code, str) or code not in known:
        raise asking.misused(f"{name} 的“{code}”不在本县的表里")
    return code


def _verdict(asking: Asking, answer: Answer) -> str:
    verdict = asking.asked.inputs.get("verdict", answer.outcome)
    if not isinstance(verdict, str) or not 0 < len(verdict) <= LONGEST_VERDICT:
        raise asking.misused(f"verdict 应为 1 至 {LONGEST_VERDICT} 个字的键")
    return verdict


def _reason(asking: Asking, answer: Answer) -> str | None:
    """What was filled in under the key that the input names; None when it was left empty or not asked for."""
    field = asking.asked.inputs.get("reason_field")
    if field is not None and field not in asking.pack.forms[answer.form].inputs:
        raise asking.misused(f"reason_field 应为表单 {answer.form} 中的一项")
    reason = answer.answers.get(str(field))
    return str(reason) if reason else None
