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
from processes.verbs.change_duty import change_duty
from processes.verbs.draw_candidates import NOT_PUBLISHED, draw_candidates
from processes.verbs.draw_figures import draw_figures
from processes.verbs.exclude_case import NOT_COUNTED, exclude_case
from processes.verbs.look_up_matter import look_up_matter, look_up_told
from processes.verbs.merge_matter import NOT_AWAITING, merge_matter, merge_told
from processes.verbs.moving import Move, Moving
from processes.verbs.notify_units import UNKNOWN_UNIT, notify_units
from processes.verbs.publish_assessment import publish_assessment
from processes.verbs.publish_case import publish_case
from processes.verbs.rate_by_rule import rate_by_rule
from processes.verbs.record_answer import record_answer
from processes.verbs.record_commended import record_commended
from processes.verbs.record_ratings import record_ratings
from processes.verbs.record_verdict import record_verdict
from processes.verbs.send_message import UNKNOWN_EXCHANGE, send_message
from processes.verbs.send_text import send_text
from processes.verbs.withdraw_case import withdraw_case
from processes.verbs.withdraw_instance import withdraw_instance
from processes.verbs.write_letter import write_letter

_NOT_THERE = frozenset({NotRunning.code, SeveralRunning.code})

VERBS: Mapping[str, Verb | Move] = {
    "add_instance": Move(add_instance, _NOT_THERE | {AlreadyRunning.code}),
    "assign_number": Verb(assign_number),
    "change_duty": Verb(change_duty),
    "draw_candidates": Verb(draw_candidates, frozenset({NOT_PUBLISHED})),
    "draw_figures": Verb(draw_figures),
    "exclude_case": Verb(exclude_case, frozenset({NOT_COUNTED})),
    "chain_matters": Verb(chain_matters),
    "look_up_matter": Verb(look_up_matter, told=look_up_told),
    "merge_matter": Verb(merge_matter, frozenset({NOT_AWAITING}), merge_told),
    "notify_units": Verb(notify_units, frozenset({UNKNOWN_UNIT})),
    "publish_assessment": Verb(publish_assessment),
    "publish_case": Verb(publish_case),
    "record_commended": Verb(record_commended),
    "rate_by_rule": Verb(rate_by_rule),
    "record_answer": Verb(record_answer),
    "record_ratings": Verb(record_ratings),
    "record_verdict": Verb(record_verdict),
    "send_message": Verb(send_message, frozenset({UNKNOWN_EXCHANGE})),
    "send_text": Verb(send_text, frozenset({UNKNOWN_UNIT})),
    "withdraw_case": Verb(withdraw_case),
    "withdraw_instance": Move(withdraw_instance, _NOT_THERE),
    "write_letter": Verb(write_letter),
}

__all__ = ["VERBS", "Asking", "BusinessError", "Move", "Moving", "Verb"]
