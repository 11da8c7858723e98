"""`notify_units`: a notice to each named unit, in the county's own words (words.toml, `notices`)."""

from __future__ import annotations

from collections import defaultdict
from uuid import uuid4

from sqlalchemy import insert

from processes.tables import MatterRow, NoticeRow
from processes.verbs.asking import Asking


def notify_units(asking: Asking) -> None:
    """Inputs: `units` (list of unit codes), `text` (key below `notices` in words.toml), any others fill its {gaps}."""
    units = asking.asked.inputs.get("units")
    kind = str(asking.asked.inputs.get("text", ""))
    text = asking.pack.word("notices", kind, "text")
    if not isinstance(units, list) or not text:
        raise asking.misused("units 应为单位编码的列表，text 应为 words.toml 中 notices 下的一个键")
    matter = asking.session.get_one(MatterRow, (asking.case.county, asking.case.case_id))
    known = {
        "number": matter.number or "",
        "subject": matter.title,
        "township": asking.pack.unit_name(matter.unit),
        **{key: str(value) for key, value in asking.asked.inputs.items()},
    }
    rows = [
        {
            "county": asking.case.county,
            "id": uuid4().hex,
            "unit": str(unit),
            "case_id": asking.case.case_id,
            "kind": kind,
            "text": text.format_map(defaultdict(str, {**known, "unit": asking.pack.unit_name(str(unit))})),
            "at": asking.act.at,
        }
        for unit in units
    ]
    if rows:
        asking.session.execute(insert(NoticeRow), rows)
