"""The printed list of what a service task may ask for: one verb, one file. A diagram names a verb, never code.

A verb runs in the transaction of the step that asked for it, before the step is written, and only writes our own rows;
what leaves the house goes through the outbox (processes.outbox). When it fails the step is written without it, and it
is tried again by the rule on the step (processes.follow).
"""

from __future__ import annotations

from collections.abc import Mapping

from processes.verbs.asking import Asking, BusinessError, Verb
from processes.verbs.assign_number import assign_number
from processes.verbs.notify_units import UNKNOWN_UNIT, notify_units
from processes.verbs.record_ratings import record_ratings
from processes.verbs.send_text import send_text

VERBS: Mapping[str, Verb] = {
    "assign_number": Verb(assign_number),
    "notify_units": Verb(notify_units, frozenset({UNKNOWN_UNIT})),
    "record_ratings": Verb(record_ratings),
    "send_text": Verb(send_text, frozenset({UNKNOWN_UNIT})),
}

__all__ = ["VERBS", "Asking", "BusinessError", "Verb"]
