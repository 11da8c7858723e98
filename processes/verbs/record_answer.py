"""`record_answer`: what a rated unit says to its rating is kept beside the scores (DC-11), once."""

from __future__ import annotations

from sqlalchemy import update

from processes.tables import RatingRow
from processes.verbs.asking import Asking


def record_answer(asking: Asking) -> None:
    """Inputs: `step`, at which units answer; `unit`, which of them; `field`, the field of the form that has its words.

    Scores that have been answered already keep the first answer.
    """
    step, unit, field = (asking.asked.inputs.get(name) for name in ("step", "unit", "field"))
    if not all(isinstance(each, str) and each for each in (step, unit, field)):
        raise asking.misused("step 应为说明的步骤，unit 应为单位编码，field 应为表单里的一项")
    given = [
        answer.answers.get(str(field))
        for answer, task in asking.answers_to([str(step)])
        if unit == (task.process_values.get("unit") or task.groups[0][1])
    ]
    said = next((text for text in reversed(given) if isinstance(text, str)), None)
    here = (RatingRow.county == asking.case.county, RatingRow.case_id == asking.case.case_id)
    theirs = (RatingRow.unit == unit, RatingRow.answer.is_(None))
    asking.session.execute(update(RatingRow).where(*here, *theirs).values(answer=said))
