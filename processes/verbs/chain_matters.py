"""`chain_matters`: an order is chained to the matters it is about (DC-12), and says on which rung it stands."""

from __future__ import annotations

from sqlalchemy import select, update

from engine.store.rows import add_rows
from processes.tables import MatterRow
from processes.tables_supervision import ChainedRow
from processes.verbs.asking import Asking

LONGEST_WORD = 60


def chain_matters(asking: Asking) -> None:
    """Inputs: `matters`, a list of case ids; `unit` that is called to account; `ground` and `rung`, the county's words.

    Asked again, as on the next rung, only the rung changes: since when it is chained stays. Matters that are gone by
    now are left out.
    """
    county, order = asking.case.county, asking.case.case_id
    rung, of_order = _word(asking, "rung"), (ChainedRow.county == county, ChainedRow.order_id == order)
    there = set(asking.session.scalars(select(ChainedRow.matter_id).where(*of_order)))
    if there:
        asking.session.execute(update(ChainedRow).where(*of_order).values(rung=rung))
    told = {"ground": _word(asking, "ground"), "unit": _unit(asking), "rung": rung, "at": asking.act.at}
    fresh = [each for each in _matters(asking) if each not in there]
    rows = [{"county": county, "order_id": order, "matter_id": matter, **told} for matter in fresh]
    add_rows(asking.session, ChainedRow, rows)


def _matters(asking: Asking) -> list[str]:
    wanted = asking.asked.inputs.get("matters")
    if not isinstance(wanted, list) or not all(isinstance(each, str) for each in wanted):
        raise asking.misused("matters 应为事项编号（case id）的列表")
    known = select(MatterRow.case_id).where(MatterRow.county == asking.case.county, MatterRow.case_id.in_(wanted))
    there = set(asking.session.scalars(known))
    return [each for each in dict.fromkeys(wanted) if each in there]


def _word(asking: Asking, name: str) -> str:
    word = asking.asked.inputs.get(name)
    if not isinstance(word, str) or not 0 < len(word) <= LONGEST_WORD:
        raise asking.misused(f"{name} 应为不超过 {LONGEST_WORD} 个字的文字")
    return word


def _unit(asking: Asking) -> str:
    unit = asking.asked.inputs.get("unit")
    if not isinstance(unit, str) or unit not in asking.pack.units:
        raise asking.misused("unit 应为被督办单位的编码")
    return unit
