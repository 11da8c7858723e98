"""`look_up_matter`: what another matter is called, for those who have to decide about it and may not see it."""

from __future__ import annotations

from engine.step import Asked
from processes.forms import Cases
from processes.tables import MatterRow
from processes.verbs.asking import Asking, Result, misused


def look_up_matter(asking: Asking) -> Result:
    """Inputs: `case`, the id of a matter. Gives its `number`, `subject` and `township` (a name)."""
    matter = asking.session.get(MatterRow, (asking.case.county, named_case(asking.asked)))
    if matter is None:
        raise asking.misused("case 应为本县一件事项的编号（case id）")
    return {
        "number": matter.number or "",
        "subject": matter.title,
        "township": asking.pack.unit_name(matter.unit),
    }


def look_up_told(asked: Asked, name: str, cases: Cases) -> Result:
    """The same in a story, where a case has a name and nothing else."""
    return {"number": "", "subject": named_case(asked), "township": ""}


def named_case(asked: Asked) -> str:
    """The id that the input `case` gives; raises VerbMisused."""
    case = asked.inputs.get("case")
    if not isinstance(case, str) or not case:
        raise misused(asked, "case 应为事项的编号（case id）")
    return case
