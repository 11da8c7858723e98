"""The printed list of what a service task may ask for: one verb, one file. A diagram names a verb, never code.

A verb runs in the transaction of the step that asked for it and only writes our own rows; what leaves the house will
go through an outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from processes.verbs.asking import Asking
from processes.verbs.assign_number import assign_number
from processes.verbs.notify_units import notify_units
from processes.verbs.record_ratings import record_ratings

VERBS: Mapping[str, Callable[[Asking], None]] = {
    "assign_number": assign_number,
    "notify_units": notify_units,
    "record_ratings": record_ratings,
}

__all__ = ["VERBS", "Asking"]
