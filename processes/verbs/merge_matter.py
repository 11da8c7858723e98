"""`merge_matter`: this matter goes on within another that is running (DC-3); whether it still may is asked anew."""

from __future__ import annotations

from engine.errors import Rejected
from engine.step import Asked
from engine.store.rows import add_rows
from processes.forms import Cases
from processes.tables import MatterRow
from processes.tables_merging import MergedRow
from processes.verbs.asking import Asking, Result
from processes.verbs.look_up_matter import awaiting_matter, awaiting_told


class MergedAlready(Rejected):
    """A matter is merged once."""

    code = "merged_already"
    message = "这件事已经并入别的事项，不能再并一次。"


def merge_matter(asking: Asking) -> Result:
    """Inputs as `look_up_matter`: the matter that takes this one in. Gives `matter`, what the message to it may carry.

    Business error `not_awaiting` as there: then nothing is written. The diagram tells the other by that message.
    """
    into, county, case_id = awaiting_matter(asking), asking.case.county, asking.case.case_id
    if asking.session.get(MergedRow, (county, case_id)) is not None:
        raise MergedAlready
    row = {"county": county, "case_id": case_id, "into_id": into.case_id, "at": asking.act.at}
    add_rows(asking.session, MergedRow, [row])
    own = asking.session.get_one(MatterRow, (county, case_id))
    return {"matter": {"case": case_id, "number": own.number or "", "subject": own.title, "unit": own.unit}}


def merge_told(asked: Asked, name: str, cases: Cases) -> Result:
    """The same in a story."""
    awaiting_told(asked, name, cases)
    return {"matter": {"case": name, "number": "", "subject": name, "unit": ""}}
