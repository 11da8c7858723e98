"""`notify_units`: a notice to each named unit, in the county's own words (words.toml, `notices`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from engine.time import Teller
from processes.notices import write_notices
from processes.tables import MatterRow
from processes.verbs.asking import Asking, BusinessError

UNKNOWN_UNIT = "unknown_unit"
LONGEST_KEY = 60


def notify_units(asking: Asking) -> None:
    """Inputs: `units` (list of unit codes), `text` (key below `notices` in words.toml), any others fill its {gaps}.

    Business error `unknown_unit`: a code that is not in units.csv.
    """
    kind, texts = texts_for(asking)
    write_notices(asking.session, asking.case.county, asking.case.case_id, kind, texts, at=asking.act.at)


def texts_for(asking: Asking) -> tuple[str, dict[str, str]]:
    """The key of the text in words.toml, and what each unit is told; raises VerbMisused, BusinessError."""
    units = asking.asked.inputs.get("units")
    kind = str(asking.asked.inputs.get("text", ""))
    text = asking.pack.word("notices", kind, "text")
    if not isinstance(units, list) or not text or len(kind) > LONGEST_KEY:
        raise asking.misused(
            f"units 应为单位编码的列表，text 应为 words.toml 中 notices 下的一个键，不超过 {LONGEST_KEY} 个字"
        )
    strangers = [str(unit) for unit in units if unit not in asking.pack.units]
    if strangers:
        raise BusinessError(UNKNOWN_UNIT, f"没有编码为 {'、'.join(strangers)} 的单位")
    matter = asking.session.get_one(MatterRow, (asking.case.county, asking.case.case_id))
    known = {
        "number": matter.number or "",
        "subject": matter.title,
        "township": asking.pack.unit_name(matter.unit),
        **{key: _said(value, asking.act.at) for key, value in asking.asked.inputs.items()},
    }
    texts = {
        str(unit): text.format_map(defaultdict(str, {**known, "unit": asking.pack.unit_name(str(unit))}))
        for unit in units
    }
    return kind, texts


def _said(value: object, now: datetime) -> str:
    """A value as people say it: dates as 9月24日（周四）, moments with their time."""
    if isinstance(value, datetime):
        return Teller(now).instant(value)
    return Teller(now).day(value) if isinstance(value, date) else str(value)
