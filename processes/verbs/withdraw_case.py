"""`withdraw_case`: a typical case no longer stands in the knowledge pages; who took it down and why is kept (DC-15)."""

from __future__ import annotations

from processes.personal import case_in
from processes.tables_knowledge import TypicalCaseRow
from processes.verbs.asking import Asking


def withdraw_case(asking: Asking) -> None:
    """Inputs: `former`, the case that published it; `step`, whose last answer says why (`reason`).

    One that was withdrawn before stays as it was.
    """
    former, step = case_in(asking.asked.inputs.get("former")), asking.asked.inputs.get("step")
    key = (asking.case.county, former)
    row = asking.session.get(TypicalCaseRow, key, with_for_update=True) if isinstance(former, str) else None
    answers = asking.answers_to([step]) if isinstance(step, str) else []
    if row is None or not answers:
        raise asking.misused("former 应为公布典型案例的一件，step 应为写明理由的一步")
    if row.withdrawn_at is None:
        answer = answers[-1][0]
        row.withdrawn_at, row.withdrawn_by = asking.act.at, answer.by
        row.why_withdrawn = str(answer.answers.get("reason") or "")
        asking.session.flush()
