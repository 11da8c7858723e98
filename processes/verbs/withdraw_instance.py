"""`withdraw_instance`: one unit stops while the others work (撤回一个)."""

from __future__ import annotations

from engine.run import withdraw
from engine.step import Step
from processes.verbs.moving import Moving, change


def withdraw_instance(moving: Moving) -> Step:
    """Inputs as of `add_instance`. Its open tasks are withdrawn; when it was the last, the activity is done.

    Business errors: `not_running`: the activity does not run, or not for this item; `several_running`.
    """
    return change(moving, withdraw)
