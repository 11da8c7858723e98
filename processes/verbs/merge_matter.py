"""`merge_matter`: this matter goes on within another that is running (DC-3); whether it still may is asked anew."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import Rejected
from engine.step import Asked
from engine.store.rows import add_rows
from engine.store.tables_messages import WaitRow
from processes.forms import Cases
from processes.tables import MatterRow
from processes.tables_merging import MergedRow
from processes.verbs.asking import Asking, BusinessError, Result, misused
from processes.verbs.look_up_matter import named_case

NOT_AWAITING = "not_awaiting"


class MergedAlready(Rejected):
    """A matter is merged once."""

    code = "merged_already"
    message = "这件事已经并入别的事项，不能再并一次。"
    advice = "请打开这件事，看它并入了哪一件。"


def merge_matter(asking: Asking) -> Result:
    """Inputs: `case`, the id of the matter that takes this one in; `message`, which it must await under its own id.
    Gives `matter` (case, number, subject, unit): what the message to it may carry, which the diagram sends.

    Business error `not_awaiting`: it has gone on or ended, awaits no such message, or is this matter itself; then
    nothing is written.
    """
    into, county, case_id = named_case(asking.asked), asking.case.county, asking.case.case_id
    waiting = (WaitRow.county == county, WaitRow.case_id == into, WaitRow.kind == "message", WaitRow.key == into)
    found = asking.session.scalar(select(WaitRow.case_id).where(*waiting, WaitRow.name == _message(asking.asked)))
    _refuse_unless(found is not None and into != case_id)
    if asking.session.get(MergedRow, (county, case_id)) is not None:
        raise MergedAlready
    row = {"county": county, "case_id": case_id, "into_id": into, "at": asking.act.at}
    add_rows(asking.session, MergedRow, [row])
    own = asking.session.get_one(MatterRow, (county, case_id))
    return {"matter": {"case": case_id, "number": own.number or "", "subject": own.title, "unit": own.unit}}


def merge_told(asked: Asked, name: str, cases: Cases) -> Result:
    """The same in a story, where a case's name stands for its id."""
    into, waiting = named_case(asked), cases.awaiting(_message(asked))
    _refuse_unless(into != name and into in [option.value for option in waiting])
    return {"matter": {"case": name, "number": "", "subject": name, "unit": ""}}


def _message(asked: Asked) -> str:
    message = asked.inputs.get("message")
    if not isinstance(message, str) or not message:
        raise misused(asked, "message 应为接收的事项在等的消息")
    return message


def _refuse_unless(it_awaits: bool) -> None:
    if not it_awaits:
        raise BusinessError(NOT_AWAITING, "拟接收的事项已经办完、了结，或者不接收并案")
