"""`publish_case`: a typical case stands in the knowledge pages from now on, open to everybody (DC-15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.ids import is_id
from engine.store.rows import add_rows
from processes.answers import Answer
from processes.forms import Form
from processes.personal import case_in
from processes.tables import MatterRow
from processes.tables_knowledge import TypicalCaseRow
from processes.verbs.asking import Asking

LONGEST_WORDS = 60


def publish_case(asking: Asking) -> None:
    """Inputs: `step`, whose last answer is the text; `parts`, the fields that make it up, in their order; `title`,
    `category` and `item`, the fields that say what it is called and where it belongs; `former`, the matter it tells
    of; `lead`, the unit that did it, or none. Asked twice, it publishes once.
    """
    key = (asking.case.county, asking.case.case_id)
    if asking.session.get(TypicalCaseRow, key) is not None:
        return
    step = asking.asked.inputs.get("step")
    answers = asking.answers_to([step]) if isinstance(step, str) else []
    if not answers:
        raise asking.misused("step 应为写定文字的一步的编号")
    matter = asking.session.get_one(MatterRow, key)
    here = {"county": key[0], "case_id": key[1], "number": matter.number or "", "unit": matter.unit}
    published = {"published_at": asking.act.at, "published_by": asking.act.by or "", "why_withdrawn": ""}
    row = {**here, **_text(asking, answers[-1][0]), **_about(asking), **published}
    units = [asking.pack.unit_name(unit) for unit in (row["unit"], row["lead"]) if unit]
    add_rows(asking.session, TypicalCaseRow, [{**row, "text": "\n".join([row["text"], *units])}])


def _text(asking: Asking, answer: Answer) -> dict[str, Any]:
    """The text as it will be read, with the headings of its form."""
    form, inputs = asking.pack.forms[answer.form], asking.asked.inputs
    wanted = inputs.get("parts")
    fields = wanted if isinstance(wanted, list) else []
    if not fields or any(field not in form.inputs for field in fields):
        raise asking.misused("parts 应为那张表单上若干填写项的列表")
    parts = [[form.inputs[field].label, str(answer.answers[field])] for field in fields if field in answer.answers]
    title = str(answer.answers.get(str(inputs.get("title"))) or "")
    category = _words(asking, form, answer.answers, str(inputs.get("category")))
    item = str(answer.answers.get(str(inputs.get("item"))) or "")
    text = "\n".join([title, category, *(said for _, said in parts)])
    return {"title": title, "category": category, "item": item, "parts": parts, "text": text}


def _words(asking: Asking, form: Form, answers: Mapping[str, Any], field: str) -> str:
    chosen = answers.get(field)
    if chosen is None or field not in form.inputs:
        return ""
    return asking.pack.lists.label(form.inputs[field], chosen)[:LONGEST_WORDS]


def _about(asking: Asking) -> dict[str, Any]:
    former, lead = case_in(asking.asked.inputs.get("former")), asking.asked.inputs.get("lead")
    if former is not None and not (isinstance(former, str) and is_id(former)):
        raise asking.misused("former 应为一件的编号（former）")
    return {"former_id": former, "lead": lead if isinstance(lead, str) and lead in asking.pack.units else ""}
