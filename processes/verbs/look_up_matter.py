"""`look_up_matter`: what another matter is called that waits for a message, for those who have to decide about it."""

from __future__ import annotations

from sqlalchemy import and_, select

from engine.step import Asked
from engine.store.tables_messages import WaitRow
from processes.forms import Cases
from processes.tables import MatterRow
from processes.verbs.asking import Asking, BusinessError, Result, misused

NOT_AWAITING = "not_awaiting"


def look_up_matter(asking: Asking) -> Result:
    """Inputs: `case`, the id of a matter; `message`, which it must await. Gives its `number`, `subject`, `township`.

    Business error `not_awaiting`: it has gone on or ended, was never a matter that awaits this, or is this one itself.
    """
    matter = awaiting_matter(asking)
    return {
        "number": matter.number or "",
        "subject": matter.title,
        "township": asking.pack.unit_name(matter.unit),
    }


def look_up_told(asked: Asked, name: str, cases: Cases) -> Result:
    """The same in a story, where a case has a name and nothing else."""
    return {"number": "", "subject": awaiting_told(asked, name, cases), "township": ""}


def awaiting_matter(asking: Asking) -> MatterRow:
    """The matter that the inputs name, which waits for their message under its own id; raises BusinessError."""
    case, message = _inputs(asking.asked)
    of_case = and_(MatterRow.county == WaitRow.county, MatterRow.case_id == WaitRow.case_id)
    waiting = (WaitRow.county == asking.case.county, WaitRow.kind == "message", WaitRow.name == message)
    asked = select(MatterRow).join(WaitRow, of_case).where(*waiting, WaitRow.case_id == case, WaitRow.key == case)
    found = asking.session.scalars(asked).first() if case != asking.case.case_id else None
    if found is None:
        raise _gone(message)
    return found


def awaiting_told(asked: Asked, name: str, cases: Cases) -> str:
    """The same in a story: the name of the case that the inputs name; raises BusinessError."""
    case, message = _inputs(asked)
    if case == name or case not in [option.value for option in cases.awaiting(message)]:
        raise _gone(message)
    return case


def _inputs(asked: Asked) -> tuple[str, str]:
    case, message = asked.inputs.get("case"), asked.inputs.get("message")
    if not isinstance(case, str) or not isinstance(message, str) or not message:
        raise misused(asked, "case 应为事项的编号（case id），message 应为它在等的消息")
    return case, message


def _gone(message: str) -> BusinessError:
    return BusinessError(NOT_AWAITING, f"那件事已经不在等消息“{message}”")
