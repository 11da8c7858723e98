"""`draw_figures`: draws the sheet of an assessment from the county's closed cases (DC-13), by its assessment.toml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from processes.assessment.drawing import Drawing, draw_sheet
from processes.assessment.gather import Span
from processes.assessment.read import rules_in
from processes.assessment.rules import Rules
from processes.toml_tables import RulesUnreadable
from processes.verbs.asking import Asking


def draw_figures(asking: Asking) -> Mapping[str, object]:
    """Inputs: `period` (a key below `periods`), `first_day`, `last_day` (both included), `appeals_until`; `units`, a
    list of unit codes, or an empty one for all that took part. Each asking draws a sheet of its own.

    Gives back `units`: those on the sheet, the best first.
    """
    rules = _rules(asking)
    inputs = asking.asked.inputs
    period, units = inputs.get("period"), inputs.get("units") or []
    if period not in rules.periods:
        raise asking.misused(f"period 应为 assessment.toml 中 periods 下的一个键，不是“{period}”")
    if not isinstance(units, list) or any(unit not in asking.pack.units for unit in units):
        raise asking.misused("units 应为单位编码的列表")
    span = Span(_day(asking, "first_day"), _day(asking, "last_day"))
    if span.first > span.last:
        raise asking.misused("last_day 不能早于 first_day")
    of_case = (asking.case.case_id, asking.asked.key, str(period), span)
    drawing = Drawing(*of_case, _day(asking, "appeals_until"), tuple(dict.fromkeys(units)), asking.act.at)
    return {"units": draw_sheet(asking.session, asking.pack, rules, drawing)}


def _rules(asking: Asking) -> Rules:
    try:
        rules = rules_in(asking.pack.files)
    except RulesUnreadable as error:
        raise asking.misused(f"assessment.toml 不能用：{error}") from error
    if rules is None:
        raise asking.misused("本县文件夹里没有 assessment.toml")
    return rules


def _day(asking: Asking, name: str) -> date:
    value = asking.asked.inputs.get(name)
    if not isinstance(value, date):
        raise asking.misused(f"{name} 应为日期")
    return value
