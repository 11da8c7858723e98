"""`send_text`: a text message to units, in the county's own words, through its SMS gateway."""

from __future__ import annotations

from processes.outbox import put_out
from processes.verbs.asking import Asking
from processes.verbs.notify_units import texts_for


def send_text(asking: Asking) -> None:
    """Inputs as of `notify_units`. The gateway gets unit, text and the matter's number; it knows whom to ring.

    Business error `unknown_unit`: a code that is not in units.csv.
    """
    kind, texts = texts_for(asking)
    for unit, text in texts.items():
        content = {"county": asking.case.county, "unit": unit, "kind": kind, "text": text}
        put_out(asking.session, asking.case, "sms", f"{asking.asked.key}:{unit}", content, asking.act.at)
