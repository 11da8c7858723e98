"""`change_duty`: an accepted change of the duty list makes its next version (DC-14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from processes.answers import Answer
from processes.duty_changes import KINDS, next_code
from processes.tables import CountyRow, DutyChangeRow
from processes.verbs.asking import Asking


def change_duty(asking: Asking) -> Mapping[str, object]:
    """Inputs: `step`, whose last answer proposes the change (`change`: add, amend or remove; `duty_item`; `item_text`,
    `item_lead`, `townships_own`, `legal_basis`, `keywords`), and `decided`, whose last answer accepts it (`reason`).

    Gives back `version` and the item's `code`. Asked twice, it changes once.
    """
    session, county = asking.session, asking.case.county
    known = session.get(DutyChangeRow, (county, asking.asked.key))
    if known is None:
        proposed, decided = _last(asking, "step"), _last(asking, "decided")
        row = session.get_one(CountyRow, county, with_for_update=True)  # versions are counted one after the other
        known = DutyChangeRow(**_change(asking, proposed.answers), **_taken(asking, decided))
        row.notices += 1
        session.add(known)
    return {"version": known.version, "code": known.code}


def _last(asking: Asking, name: str) -> Answer:
    step = asking.asked.inputs.get(name)
    answers = asking.answers_to([step]) if isinstance(step, str) else []
    if not answers:
        raise asking.misused(f"{name} 应为已经办理过的一步的编号")
    return answers[-1][0]


def _change(asking: Asking, told: Mapping[str, Any]) -> dict[str, Any]:
    kind, lead = told.get("change"), told.get("item_lead") or ""
    if kind not in KINDS:
        raise asking.misused(f"change 应为 {'、'.join(KINDS)} 之一")
    if lead and lead not in asking.pack.units:
        raise asking.misused(f"item_lead 的“{lead}”不在 units.csv 里")
    of_county = select(DutyChangeRow.code).where(DutyChangeRow.county == asking.case.county)
    codes = [*asking.session.scalars(of_county)]
    code = next_code((*asking.pack.duties, *codes)) if kind == "add" else told.get("duty_item")
    if not isinstance(code, str) or (kind != "add" and code not in (*asking.pack.duties, *codes)):
        raise asking.misused(f"duty_item 的“{code}”不在事项清单里")
    return {
        "version": len(codes) + 1,
        "kind": kind,
        "code": code,
        "item": told.get("item_text") or "",
        "lead": lead,
        "is_townships_own": bool(told.get("townships_own")),
        "legal_basis": told.get("legal_basis") or "",
        "keywords": told.get("keywords") or "",
    }


def _taken(asking: Asking, decided: Answer) -> dict[str, Any]:
    reason = str(decided.answers.get("reason") or "")
    case = {"county": asking.case.county, "key": asking.asked.key, "case_id": asking.case.case_id}
    return {**case, "reason": reason, "by": decided.by, "at": decided.at}
