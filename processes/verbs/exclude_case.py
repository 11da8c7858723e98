"""`exclude_case`: an assessment no longer counts a case (剔除), and the reason stands beside the figures (DC-13)."""

from __future__ import annotations

from processes.assessment.drawing import exclude, find_counted
from processes.verbs.asking import Asking, BusinessError

NOT_COUNTED = "not_counted"


def exclude_case(asking: Asking) -> None:
    """Inputs: `number` of the matter, `unit` that appealed, `reason`. The next `draw_figures` leaves the case out.

    Business error `not_counted`: the assessment's last sheet counts no case of this number for this unit.
    """
    number, unit, reason = (str(asking.asked.inputs.get(name) or "").strip() for name in ("number", "unit", "reason"))
    if not reason or unit not in asking.pack.units:
        raise asking.misused("unit 应为单位编码，reason 应为剔除的理由")
    here = (asking.session, asking.case.county, asking.case.case_id)
    excluded = find_counted(*here, unit, number)
    if excluded is None:
        raise BusinessError(NOT_COUNTED, f"{asking.pack.unit_name(unit)}没有计入编号为“{number}”的件")
    by = asking.act.by or ""
    exclude(*here, excluded=excluded, number=number, unit=unit, reason=reason, by=by, at=asking.act.at)
