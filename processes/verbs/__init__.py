"""The printed list of what a service task may ask for: one verb, one file. A diagram names a verb, never code.

A verb runs in the transaction of the step that asked for it, before the step is written, and only writes our own rows;
what leaves the house goes through the outbox (processes.outbox). When it fails the step is written without it, and it
is tried again by the rule on the step (processes.follow). A *move* is a verb that writes nothing and moves its own case
instead (processes.moves), in a story too.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.run import AlreadyRunning, NotRunning, SeveralRunning
from processes.verbs.add_instance import add_instance
from processes.verbs.asking import Asking, BusinessError, Verb
from processes.verbs.assign_number import assign_number
from processes.verbs.chain_matters import chain_matters
from processes.verbs.moving import Move, Moving
from processes.verbs.notify_units import UNKNOWN_UNIT, notify_units
from processes.verbs.record_ratings import record_ratings
from processes.verbs.record_verdict import record_verdict
from processes.verbs.send_text import send_text
from processes.verbs.withdraw_instance import withdraw_instance
from processes.verbs.write_letter import write_letter

_NOT_THERE = frozenset({NotRunning.code, SeveralRunning.code})

VERBS: Mapping[str, Verb | Move] = {
    "add_instance": Move(add_instance, _NOT_THERE | {AlreadyRunning.code}),
    "assign_number": Verb(assign_number),
    "chain_matters": Verb(chain_matters),
    "notify_units": Verb(notify_units, frozenset({UNKNOWN_UNIT})),
    "record_ratings": Verb(record_ratings),
    "record_verdict": Verb(record_verdict),
    "send_text": Verb(send_text, frozenset({UNKNOWN_UNIT})),
    "withdraw_instance": Move(withdraw_instance, _NOT_THERE),
    "write_letter": Verb(write_letter),
}

__all__ = ["VERBS", "Asking", "BusinessError", "Move", "Moving", "Verb"]
